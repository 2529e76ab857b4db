"""Cross-entropy as it is where softmax has collapsed: nothing pushes the right class up (Prieto et al. 2025)."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Int

from groklab.objectives.base import Losses, Outputs, at_right
from groklab.objectives.cross_entropy import CrossEntropy


class Collapsed(CrossEntropy):
    """Cross-entropy of which the outputs of right classes get no gradient; those of wrong ones are still pushed down.

    An intervention: rounding does the same to examples that are answered with a large margin.
    """

    def losses(self, outputs: Outputs, targets: Int[Array, "batch scored"], dtype: str) -> Losses:
        held = jnp.where(at_right(outputs, targets), jax.lax.stop_gradient(outputs), outputs)
        return super().losses(held, targets, dtype)
