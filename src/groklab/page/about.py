"""A run in full, but for its network: its numbers, its milestones and phases, its plan, its family."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from groklab.milestones import milestones_in
from groklab.page.entry import Entry
from groklab.page.packing import packed
from groklab.phases import NAMES, phases
from groklab.store import Columns, Run
from groklab.store.words import thresholds, unit


def about(entry: Entry, entries: Sequence[Entry]) -> dict[str, Any]:
    """Return what a run has recorded and what is known of it; raise `StoreError` where it is damaged."""
    run, plan = entry.run, entry.run.plan()
    columns = run.metrics()
    return {
        **entry.as_dict(),
        "milestones": milestones_of(run, columns),
        "phases": phases_of(columns, plan["plan"]),
        "unit": unit(run),
        "columns": numbers(columns),
        "settings": entry.settings,
        "versions": plan.get("versions", {}),
        "hardware": plan.get("hardware", {}),
        "forks": [_kin(other) for other in entries if (other.parent or {}).get("run") == run.name],
        "seeds_of_it": [_kin(other) for other in entries if other.group == entry.group and other.key != entry.key],
        "has_table": "operation" in plan["plan"]["task"],
        "snapshots": run.snapshots(),
        "python": python_of(entry),
    }


def numbers(columns: Columns) -> dict[str, Any]:
    """Return the recorded columns that are numbers, the steps among them."""
    return {name: packed(values) for name, values in columns.items() if np.asarray(values).dtype.kind in "fiub"}


def milestones_of(run: Run, columns: Columns) -> dict[str, Any]:
    """Return the milestones of a run by name, those of a run without training accuracies too: none."""
    return milestones_in(columns, **thresholds(run)).as_dict() if "train_accuracy" in columns else {}


def phases_of(columns: Columns, plan: dict[str, Any]) -> list[dict[str, Any]]:
    """Return where the phases of grokking end, of a run on residues modulo p that recorded its losses."""
    p = plan["task"].get("operation", {}).get("p")
    if p is None or not {"step", "train_loss", "validation_loss"} <= columns.keys():
        return []
    found = phases(columns["step"], columns["train_loss"], columns["validation_loss"], float(np.log(p)))
    return [{"name": word, "until": step} for word, step in zip(NAMES, found, strict=True)]


def python_of(entry: Entry) -> str:
    """Return the lines that open a run in Python."""
    place = entry.run.folder.url.rsplit("/", 1)[0]
    return (
        "import groklab as gl\n\n"
        f"run = gl.Store({place!r}).named({entry.run.name!r})\n"
        "run.metrics()  # every recorded number, by column\n"
        "plan, weights = gl.plan_of(run), gl.weights_at(run)\n"
    )


def _kin(entry: Entry) -> dict[str, Any]:
    return {"key": entry.key, "name": entry.run.name, "at": (entry.parent or {}).get("step")}
