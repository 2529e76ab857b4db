"""A recurrent network on sequences of tokens (Liu et al. 2023, IMDb)."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Shaped

from groklab.errors import InvalidSetting
from groklab.models.base import MAX_DEPTH, Model, ModelInputs, normal
from groklab.models.layers import Layer, dense
from groklab.models.products import product
from groklab.settings import setting
from groklab.types import PRNGKey, Shape, Tokens

GATES = 4  # input, forget, candidate, output, in this order


class Cell(eqx.Module):
    """The weights of a layer: what is done with its inputs and with its own last output, gate beside gate."""

    inputs: Layer
    recurrent: Layer


class LSTMWeights(eqx.Module):
    """The weights: an embedding for every token, the layers, and what reads the last one."""

    embedding: Float[Array, "vocabulary width"]
    cells: tuple[Cell, ...]
    answer: Layer


class LSTM(Model):
    """Long short-term memory; what it holds after the last token is read out by a linear layer.

    c ← σ(f)·c + σ(i)·tanh(g), h ← σ(o)·tanh(c), with (i, f, g, o) = x·W + b + h·U + b′. Initial weights are PyTorch's:
    N(0, 1) for embeddings and U(−1/√hidden, 1/√hidden) for all others. It begins every sequence with nothing in mind.
    """

    reads = (Tokens,)
    width: int = setting(64, "width of an embedding", at_least=1)
    hidden: int = setting(128, "width of a layer", at_least=1)
    depth: int = setting(2, "number of layers", at_least=1, at_most=MAX_DEPTH)

    def arrange(self, inputs: Shaped[np.ndarray, "examples ..."], shape: Shape) -> ModelInputs:
        if shape.tokens.scored != (shape.tokens.length - 1,):
            raise InvalidSetting(
                "`model` lstm answers after the last token, but the task scores other positions. "
                "Use profile=paper, or model=transformer."
            )
        return ModelInputs(jnp.asarray(inputs, jnp.int32), None)

    def initialize(self, shape: Shape, *, key: PRNGKey) -> LSTMWeights:
        embed_key, answer_key, *keys = jax.random.split(key, self.depth + 2)
        cells = tuple(self._cell(key, self.hidden if layer else self.width) for layer, key in enumerate(keys))
        embedding = normal(embed_key, shape.tokens.vocabulary, self.width, 1.0)
        return LSTMWeights(embedding, cells, dense(answer_key, self.hidden, shape.outputs))

    def _cell(self, key: PRNGKey, width: int) -> Cell:
        first, second = jax.random.split(key)
        gates = GATES * self.hidden
        return Cell(dense(first, width, gates, fan=self.hidden), dense(second, self.hidden, gates))

    def outputs(
        self, weights: LSTMWeights, batch: ModelInputs, shape: Shape, *, matmul_dtype: str, key: PRNGKey | None = None
    ) -> Float[Array, "batch scored outputs"]:
        values = weights.embedding[batch.examples.T]  # (time, batch, width): a step of the scan takes one of them
        for cell in weights.cells:
            values = _unrolled(cell, values, matmul_dtype)
        return weights.answer(values[-1], matmul_dtype)[:, None]


def _unrolled(
    cell: Cell, values: Float[Array, "time batch width"], matmul_dtype: str
) -> Float[Array, "time batch hidden"]:
    """Return what a layer says at every time; its inputs are multiplied all at once."""
    time, size, width = values.shape
    fed = product(values.reshape(time * size, width), cell.inputs.matrix, matmul_dtype)
    fed = (fed + (cell.inputs.bias + cell.recurrent.bias)[None]).reshape(time, size, -1)

    def step(carry: tuple[Array, Array], fed: Array) -> tuple[tuple[Array, Array], Array]:
        said, held = carry
        gates = fed + product(said, cell.recurrent.matrix, matmul_dtype)
        let_in, keep, candidate, let_out = jnp.split(gates, GATES, axis=1)
        held = jax.nn.sigmoid(keep) * held + jax.nn.sigmoid(let_in) * jnp.tanh(candidate)
        said = jax.nn.sigmoid(let_out) * jnp.tanh(held)
        return (said, held), said

    nothing = jnp.zeros((size, cell.recurrent.matrix.shape[0]), values.dtype)
    return jax.lax.scan(step, (nothing, nothing), fed)[1]
