"""What gradients go through before a rule takes them."""

import abc
from collections.abc import Sequence

import optax

from groklab.settings import Settings, setting


class Filter(Settings):
    """What a gradient goes through before the rule."""

    @abc.abstractmethod
    def transformations(self) -> Sequence[optax.GradientTransformation]:
        """Return the transformations in their order."""


class Unfiltered(Filter):
    """Gradients as they are."""

    def transformations(self) -> Sequence[optax.GradientTransformation]:
        return ()


class Clipped(Filter):
    """Gradients made shorter where their norm over all weights is above a bound."""

    most: float = setting(1.0, "largest norm of a gradient", above=0)

    def transformations(self) -> Sequence[optax.GradientTransformation]:
        return (optax.clip_by_global_norm(self.most),)  # pyright: ignore[reportArgumentType]
