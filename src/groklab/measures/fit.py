"""How well the network fits what it trains on and what it does not."""

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float

from groklab.measures.base import Measure, Observation
from groklab.types import Scalar


class Accuracy(Measure):
    """Share of right answers, 0 to 1, on the training and the validation examples."""

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        right = seen.is_right.astype(seen.losses.dtype)
        return {
            "train_accuracy": average(right, seen.is_training),
            "validation_accuracy": average(right, seen.is_validation),
        }


class Loss(Measure):
    """Mean loss, in the unit of the objective, on the training and the validation examples."""

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        return {
            "train_loss": average(seen.losses, seen.is_training),
            "validation_loss": average(seen.losses, seen.is_validation),
        }


def average(values: Float[Array, "examples"], among: Bool[Array, "examples"]) -> Scalar:
    """Return the mean of `values` among the chosen examples."""
    return jnp.where(among, values, 0).sum() / among.sum().astype(values.dtype)
