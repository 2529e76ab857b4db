"""Numbers in words."""

from typing import Any


def number(value: Any) -> str:
    """Write a step or another number; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"
