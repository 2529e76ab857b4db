"""Two layers with squares between them, on a pair of one-hot operands (Gromov 2023)."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Shaped

from groklab.models.base import Model, ModelInputs, normal
from groklab.models.operands import operands
from groklab.models.products import lookup, product
from groklab.settings import setting
from groklab.types import PRNGKey, Shape, Tokens


class QuadraticWeights(eqx.Module):
    """The weights: a row for every left operand and for every right one, and the output layer."""

    left: Float[Array, "vocabulary hidden"]
    right: Float[Array, "vocabulary hidden"]
    output: Float[Array, "hidden classes"]


class Quadratic(Model):
    """Answers W²(W¹x)² / 2pN, where x is a pair of one-hot operands, p the number of classes and N that of units.

    All entries begin normal with variance 1. Weights that add modulo p are known in closed form (`theory.gromov`).
    """

    reads = (Tokens,)
    hidden: int = setting(500, "number of hidden units, N", at_least=1)

    def arrange(self, inputs: Shaped[np.ndarray, "examples ..."], shape: Shape) -> ModelInputs:
        return ModelInputs(jnp.asarray(operands(inputs, shape, "quadratic")), None)

    def initialize(self, shape: Shape, *, key: PRNGKey) -> QuadraticWeights:
        left, right, output = jax.random.split(key, 3)
        words = shape.tokens.vocabulary
        return QuadraticWeights(
            normal(left, words, self.hidden, 1.0),
            normal(right, words, self.hidden, 1.0),
            normal(output, self.hidden, shape.outputs, 1.0),
        )

    def outputs(
        self,
        weights: QuadraticWeights,
        batch: ModelInputs,
        shape: Shape,
        *,
        matmul_dtype: str,
        key: PRNGKey | None = None,
    ) -> Float[Array, "batch scored outputs"]:
        reached = lookup(weights.left, batch.examples[:, 0]) + lookup(weights.right, batch.examples[:, 1])
        answers = product(jnp.square(reached), weights.output, matmul_dtype)
        return answers[:, None] / (2 * shape.outputs * self.hidden)
