"""Keeping the words of a tracker off the screen, where it has no setting for that."""

import contextlib
import sys
import threading
from collections.abc import Iterator
from typing import Any


class Hushed:
    """Standard output that drops what one thread writes, and hands on everything else."""

    def __init__(self, stream: Any) -> None:
        self._stream, self._thread = stream, threading.get_ident()

    def write(self, text: str) -> int:
        """Write, unless it is the thread that says nothing."""
        return len(text) if threading.get_ident() == self._thread else self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextlib.contextmanager
def hushed() -> Iterator[None]:
    """Drop what this thread prints."""
    before = sys.stdout
    ours = Hushed(before)
    sys.stdout = ours
    try:
        yield
    finally:
        if sys.stdout is ours:  # another thread may have put its own in the place
            sys.stdout = before
