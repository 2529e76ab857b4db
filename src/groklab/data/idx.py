"""Arrays of bytes as MNIST is published: idx files, packed or plain."""

import math
import struct
from pathlib import Path

import numpy as np
from jaxtyping import UInt8

from groklab.data.files import content
from groklab.errors import DataDamaged

BYTES = 0x08  # the type code of unsigned bytes: the only one in which MNIST comes


def read_idx(path: Path, axes: int) -> UInt8[np.ndarray, "..."]:
    """Return the array in an idx file of unsigned bytes with some number of axes.

    The file begins with 0, 0, the type and the number of axes, then has the big-endian length of each, then the bytes.
    Raises `DataDamaged` for a file that is something else, or shorter or longer than it says.
    """
    raw = content(path)
    magic = bytes((0, 0, BYTES, axes))
    if raw[:4] != magic:
        raise DataDamaged(f"`{path}` must begin with {magic.hex()}, as idx files do, got {raw[:4].hex() or 'nothing'}.")
    start = 4 + 4 * axes
    if len(raw) < start:
        raise DataDamaged(f"`{path}` must say how long its {axes} axes are, but breaks off before.")
    shape = struct.unpack(f">{axes}I", raw[4:start])
    if len(raw) - start != math.prod(shape):
        raise DataDamaged(
            f"`{path}` must hold {' × '.join(map(str, shape))} bytes, as it says, got {len(raw) - start:,}."
        )
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape)
