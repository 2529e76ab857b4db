"""Cross-entropy over classes."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Int

from groklab.objectives.base import Losses, OfClasses, Outputs, at_right


class CrossEntropy(OfClasses):
    """−log softmax(outputs)[class], in nats."""

    unit = "nats"

    def losses(self, outputs: Outputs, targets: Int[Array, "batch scored"], dtype: str) -> Losses:
        scores = jax.nn.log_softmax(outputs.astype(dtype))
        return -jnp.where(at_right(outputs, targets), scores, 0).sum(-1)
