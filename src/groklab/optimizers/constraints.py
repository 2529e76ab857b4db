"""What weights are held to after every update."""

import abc
from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import optax

from groklab.settings import Settings
from groklab.trees import norm
from groklab.types import Scalar


class Constraint(Settings):
    """What holds of the weights after every update, as transformations of it."""

    @abc.abstractmethod
    def transformations(self) -> Sequence[optax.GradientTransformation]:
        """Return the transformations in their order."""


class Free(Constraint):
    """Weights as they come."""

    def transformations(self) -> Sequence[optax.GradientTransformation]:
        return ()


class Radius(NamedTuple):
    """The norm of all weights at the start."""

    norm: Scalar


class Sphere(Constraint):
    """Weights of the norm that they had at the start: w ← w·‖w₀‖/‖w‖ after every update (Liu et al. 2023)."""

    def transformations(self) -> Sequence[optax.GradientTransformation]:
        return (optax.GradientTransformation(_radius, _back_to_the_sphere),)


def _radius(params: Any) -> Radius:
    return Radius(norm(params))


def _back_to_the_sphere(updates: Any, state: Any, params: Any = None) -> tuple[Any, Any]:
    moved = jax.tree.map(lambda weight, update: weight + update, params, updates)
    share = state.norm / norm(moved)
    return jax.tree.map(lambda weight, there: there * share.astype(there.dtype) - weight, params, moved), state
