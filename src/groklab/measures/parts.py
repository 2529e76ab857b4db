"""How parts of a task fare: each answered position, or each answer."""

from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, PyTree

from groklab.measures.base import Measure, Observation
from groklab.settings import setting
from groklab.types import Examples, Scalar

PARTS = ("position", "answer")
Each = Float[Array, "examples scored"]


class PartialLosses(Measure):
    """Mean loss at each scored position (`train_loss.0`, …), or of each answer at all of them.

    By position 0 is the first that is scored; by answer the number is that of the class. NaN where there is none.
    """

    by: str = setting("position", "what has a loss of its own", choices=PARTS)

    def check(self, examples: Examples, weights: PyTree[Any]) -> None:
        _check(self.by, examples)

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        return _means("loss", seen.each.astype(seen.losses.dtype), self.by, seen)


class PartialAccuracies(Measure):
    """Share of right answers at each scored position (`train_accuracy.0`, …), or of each answer at all of them.

    Numbered like partial losses.
    """

    by: str = setting("position", "what has an accuracy of its own", choices=PARTS)

    def check(self, examples: Examples, weights: PyTree[Any]) -> None:
        _check(self.by, examples)

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        return _means("accuracy", seen.right.astype(seen.losses.dtype), self.by, seen)


def _check(by: str, examples: Examples) -> None:
    if by == "answer":
        _ = examples.shape.classes


def _means(what: str, each: Each, by: str, seen: Observation) -> dict[str, Scalar]:
    is_scored = seen.asked
    if by == "position":
        parts = [is_scored & (jnp.arange(is_scored.shape[1])[None] == at) for at in range(is_scored.shape[1])]
    else:
        parts = [seen.targets == answer for answer in range(seen.shape.classes)]
    among = {"train": seen.is_training, "validation": seen.is_validation}
    return {
        f"{name}_{what}.{number}": _mean(each, part & rows[:, None])
        for name, rows in among.items()
        for number, part in enumerate(parts)
    }


def _mean(each: Each, chosen: Bool[Array, "examples scored"]) -> Scalar:
    return jnp.where(chosen, each, 0).sum() / chosen.sum().astype(each.dtype)
