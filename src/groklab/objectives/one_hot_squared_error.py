"""Squared error of classes: regression on one-hot vectors (Liu et al. 2023, MNIST)."""

import jax.numpy as jnp
from jaxtyping import Array, Int

from groklab.objectives.base import Losses, OfClasses, Outputs
from groklab.types import UNSCORED


class OneHotSquaredError(OfClasses):
    """The mean over classes of (output − 1 for the right one, 0 for the others)²."""

    unit = "squared error"

    def losses(self, outputs: Outputs, targets: Int[Array, "batch scored"], dtype: str) -> Losses:
        one_hot = targets[..., None] == jnp.arange(outputs.shape[-1], dtype=targets.dtype)[None, None]
        losses = jnp.square(outputs.astype(dtype) - one_hot.astype(dtype)).mean(-1)
        return jnp.where(targets != UNSCORED, losses, 0)
