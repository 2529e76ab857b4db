"""Losses of parts of a task: of each answered position, or of each answer."""

from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Bool, PyTree

from groklab.measures.base import Measure, Observation
from groklab.settings import setting
from groklab.types import Examples, Scalar


class PartialLosses(Measure):
    """Mean loss at each scored position (`train_loss.0`, …), or of each answer at all of them.

    By position 0 is the first that is scored; by answer the number is that of the class. NaN where there is none.
    """

    by: str = setting("position", "what has a loss of its own", choices=("position", "answer"))

    def check(self, examples: Examples, weights: PyTree[Any]) -> None:
        if self.by == "answer":
            _ = examples.shape.classes

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        is_scored = seen.asked
        if self.by == "position":
            parts = [is_scored & (jnp.arange(is_scored.shape[1])[None] == at) for at in range(is_scored.shape[1])]
        else:
            parts = [seen.targets == answer for answer in range(seen.shape.classes)]
        among = {"train": seen.is_training, "validation": seen.is_validation}
        return {
            f"{name}_loss.{number}": _mean(seen, part & rows[:, None])
            for name, rows in among.items()
            for number, part in enumerate(parts)
        }


def _mean(seen: Observation, chosen: Bool[Array, "examples scored"]) -> Scalar:
    return jnp.where(chosen, seen.each, 0).sum() / chosen.sum().astype(seen.each.dtype)
