"""The hinge of two classes (sparse parity: Barak et al. 2022, Merrill et al. 2023)."""

import jax.numpy as jnp
from jaxtyping import Array, Int

from groklab.objectives.base import Losses, OfTwoClasses, Outputs
from groklab.types import UNSCORED


class Hinge(OfTwoClasses):
    """max(0, 1 − y·f), with y = ±1 and f the one output."""

    unit = "hinge"

    def losses(self, outputs: Outputs, targets: Int[Array, "batch scored"], dtype: str) -> Losses:
        return jnp.where(targets != UNSCORED, jnp.maximum(1 - self.margins(outputs, targets, dtype), 0), 0)
