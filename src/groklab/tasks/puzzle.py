"""A composition table as plain text, with question marks for the cells to be guessed (Power et al. 2022, figure 1)."""

import numpy as np
from jaxtyping import Bool

from groklab.errors import InvalidSetting
from groklab.tasks.cells import ABSENT, UNKNOWN, Cells

LIMIT = 20


def render(cells: Cells, withheld: Bool[np.ndarray, "left right"] | None = None, limit: int = LIMIT) -> str:
    """Return the table as aligned text; unknown and withheld cells read `?`, undefined ones are blank.

    Of a larger table the first `limit` rows and columns are shown, and a last line counts the rest.
    """
    if limit < 1:
        raise InvalidSetting(f"`limit` must be at least 1, got {limit}.")
    hidden = np.zeros(cells.values.shape, bool) if withheld is None else withheld
    if hidden.shape != cells.values.shape:
        raise InvalidSetting(f"`withheld` must have the shape {cells.values.shape} of the table, got {hidden.shape}.")
    shown = np.where(hidden & (cells.values != ABSENT), UNKNOWN, cells.values)[:limit, :limit]
    words = {UNKNOWN: "?", ABSENT: ""}
    body = [[words[at] if at < 0 else cells.answers[at] for at in row] for row in shown.tolist()]
    grid = [[cells.sign, *cells.right[:limit]]]
    grid += [[symbol, *row] for symbol, row in zip(cells.left[:limit], body, strict=True)]
    return "\n".join([*_aligned(grid), *_left_out(cells, limit)])


def _aligned(grid: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*grid, strict=True)]
    padded = [[text.rjust(width) for text, width in zip(row, widths, strict=True)] for row in grid]
    lines = [f"{row[0]} | {' '.join(row[1:])}".rstrip() for row in padded]
    rule = "-" * (widths[0] + 1) + "+" + "-" * (sum(widths[1:]) + len(widths) - 1)
    return [lines[0], rule, *lines[1:]]


def _left_out(cells: Cells, limit: int) -> list[str]:
    counts = {"rows": len(cells.left) - limit, "columns": len(cells.right) - limit}
    words = [f"{count} more {side if count > 1 else side[:-1]}" for side, count in counts.items() if count > 0]
    return [f"... {' and '.join(words)}"] if words else []
