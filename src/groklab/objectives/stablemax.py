"""Cross-entropy over classes by a softmax that cannot collapse (Prieto et al. 2025)."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from groklab.objectives.base import Losses, OfClasses, Outputs, at_right


class StableMax(OfClasses):
    """−log s(z_y) / Σs(z_k) with s(z) = z + 1 from 0 on and 1/(1 − z) below: powers of outputs, not exponentials."""

    unit = "nats"

    def losses(self, outputs: Outputs, targets: Int[Array, "batch scored"], dtype: str) -> Losses:
        scores = jax.nn.log_softmax(log_of_s(outputs.astype(dtype)))
        return -jnp.where(at_right(outputs, targets), scores, 0).sum(-1)


def log_of_s(outputs: Float[Array, "..."]) -> Float[Array, "..."]:
    """Return log s(z) = sign(z) log(1 + |z|)."""
    return jnp.sign(outputs) * jnp.log1p(jnp.abs(outputs))
