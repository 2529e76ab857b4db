"""What is kept of one run while it goes, and when it is written."""

import contextlib
import time
from typing import Any

import numpy as np

from groklab.columns import Columns, join
from groklab.errors import RunDamaged
from groklab.milestones import Milestones, in_a_row_of, milestones_in
from groklab.store import Run
from groklab.training import Plan

PREDICTIONS, WEIGHTS = "predictions.", "weights."
FOLLOWED = ("step", "train_accuracy", "validation_accuracy", "train_loss")


class Recorder:
    """Collects a run's rows, saves them with a checkpoint now and then, and finishes the run."""

    def __init__(self, plan: Plan, run: Run, saved: tuple[Columns, dict[str, Any], Columns] | None) -> None:
        self.plan, self.run = plan, run
        self.is_finished, self.is_over = False, False
        self.kept = plan.record.kept(plan.steps)
        self.step, self._parts, self._seconds = -1, 0, 0.0
        self._tables: list[Columns] = []
        self._predictions: dict[str, np.ndarray] = {}
        if saved is not None:
            arrays, about, written = saved
            self.step, self._parts, self._tables = about["step"], about["parts"], [written]
            self._predictions = {name: arrays[name] for name in arrays if name.startswith(PREDICTIONS)}
            self._seconds = _seconds(run)
        self._followed = {name: list(self._tables[0].get(name, ())) if self._tables else [] for name in FOLLOWED}
        self._unsaved: list[Columns] = []
        self._began: float | None = None
        self._share, self._width = 1, 1

    def go_on(self, rows: Columns, arrays: Columns, step: int) -> None:
        """Take over what was recorded before a fork, and the predictions among the arrays of the state there."""
        self._unsaved.append({**rows, "run": np.array([self.run.id] * len(rows["step"]))})
        for name, values in self._followed.items():
            values.extend(rows.get(name, np.full(len(rows["step"]), np.nan)))
        self._predictions = {name: array for name, array in arrays.items() if name.startswith(PREDICTIONS)}
        self.step = step

    def start_clock(self, share: int, width: int) -> None:
        """Count seconds from now on, shared with others: a run may be opened long before its turn comes.

        `width` is how many runs are trained side by side in its program.
        """
        self._began, self._share, self._width = time.perf_counter(), share, width

    def stop_clock(self) -> None:
        """Keep what was counted, and count no more until the next start."""
        self._seconds, self._began = self._counted(), None

    def _counted(self) -> float:
        running = 0.0 if self._began is None else time.perf_counter() - self._began
        return self._seconds + running / self._share

    def take(self, table: Columns, predicted: Columns, *, is_over: bool) -> None:
        """Add the steps that a block recorded, and what the network answered at the moments that are drawn.

        `predicted` is by the name of the moment; `is_over` says that the run has settled or diverged at the last step.
        """
        count = len(table["step"])
        self._unsaved.append({"run": np.array([self.run.id] * count), **table})
        for name, values in self._followed.items():
            values.extend(table.get(name, np.full(count, np.nan)))
        for name, answers in predicted.items():
            self._predictions.setdefault(PREDICTIONS + name, answers)
        self._predictions[PREDICTIONS + "end"] = predicted["end"]
        self.step, self.is_over = int(table["step"][-1]), is_over

    @property
    def in_a_row(self) -> int:
        """The last recordings in a row at which validation accuracy was at its threshold."""
        return in_a_row_of(self._followed["validation_accuracy"], self.plan.record.generalized_from)

    def last(self, name: str) -> float:
        """Return the last recorded accuracy, 0 before the first."""
        return float(self._followed[name][-1]) if self._followed[name] else 0.0

    def wants_snapshot(self, step: int) -> bool:
        """Whether the plan asks for the weights at a recorded step; an early end is kept like any other."""
        return bool(self.kept) and (step in self.kept or self.is_over)

    def keep(self, step: int, arrays: dict[str, np.ndarray]) -> None:
        """Write the weights among the arrays of a state."""
        self.run.keep(step, {name: array for name, array in arrays.items() if name.startswith(WEIGHTS)})

    def show(self) -> None:
        """Write the rows since the last save for those who watch the run."""
        if self._unsaved:
            self.run.show(join(self._unsaved))

    def save(self, step: int, arrays: dict[str, np.ndarray]) -> None:
        """Write what is new, with the state after `step` updates."""
        new = self._take_rows()
        self._parts = self.run.save(new, arrays | self._predictions, step, self._parts, self.status())
        self.step = step

    def finish(self, step: int, arrays: dict[str, np.ndarray]) -> None:
        """Write everything in its final form."""
        self._take_rows()
        self.run.finish(join(self._tables), arrays | self._predictions, step, self.status())
        self.is_finished, self.step = True, step

    def rows(self) -> Columns:
        """Return everything that was recorded so far; nothing before the first."""
        tables = [*self._tables, *self._unsaved]
        return join(tables) if tables else {}

    def milestones(self) -> Milestones:
        """Return the run's milestones so far."""
        return milestones_in(self._followed, **self.plan.record.thresholds())

    def status(self) -> dict[str, Any]:
        """Return what a list of runs shows."""
        last = {name: float(values[-1]) for name, values in self._followed.items() if values and name != "step"}
        return {
            "steps": self.plan.steps,
            "seconds": round(self._counted(), 3),
            "width": self._width,
            **last,
            **self.milestones().as_dict(),
        }

    def _take_rows(self) -> Columns:
        new, self._unsaved = join(self._unsaved) if self._unsaved else {}, []
        self._tables += [new] if new else []
        return new


def _seconds(run: Run) -> float:
    """Return the seconds that a run has cost so far, as far as that can be read."""
    with contextlib.suppress(RunDamaged):
        return run.status().get("seconds", 0.0)
    return 0.0
