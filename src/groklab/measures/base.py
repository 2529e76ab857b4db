"""What every measure is: numbers from the arrays of one moment."""

import abc
from collections.abc import Callable
from typing import Any, NamedTuple

from jaxtyping import Array, Bool, Float, PyTree, Shaped

from groklab.settings import Settings
from groklab.types import Examples, Scalar, Shape

Inside = Callable[..., tuple[Array, dict[str, Array]]]


class Observation(NamedTuple):
    """One moment of one run: how every example fares, the weights, and the update that comes next.

    `each` holds the losses at the scored positions, 0 where nothing is `asked`, and `right` whether the answers there
    are; an example is right where all are. `inside` runs the network on all
    examples, in the task's order, or on given tokens, and returns its outputs and the activations on the way by name;
    what is not used of it is not computed.
    """

    losses: Float[Array, "examples"]
    each: Float[Array, "examples scored"]
    asked: Bool[Array, "examples scored"]
    targets: Shaped[Array, "examples scored ..."]
    right: Bool[Array, "examples scored"]
    is_training: Bool[Array, "examples"]
    is_validation: Bool[Array, "examples"]
    weights: PyTree[Float[Array, "..."]]
    update: PyTree[Float[Array, "..."]]
    shape: Shape
    inside: Inside

    @property
    def is_right(self) -> Bool[Array, "examples"]:
        """Which examples are right at all scored positions."""
        return self.right.all(-1)


class Measure(Settings):
    """A few named numbers; each becomes a column of the record."""

    @abc.abstractmethod
    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        """Return the numbers by name."""

    def completed(self, examples: Examples, weights: PyTree[Any], inside: Inside) -> "Measure":
        """Return the measure with what it leaves open to the finished network, which is given as in an observation."""
        return self

    def check(self, examples: Examples, weights: PyTree[Any]) -> None:
        """Raise `InvalidSetting` unless a task's examples and the shapes of a model's weights suit the measure."""
