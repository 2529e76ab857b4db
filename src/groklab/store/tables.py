"""Recorded numbers as Parquet, arrays as safetensors: bytes in, bytes out."""

import io
import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np

from groklab.errors import RunDamaged

Columns = dict[str, np.ndarray]


def to_parquet(columns: Columns) -> bytes:
    """Write columns of equal length."""
    import pyarrow
    import pyarrow.parquet

    buffer = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), buffer)
    return buffer.getvalue()


def from_parquet(content: bytes, name: str) -> Columns:
    """Read columns; raise `RunDamaged` naming the file if it is broken."""
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.read_table(pyarrow.BufferReader(content))
    except (pyarrow.ArrowException, OSError):
        raise RunDamaged(damaged(name, len(content))) from None
    return {name: table[name].to_numpy() for name in table.column_names}


def join(tables: list[Columns]) -> Columns:
    """Put tables of equal columns one below the other."""
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]} if tables else {}


def to_safetensors(arrays: Mapping[str, np.ndarray], about: Mapping[str, Any]) -> bytes:
    """Write named arrays with a few JSON values about them."""
    import safetensors.numpy

    # One entry: the format's writer does not keep the order of several.
    metadata = {"groklab": json.dumps(about, sort_keys=True)}
    return safetensors.numpy.save({name: np.asarray(array, order="C") for name, array in arrays.items()}, metadata)


def from_safetensors(content: bytes, name: str) -> tuple[Columns, dict[str, Any]]:
    """Read what `to_safetensors` wrote; raise `RunDamaged` naming the file if it is broken."""
    import safetensors
    import safetensors.numpy

    try:
        (length,) = struct.unpack("<Q", content[:8])
        header = json.loads(content[8 : 8 + length])
        about = json.loads(header["__metadata__"]["groklab"])
        return safetensors.numpy.load(content), about
    except (safetensors.SafetensorError, struct.error, ValueError, KeyError):
        raise RunDamaged(damaged(name, len(content))) from None


def damaged(name: str, size: int) -> str:
    """Word the report of a broken file."""
    return (
        f"`{name}` is damaged: it is cut short or changed ({size} bytes). "
        "Train it anew: the command that trained it, with --again. Other runs are not touched."
    )
