"""When a run memorized, generalized, settled or diverged: read from its recorded accuracies and losses."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

THRESHOLD = 0.99  # Power et al. 2022, figure 1: steps until 99 % accuracy
# The recorded number that tells whether a run has memorized, and whether it has generalized.
ACCURACIES = {"memorized": "train_accuracy", "generalized": "validation_accuracy"}
# The recorded number that each crossing is read from.
CROSSINGS = {
    "memorized_at": "train_accuracy",
    "generalized_at": "validation_accuracy",
    "settled_at": "validation_accuracy",
}


class Milestones(NamedTuple):
    """The recorded steps of a run's crossings; None where it never crossed: censored at `budget`."""

    memorized_at: int | None
    generalized_at: int | None
    settled_at: int | None
    budget: int
    diverged_at: int | None = None  # where its loss was no finite number any more, and it ended

    @property
    def delay(self) -> int | None:
        """Steps between memorizing and generalizing."""
        if self.generalized_at is None or self.memorized_at is None:
            return None
        return self.generalized_at - self.memorized_at

    @property
    def delay_ratio(self) -> float | None:
        """`generalized_at` / `memorized_at`; None also where the run memorized at step 0."""
        if self.generalized_at is None or not self.memorized_at:
            return None
        return self.generalized_at / self.memorized_at

    def as_dict(self) -> dict[str, Any]:
        """Return all of them by name."""
        return {**self._asdict(), "delay": self.delay, "delay_ratio": self.delay_ratio}


def milestones(
    steps: ArrayLike,
    train: ArrayLike,
    validation: ArrayLike,
    *,
    memorized_from: float = THRESHOLD,
    generalized_from: float = THRESHOLD,
) -> Milestones:
    """Find the crossings in recorded train and validation accuracies (0 to 1), by default those of 99 %."""
    at, reached = np.asarray(steps), np.asarray(validation) >= generalized_from
    return Milestones(
        _first(at, np.asarray(train) >= memorized_from),
        _first(at, reached),
        _first(at, np.logical_and.accumulate(reached[::-1])[::-1]),
        int(at[-1]) if len(at) else 0,
    )


def milestones_in(columns: Mapping[str, Any], **thresholds: float) -> Milestones:
    """Find the crossings in recorded columns; an accuracy that was not recorded never crossed."""
    never = np.full(len(columns["step"]), np.nan)
    train, validation = (columns.get(name, never) for name in ("train_accuracy", "validation_accuracy"))
    loss = np.asarray(columns.get("train_loss", np.zeros(len(never))), float)
    is_lost = ~np.isfinite(loss) | (np.isnan(np.asarray(train, float)) if "train_accuracy" in columns else False)
    return milestones(columns["step"], train, validation, **thresholds)._replace(
        diverged_at=_first(np.asarray(columns["step"]), is_lost)
    )


def in_a_row_of(validation: ArrayLike, generalized_from: float = THRESHOLD) -> int:
    """Return the last recordings in a row at which validation accuracy was at its threshold."""
    reached = np.asarray(validation) >= generalized_from
    return int(np.logical_and.accumulate(reached[::-1]).sum())


def _first(steps: np.ndarray, holds: np.ndarray) -> int | None:
    return int(steps[int(holds.argmax())]) if holds.any() else None
