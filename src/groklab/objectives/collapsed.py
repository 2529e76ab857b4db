"""Cross-entropy as it is where softmax has collapsed: nothing pushes the right class up (Prieto et al. 2025)."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Int

from groklab.objectives.base import Losses, Outputs, at_right
from groklab.objectives.cross_entropy import CrossEntropy
from groklab.settings import setting


class Collapsed(CrossEntropy):
    """Cross-entropy of which the right class's output gets no gradient where it leads by more than a margin.

    Those of wrong classes are still pushed down. An intervention: rounding does the same, with a margin of about 16 in
    float32. A margin of 0 means all examples that are answered right.
    """

    margin: float = setting(0.0, "lead of the right class's output from which on it gets no gradient", at_least=0)

    def losses(self, outputs: Outputs, targets: Int[Array, "batch scored"], dtype: str) -> Losses:
        is_right = at_right(outputs, targets)
        lead = jnp.where(is_right, outputs, -jnp.inf).max(-1) - jnp.where(is_right, -jnp.inf, outputs).max(-1)
        is_held = is_right & (lead > self.margin)[..., None]
        return super().losses(jnp.where(is_held, jax.lax.stop_gradient(outputs), outputs), targets, dtype)
