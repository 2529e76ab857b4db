"""Bytes of a file, be it packed or plain; what cannot be read is said in a sentence."""

import gzip
import lzma
import zlib
from pathlib import Path

from groklab.errors import DataDamaged

PACKED = {".gz": gzip.open, ".xz": lzma.open}
BROKEN = (EOFError, gzip.BadGzipFile, lzma.LZMAError, zlib.error)


def content(path: Path) -> bytes:
    """Return what is in a file, unpacked where its name ends in .gz or .xz. Raises `DataDamaged` where that fails."""
    if path.is_dir():
        raise DataDamaged(f"`{path}` must be a file, got a folder. Name the folder above it.")
    try:
        with PACKED.get(path.suffix, open)(path, "rb") as file:
            return file.read()
    except BROKEN as error:
        raise DataDamaged(f"`{path}` must be whole, got a packed file that breaks off or is none: {error}.") from None
    except OSError as error:
        raise DataDamaged(f"`{path}` must be readable: {error.strerror or error}. Check its permissions.") from None
