"""A classifier whose features and weights of each class have length 1."""

from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Float

from groklab.models.products import product

LEAST = 1e-12  # of a length that is divided by


def cosines(
    features: Float[Array, "rows inputs"], head: Float[Array, "inputs outputs"], scale: Any, matmul_dtype: str
) -> Float[Array, "rows outputs"]:
    """Return `scale` times the cosine between each row of features and each column of the head."""
    return product(_unit(features, 1), _unit(head, 0), matmul_dtype) * jnp.asarray(scale, features.dtype)


def _unit(values: Float[Array, "_ _"], axis: int) -> Float[Array, "_ _"]:
    return values / jnp.sqrt(jnp.square(values).sum(axis, keepdims=True) + jnp.asarray(LEAST, values.dtype))
