"""Cross-entropy of two classes, told apart by one output."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Int

from groklab.objectives.base import Losses, OfTwoClasses, Outputs
from groklab.types import UNSCORED


class BinaryCrossEntropy(OfTwoClasses):
    """log(1 + exp(−y·f)) in nats, with y = ±1 and f the one output."""

    unit = "nats"

    def losses(self, outputs: Outputs, targets: Int[Array, "batch scored"], dtype: str) -> Losses:
        return jnp.where(targets != UNSCORED, jax.nn.softplus(-self.margins(outputs, targets, dtype)), 0)
