"""Layers without biases, linear or with scaled tanh between them (Levi, Beck and Bar-Sinai 2024)."""

import itertools

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from groklab.models.base import MAX_DEPTH, Model, ModelInputs, is_off, normal
from groklab.models.products import product
from groklab.settings import setting
from groklab.types import PRNGKey, Shape


class BiasFree(Model):
    """Answers with x·S₀, or σ(x·S₀)·S₁ and so on; entries of a matrix have variance 1/(2 · rows · columns)."""

    depth: int = setting(0, "number of hidden layers", at_least=0, at_most=MAX_DEPTH)
    hidden: int = setting(50, "width of the hidden layers", at_least=1)
    slope: float = setting(0.0, "k of tanh(kz)/k between layers; 0: linear", at_least=0)

    def initialize(self, shape: Shape, *, key: PRNGKey) -> tuple[Float[Array, "_ _"], ...]:
        sizes = [shape.numbers.size, *[self.hidden] * self.depth, shape.outputs]
        pairs = zip(jax.random.split(key, self.depth + 1), itertools.pairwise(sizes), strict=True)
        return tuple(normal(each, rows, columns, (2 * rows * columns) ** -0.5) for each, (rows, columns) in pairs)

    def outputs(
        self,
        weights: tuple[Float[Array, "_ _"], ...],
        batch: ModelInputs,
        shape: Shape,
        *,
        matmul_dtype: str,
        key: PRNGKey | None = None,
    ) -> Float[Array, "batch scored outputs"]:
        first, *rest = weights
        inputs = batch.examples.reshape(batch.examples.shape[0], -1).astype(first.dtype)
        values = product(inputs, first, matmul_dtype)
        for matrix in rest:
            values = product(self._between(values), matrix, matmul_dtype)
        return values[:, None]

    def _between(self, values: Float[Array, "batch hidden"]) -> Float[Array, "batch hidden"]:
        if is_off(self.slope):
            return values
        slope = jnp.asarray(self.slope, values.dtype)
        return jnp.tanh(slope * values) / slope
