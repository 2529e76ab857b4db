"""What every measure is: numbers from the arrays of one moment."""

import abc
from typing import NamedTuple

from jaxtyping import Array, Bool, Float, PyTree

from groklab.settings import Settings
from groklab.types import Scalar


class Observation(NamedTuple):
    """One moment of one run: how every example fares, the weights, and the update that comes next."""

    losses: Float[Array, "examples"]
    is_right: Bool[Array, "examples"]
    is_training: Bool[Array, "examples"]
    is_validation: Bool[Array, "examples"]
    weights: PyTree[Float[Array, "..."]]
    update: PyTree[Float[Array, "..."]]


class Measure(Settings):
    """A few named numbers; each becomes a column of the record."""

    @abc.abstractmethod
    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        """Return the numbers by name."""
