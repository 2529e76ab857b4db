"""Gradients without the part along the weights (⊥Grad, Prieto et al. 2025)."""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jaxtyping import Array, Float

from groklab.optimizers.filters import Filter

LEAST = 1e-30  # added to norms that are divided by


class Orthogonal(Filter):
    """g − (⟨w, g⟩ / ⟨w, w⟩) w of every array, as long as g was: no weights grow only to scale the outputs."""

    def transformations(self) -> Sequence[optax.GradientTransformation]:
        return (optax.stateless(lambda updates, params: jax.tree.map(orthogonal, updates, params)),)


def orthogonal(gradient: Float[Array, "..."], weights: Any) -> Float[Array, "..."]:
    """Return a gradient without its part along the weights, as long as it was."""
    along = (weights * gradient).sum() / ((weights * weights).sum() + LEAST)
    rest = gradient - along * weights
    length, whole = (jnp.sqrt(jnp.square(each).sum()) for each in (rest, gradient))
    return rest * (whole / (length + LEAST))
