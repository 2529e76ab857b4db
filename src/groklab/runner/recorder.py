"""What is kept of one run while it goes, and when it is written."""

import time
from typing import Any

import numpy as np

from groklab.milestones import THRESHOLD, Milestones, has_settled, milestones
from groklab.store import Columns, Run, join
from groklab.train import Plan

PREDICTIONS = "predictions."


class Recorder:
    """Collects a run's rows, saves them with a checkpoint now and then, and finishes the run."""

    def __init__(self, plan: Plan, run: Run, saved: tuple[Columns, dict[str, Any], Columns] | None) -> None:
        self.plan, self.run = plan, run
        self.is_finished = False
        self.step, self._parts, self._written, self._seconds = -1, 0, {}, 0.0
        self._predictions: dict[str, np.ndarray] = {}
        if saved is not None:
            arrays, about, self._written = saved
            self.step, self._parts = about["step"], about["parts"]
            self._predictions = {name: arrays[name] for name in arrays if name.startswith(PREDICTIONS)}
            self._seconds = run.status().get("seconds", 0.0)
        self._rows: list[dict[str, Any]] = []
        self._saved_at = self._began = time.perf_counter()

    def record(self, step: int, numbers: dict[str, np.ndarray], predicted: np.ndarray) -> None:
        """Add a recorded step, and keep the predictions of the moments that are drawn."""
        self._rows.append({"run": self.run.id, "step": np.int64(step), **numbers})
        self.step = step
        accuracies = [("memorized", "train_accuracy"), ("generalized", "validation_accuracy")]
        crossed = [name for name, column in accuracies if numbers.get(column, 0) >= THRESHOLD]
        for name in ["start", *crossed]:
            self._predictions.setdefault(PREDICTIONS + name, predicted)
        self._predictions[PREDICTIONS + "end"] = predicted

    def should_stop(self) -> bool:
        """Whether the plan's early stop holds."""
        wanted = self.plan.record.stop_after
        return wanted > 0 and has_settled(list(self.columns().get("validation_accuracy", ())), wanted)

    def is_due(self, seconds: float) -> bool:
        """Whether the last save is longer ago than `seconds`."""
        return time.perf_counter() - self._saved_at >= seconds

    def save(self, step: int, arrays: dict[str, np.ndarray]) -> None:
        """Write what is new, with the state after `step` updates."""
        new = self._columns_of_rows()
        self._parts = self.run.save(new, arrays | self._predictions, step, self._parts, self.status())
        self._written = join([table for table in (self._written, new) if table])
        self._rows, self.step, self._saved_at = [], step, time.perf_counter()

    def finish(self, step: int, arrays: dict[str, np.ndarray]) -> None:
        """Write everything in its final form."""
        self.run.finish(self.columns(), arrays | self._predictions, step, self.status())
        self.is_finished, self.step = True, step

    def columns(self) -> Columns:
        """Return all recorded numbers so far."""
        return join([table for table in (self._written, self._columns_of_rows()) if table])

    def milestones(self) -> Milestones:
        """Return the run's milestones so far."""
        columns = self.columns()
        names = ("step", "train_accuracy", "validation_accuracy")
        return milestones(*(columns[name] if name in columns else [] for name in names))

    def status(self) -> dict[str, Any]:
        """Return what a list of runs shows."""
        columns = self.columns()
        last = {name: float(columns[name][-1]) for name in ("train_accuracy", "validation_accuracy") if name in columns}
        seconds = self._seconds + time.perf_counter() - self._began
        return {"steps": self.plan.steps, "seconds": round(seconds, 3), **last, **self.milestones().as_dict()}

    def _columns_of_rows(self) -> Columns:
        return {name: np.array([row[name] for row in self._rows]) for name in self._rows[0]} if self._rows else {}
