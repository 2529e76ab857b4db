"""MNIST: 60,000 images of handwritten digits for training and 10,000 for testing (LeCun et al. 1998)."""

import functools
import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import UInt8

from groklab.data.idx import read_idx
from groklab.data.places import found
from groklab.errors import DataDamaged

NAME = "mnist"
PARTS = {"train": 60_000, "t10k": 10_000}
# The MD5 of each packed file, as widely published, and of the bytes in it without their header, for files that are
# unpacked, or packed anew.
PACKED = {
    "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
    "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
}
CONTENT = {
    "train-images-idx3-ubyte": "6510e85a72c3e9475c492d559d3770d2",
    "train-labels-idx1-ubyte": "e86ee40d66677c011a9abda399ec8c4d",
    "t10k-images-idx3-ubyte": "240610fa99e73bfa49df8e7fc24d3206",
    "t10k-labels-idx1-ubyte": "073c3904dfbd3e141ff8aa01cfde6b15",
}
MIRRORS = ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/")
DIGITS = 10


class Images(NamedTuple):
    """Images, 0 for paper and 255 for ink, and the digits that they show."""

    pixels: UInt8[np.ndarray, "images rows columns"]
    digits: UInt8[np.ndarray, "images"]


def files() -> list[Path]:
    """Return the four files, packed or plain. Raises `DataMissing` where they are not on disk."""
    return found(NAME, list(PACKED), [name.removesuffix(".gz") for name in PACKED], is_public=True)


def images(part: str) -> Images:
    """Return the images of a part, `train` or `t10k`. Raises `DataMissing` and `DataDamaged`."""
    paths = {path.name.partition(".")[0]: path for path in files()}
    return _read(paths[f"{part}-images-idx3-ubyte"], paths[f"{part}-labels-idx1-ubyte"])


@functools.lru_cache(maxsize=4)
def _read(pixels: Path, digits: Path) -> Images:
    read = Images(read_idx(pixels, 3), read_idx(digits, 1))
    if len(read.pixels) != len(read.digits):
        raise DataDamaged(
            f"`{digits}` must have a label for each of {len(read.pixels):,} images, got {len(read.digits):,}."
        )
    if read.digits.max(initial=0) >= DIGITS:
        raise DataDamaged(f"`{digits}` must hold labels from 0 to 9, got {read.digits.max()}.")
    for path, array in zip((pixels, digits), read, strict=True):
        _check(path, array)
    return read


def _check(path: Path, array: np.ndarray) -> None:
    """Refuse what is in an idx file of MNIST's name and is not MNIST: plans that say `mnist` mean it."""
    wanted, got = CONTENT[path.name.partition(".")[0]], hashlib.md5(array.tobytes(), usedforsecurity=False).hexdigest()
    if got != wanted:
        raise DataDamaged(f"`{path}` must be that of MNIST, with the MD5 {wanted} of its bytes, got {got}.")
