"""A run's table, and what its network answered at the moments of which every run keeps the answers."""

from typing import Any

import numpy as np

from groklab.page.entry import Entry
from groklab.page.packing import packed
from groklab.store import Columns

PREDICTIONS = "predictions."


def table(entry: Entry, milestones: dict[str, Any]) -> dict[str, Any] | None:
    """Return the cells of a run's table, their symbols, and the answers at the start, the milestones and the end.

    `truth` holds tokens, -1 where none is known; `row` the example of each cell, -1 where there is none; both are given
    by row and column. None of a run that learns no table.
    """
    stored = entry.run.table()
    if stored is None:
        return None
    arrays, about = stored
    return {
        "left": list(about["left"]),
        "right": list(about["right"]),
        "sign": about["sign"],
        "words": list(about["words"]),
        "truth": packed(arrays["truth"]),
        "row": packed(arrays["row"]),
        "withheld": packed(arrays["withheld"].astype(bool)),
        "answers": answers(entry, milestones),
    }


def answers(entry: Entry, milestones: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the answers that a run's checkpoint keeps, with the step of each."""
    saved = entry.run.checkpoint()
    if saved is None:
        return []
    steps = {
        "start": 0,
        "memorized": milestones.get("memorized_at"),
        "generalized": milestones.get("generalized_at"),
        "end": saved[1]["step"],
    }
    kept = {name: _kept(saved[0], name) for name in steps}
    return [
        {"step": steps[name], "answers": packed(values)}
        for name, values in kept.items()
        if values is not None and steps[name] is not None
    ]


def _kept(arrays: Columns, name: str) -> np.ndarray | None:
    found = arrays.get(PREDICTIONS + name)
    return None if found is None or not np.issubdtype(found.dtype, np.integer) else found[:, 0]
