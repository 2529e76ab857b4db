"""What a fork has from the run that it was forked from."""

import functools
import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from groklab.columns import Columns
from groklab.errors import RunDamaged, RunMissing
from groklab.runner.recorder import Recorder
from groklab.store import Run, Store
from groklab.training import Plan
from groklab.training.forks import handed_over, parent_of, trunk

STATE = ("weights.", "optimizer.")


class Parent:
    """The parent of a fork in a store, as its trunk: the run of the parent's plan up to the step of the fork."""

    def __init__(self, store: Store, plan: Plan) -> None:
        self._plan = plan
        before, parent = trunk(plan), parent_of(plan)
        assert before is not None
        assert parent is not None
        self._name = store.run(parent.task.name, parent.id).name
        self._run = store.run(before.task.name, before.id)

    def describe(self) -> dict[str, Any]:
        """Return which run it is, and what tells its bits at the fork, as JSON values."""
        saved = self._saved
        until = self._plan.before[-1].until
        return {"run": self._name, "step": saved[1]["step"] if saved else until, "bits": self._bits()}

    def hand_over(self, recorder: Recorder) -> Columns:
        """Give a fork what was recorded before it, and return the arrays of the state that it begins with."""
        saved = self._run.checkpoint()
        if saved is None:
            raise RunMissing(f"`{self._run.name}` has no checkpoint, and a fork begins with it. Run the fork again.")
        arrays, about = saved
        recorder.go_on(handed_over(self._plan, self._run.metrics()), arrays, about["step"])
        return {name: array for name, array in arrays.items() if name.startswith(STATE)}

    def changed_since(self, run: Run) -> list[str]:
        """Return in a sentence whether a fork that was begun has lost its parent, or the parent has other bits."""
        known, now = run.plan().get("parent", {}).get("bits"), self._bits()
        if now == known:
            return []
        if not now:
            return [
                f"{run.name} was forked from {self._name}, which is not in this store any more: it goes on as it is"
            ]
        return [
            f"{run.name} was forked from {self._name}, which has other bits now than it had: "
            "train the fork anew with --again"
        ]

    def _bits(self) -> str:
        """Return a hash of the state at the fork; nothing where there is none."""
        saved = self._saved
        return "" if saved is None else bits_of(saved[0])

    @functools.cached_property
    def _saved(self) -> tuple[Columns, dict[str, Any]] | None:
        try:
            return self._run.checkpoint() if self._run.is_there() else None
        except RunDamaged:
            return None


def bits_of(arrays: Mapping[str, np.ndarray]) -> str:
    """Return a hash of the weights and the optimizer's state among some arrays."""
    found = hashlib.sha256()
    for name in sorted(name for name in arrays if name.startswith(STATE)):
        found.update(name.encode() + np.ascontiguousarray(arrays[name]).tobytes())
    return found.hexdigest()[:16]
