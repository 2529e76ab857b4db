"""A dense layer, and its initial weights as PyTorch draws them."""

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from groklab.models.products import product
from groklab.types import PRNGKey


class Layer(eqx.Module):
    """One dense layer: `x @ matrix + bias`."""

    matrix: Float[Array, "inputs outputs"]
    bias: Float[Array, "outputs"]

    def __call__(self, values: Float[Array, "rows inputs"], matmul_dtype: str) -> Float[Array, "rows outputs"]:
        return product(values, self.matrix, matmul_dtype) + self.bias[None]


def dense(key: PRNGKey, rows: int, columns: int, *, fan: int = 0) -> Layer:
    """Draw a layer's matrix and bias from U(−1/√fan, 1/√fan), where `fan` is the number of inputs unless given."""
    bound = (fan or rows) ** -0.5
    matrix_key, bias_key = jax.random.split(key)
    matrix = jax.random.uniform(matrix_key, (rows, columns), jnp.float32, minval=-bound, maxval=bound)
    return Layer(matrix, jax.random.uniform(bias_key, (columns,), jnp.float32, minval=-bound, maxval=bound))
