"""Seals: the SHA-256 of a file, written into the file itself, so that a single changed bit is told.

Being inside, a seal is there exactly when its file is, and other tools read the file as before. It is taken over the
whole file with zeros in the seal's own place.
"""

import hashlib
import re

FORM = 1  # of the files; to be counted up when older files can no longer be read
BLANK = f"groklab:{FORM}:{'0' * 64}"
ANY = re.compile(rb"groklab:(\d{1,4}):([0-9a-f]{64})")


def sealed(content: bytes) -> bytes:
    """Return a file's content, in which `BLANK` stands once, with its seal there."""
    blank = BLANK.encode()
    return content.replace(blank, _seal(content), 1)


def is_intact(content: bytes) -> bool:
    """Whether the content is as it was sealed."""
    blank = BLANK.encode()
    return any(
        _seal(content[: seal.start()] + blank + content[seal.end() :]) == seal.group() for seal in ANY.finditer(content)
    )


def is_of_another_form(content: bytes) -> bool:
    """Whether the content has a seal, but none of this form."""
    forms = {int(seal.group(1)) for seal in ANY.finditer(content)}
    return bool(forms) and FORM not in forms


def _seal(blank: bytes) -> bytes:
    return f"groklab:{FORM}:{hashlib.sha256(blank).hexdigest()}".encode()
