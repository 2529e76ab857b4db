"""What every measure is: numbers from the arrays of one moment."""

import abc
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int, PyTree, Shaped

from groklab.settings import Settings
from groklab.types import Examples, Scalar, Shape

Inside = Callable[..., tuple[Array, dict[str, Array]]]
Slope = Callable[..., PyTree[Array]]


class Observation(NamedTuple):
    """One moment of one run: how every example fares, the weights, and the update that comes next.

    `each` holds the losses at the scored positions, 0 where nothing is `asked`, and `right` whether the answers there
    are; an example is right where all are. Those for training come first in `order`.

    `inside` runs the network on all examples, in the task's order, or on given tokens, or on the examples at `rows`,
    and returns its outputs and the activations on the way by name. It does so with `weights`, if others are given.
    `slope(weights)` is the gradient of the mean training loss, or that of the examples at `rows`; it can be
    differentiated forwards. `initial()` are the weights that the run began with. What is not used of these is not
    computed.
    """

    losses: Float[Array, "examples"]
    each: Float[Array, "examples scored"]
    asked: Bool[Array, "examples scored"]
    targets: Shaped[Array, "examples scored ..."]
    right: Bool[Array, "examples scored"]
    is_training: Bool[Array, "examples"]
    is_validation: Bool[Array, "examples"]
    order: Int[Array, "examples"]
    weights: PyTree[Float[Array, "..."]]
    update: PyTree[Float[Array, "..."]]
    shape: Shape
    inside: Inside
    slope: Slope
    initial: Callable[[], PyTree[Float[Array, "..."]]]

    @property
    def is_right(self) -> Bool[Array, "examples"]:
        """Which examples are right at all scored positions."""
        return self.right.all(-1)

    def probe(self, count: int) -> tuple[Int[Array, "probe"], Bool[Array, "probe"]]:
        """Return the rows of at most `count` training examples, drawn once for a split, and which of them count."""
        rows = self.order[:count]
        return rows, jnp.arange(rows.shape[0], dtype=jnp.int32) < self.is_training.sum(dtype=jnp.int32)


class Measure(Settings):
    """A few named numbers; each becomes a column of the record."""

    needs_update: ClassVar[bool] = False  # which is known while a run is trained only

    @abc.abstractmethod
    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        """Return the numbers by name."""

    def completed(self, examples: Examples, weights: PyTree[Any], inside: Inside) -> "Measure":
        """Return the measure with what it leaves open to the finished network, which is given as in an observation."""
        return self

    def check(self, examples: Examples, weights: PyTree[Any]) -> None:
        """Raise `InvalidSetting` unless a task's examples and the shapes of a model's weights suit the measure."""
