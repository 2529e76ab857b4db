"""Cross-entropy over classes."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Int

from groklab.objectives.base import Losses, OfClasses, Outputs


class CrossEntropy(OfClasses):
    """−log softmax(outputs)[class], in nats."""

    unit = "nats"

    def losses(self, outputs: Outputs, targets: Int[Array, "batch scored"], dtype: str) -> Losses:
        scores = jax.nn.log_softmax(outputs.astype(dtype))
        chosen = targets[..., None] == jnp.arange(outputs.shape[-1], dtype=targets.dtype)[None, None]
        return -jnp.where(chosen, scores, 0).sum(-1)
