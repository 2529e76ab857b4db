"""What is printed: the words of users, files and stores as they are, whatever the terminal can show."""

import errno
import os
import sys

from rich.console import Console


class Plain(Console):
    """A console that reads no markup, and leaves a reader that has left, such as `head`, to the caller."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console() -> Console:
    """Return a console that does not fold names when its output goes to a file or another program."""
    plain = Plain(markup=False, emoji=False)
    return plain if plain.is_terminal else Plain(markup=False, emoji=False, width=200)


def prepare() -> None:
    """Have signs that the terminal lacks replaced; what is written to a closed stream is dropped."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 (for as long as the process)
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def say(sentence: str) -> None:
    """Print a sentence about what went wrong."""
    print(f"groklab: {sentence}", file=sys.stderr, flush=True)


def abandon() -> None:
    """Write nothing more to standard output, not even what waits to be written."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # it is no file, as in a test
        return


def refusal_of(error: OSError) -> str:
    """Word that standard output cannot be written."""
    causes = {errno.ENOSPC: "no space is left there", errno.EBADF: "it is closed"}
    return f"`output` cannot be written: {causes.get(error.errno or 0, (error.strerror or str(error)).lower())}."
