"""Which recorded numbers a tracker gets, and from columns to rows."""

from collections.abc import Collection, Sequence

import numpy as np

from groklab.columns import Columns
from groklab.tracking.base import Row

USUAL = ("train_loss", "validation_loss", "train_accuracy", "validation_accuracy")
ALL = "all"


def chosen(rows: Columns, only: Collection[str]) -> Columns:
    """Return the steps and the numbers that are asked for, as far as they were recorded."""
    is_wanted = numbers_in(rows) if ALL in only else [name for name in only if name in rows]
    return {name: rows[name] for name in ("step", *is_wanted)}


def numbers_in(rows: Columns) -> list[str]:
    """Return the names of the numbers that were recorded at each step."""
    return [name for name, values in rows.items() if name != "step" and values.dtype.kind in "biuf"]


def rows_after(step: int, tables: Sequence[Columns]) -> list[Row]:
    """Return the rows beyond a step, each step once: what a tracker has already may come again."""
    found: list[Row] = []
    for table in tables:
        names = [name for name in table if name != "step"]
        for at in np.flatnonzero(table["step"] > step):
            found.append((int(table["step"][at]), {name: float(table[name][at]) for name in names}))
        step = found[-1][0] if found else step
    return found
