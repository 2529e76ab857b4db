"""A representation and a decoder: the embeddings of two operands are added, and a perceptron reads the sum.

Liu et al. 2023, section 5.1: how well operands are represented decides at which norm the decoder can fit them.
"""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Shaped

from groklab.errors import InvalidSetting
from groklab.models.activations import ACTIVATIONS
from groklab.models.base import MAX_DEPTH, Model, ModelInputs
from groklab.models.layers import Layer, dense
from groklab.models.products import lookup
from groklab.settings import setting
from groklab.types import PRNGKey, Shape, Tokens

OPERANDS = 2
SIDE = 0.3  # how far a linear representation strays from its line, at most


class EmbeddingSumWeights(eqx.Module):
    """What is trained: by how much embeddings are moved, None where they are frozen, and the decoder's layers."""

    moved: Float[Array, "operands width"] | None
    layers: tuple[Layer, ...]


class EmbeddingSum(Model):
    """Adds the embeddings R of two operands and decodes the sum, where R = m · random + (1 − m) · linear.

    The random one is drawn from U(−1, 1); the linear one lies along the first axis, evenly from −1 to 1, and strays by
    U(−0.3, 0.3) along the others, as in the released code. A representation that is trained begins there too. α acts
    on the decoder alone.
    """

    reads = (Tokens,)
    messiness: float = setting(0.0, "m, the share of the random representation", at_least=0, at_most=1)
    representation: str = setting("frozen", "whether embeddings stay as they are drawn", choices=("frozen", "trained"))
    width: int = setting(2, "numbers of an embedding", at_least=1)
    hidden: int = setting(200, "width of the decoder's hidden layers", at_least=1)
    depth: int = setting(2, "number of its hidden layers", at_least=1, at_most=MAX_DEPTH)
    activation: str = setting("leaky-relu", "nonlinearity", choices=tuple(ACTIVATIONS))

    def arrange(self, inputs: Shaped[np.ndarray, "examples ..."], shape: Shape) -> ModelInputs:
        if shape.tokens.length != OPERANDS or len(shape.tokens.scored) != 1:
            raise InvalidSetting(
                f"`model` embedding-sum must be given {OPERANDS} operands and asked one answer, got a task of "
                f"{shape.tokens.length} tokens that asks {len(shape.tokens.scored)}. Use the task vector-addition."
            )
        return ModelInputs(jnp.asarray(inputs, jnp.int32), None)

    def fixed(self, shape: Shape, *, key: PRNGKey) -> Float[Array, "operands width"]:
        random_key, side_key = jax.random.split(key)
        size = (shape.tokens.vocabulary, self.width)
        along = jnp.linspace(-1, 1, size[0], dtype=jnp.float32)
        linear = jax.random.uniform(side_key, size, jnp.float32, minval=-SIDE, maxval=SIDE).at[:, 0].set(along)
        messy = jax.random.uniform(random_key, size, jnp.float32, minval=-1.0, maxval=1.0)
        share = jnp.asarray(self.messiness, jnp.float32)
        return share * messy + (1 - share) * linear

    def initialize(self, shape: Shape, *, key: PRNGKey) -> EmbeddingSumWeights:
        sizes = [self.width, *[self.hidden] * self.depth, shape.outputs]
        keys = jax.random.split(key, len(sizes) - 1)
        layers = tuple(
            dense(key, rows, columns) for key, rows, columns in zip(keys, sizes[:-1], sizes[1:], strict=True)
        )
        is_trained = self.representation == "trained"
        size = (shape.tokens.vocabulary, self.width)
        return EmbeddingSumWeights(jnp.zeros(size, jnp.float32) if is_trained else None, layers)

    def outputs(
        self,
        weights: EmbeddingSumWeights,
        batch: ModelInputs,
        shape: Shape,
        *,
        matmul_dtype: str,
        key: PRNGKey | None = None,
    ) -> Float[Array, "batch scored outputs"]:
        first, *rest = weights.layers
        table = batch.fixed.astype(first.matrix.dtype)
        table = table if weights.moved is None else table + weights.moved
        values = _added(table, batch.examples)
        values = first(values, matmul_dtype)
        for layer in rest:
            values = layer(ACTIVATIONS[self.activation](values), matmul_dtype)
        return values[:, None]


def _added(table: Float[Array, "operands width"], pairs: Int[Array, "batch 2"]) -> Float[Array, "batch width"]:
    return lookup(table, pairs[:, 0]) + lookup(table, pairs[:, 1])
