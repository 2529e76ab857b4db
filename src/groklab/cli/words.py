"""Numbers in words, and where they are printed."""

from typing import Any

from rich.console import Console


def number(value: Any) -> str:
    """Write a step or another number; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


def wide(console: Console) -> Console:
    """Return a console that does not fold names when its output goes to a file or another program."""
    return console if console.is_terminal else Console(width=200)
