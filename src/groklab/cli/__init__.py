"""The command line."""

import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

__all__ = ["leave", "main"]

SHOW_CURSOR = b"\x1b[?25h"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status: 0, 1 after an error, 130 after Ctrl-C.

    Asking for help or the version raises `SystemExit(0)`, a misuse `SystemExit(2)`. As a process of its own, it ends
    silently at Ctrl-C; only training takes it as a wish, and saves first.
    """
    if arguments is None:
        with contextlib.suppress(ValueError):  # another thread than the main one cannot
            signal.signal(signal.SIGINT, leave)  # before the imports, which take a second
    from groklab.cli.commands import run

    return run(list(sys.argv[1:] if arguments is None else arguments))


def leave(*_: object) -> NoReturn:
    """End the process at once, without a word: what it wrote is whole, and its locks end with it."""
    with contextlib.suppress(OSError, AttributeError, ValueError):
        if sys.stdout.isatty():
            os.write(sys.stdout.fileno(), SHOW_CURSOR)
    os._exit(130)
