"""Files in an archive, read where they are: nothing is unpacked to disk."""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

from groklab.data.files import BROKEN, content
from groklab.errors import DataDamaged


def members(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of every plain file of a tar archive. Raises `DataDamaged`."""
    try:
        with tarfile.open(fileobj=io.BytesIO(content(path))) as archive:
            for member in archive:
                file = archive.extractfile(member) if member.isfile() else None
                if file is not None:
                    yield member.name, file.read()
    except (tarfile.TarError, *BROKEN) as error:
        why = str(error).partition("\n")[0].rstrip(":")
        raise DataDamaged(f"`{path}` must be a whole tar archive, got one that breaks off or is none: {why}.") from None


def text(path: Path, content: bytes) -> str:
    """Return bytes as text. Raises `DataDamaged` where they are none in UTF-8."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise DataDamaged(f"`{path}` must hold text in UTF-8, got the byte {content[error.start]:#04x}.") from None
