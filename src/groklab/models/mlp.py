"""A multilayer perceptron: on the operands of a table, or on numbers such as an image's."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Shaped

from groklab.errors import InvalidSetting
from groklab.models.activations import ACTIVATIONS
from groklab.models.base import MAX_DEPTH, Model, ModelInputs, is_off, normal, perturb, uniform, zeros
from groklab.models.cosine import cosines
from groklab.models.layers import Layer
from groklab.models.operands import OPERANDS, operands
from groklab.models.products import lookup, product
from groklab.settings import setting
from groklab.types import Numbers, PRNGKey, Shape, Tokens


class MLPWeights(eqx.Module):
    """The weights: an embedding, or None where operands are one-hot or numbers are read, and the layers."""

    embedding: Float[Array, "vocabulary width"] | None
    layers: tuple[Layer, ...]


class MLP(Model):
    """Reads the two operands of a table, as embeddings side by side or one-hot, or numbers; answers at one position."""

    reads = (Tokens, Numbers)
    inputs: str = setting("embedded", "how operands are read", choices=("embedded", "one-hot"))
    width: int = setting(128, "width of an embedding of an operand", at_least=1)
    hidden: int = setting(256, "width of the hidden layers", at_least=1)
    depth: int = setting(1, "number of hidden layers", at_least=1, at_most=MAX_DEPTH)
    activation: str = setting("relu", "nonlinearity", choices=tuple(ACTIVATIONS))
    weight_noise: float = setting(0.0, "standard deviation of the noise on weights in training", at_least=0)
    initial_scale: float = setting(1.0, "factor on all initial matrices", above=0)
    cosine: float = setting(
        0.0,
        "factor on the cosines of features and class weights that are the logits; 0: plain products",
        at_least=0,
        is_later=True,
    )
    initial_bias: str = setting(
        "zero", "biases begin at 0, or are drawn like matrices", choices=("zero", "uniform"), is_later=True
    )

    def arrange(self, inputs: Shaped[np.ndarray, "examples ..."], shape: Shape) -> ModelInputs:
        if isinstance(shape.reads, Numbers):
            return ModelInputs(jnp.asarray(inputs.reshape(len(inputs), -1)), None)
        return ModelInputs(jnp.asarray(operands(inputs, shape, "mlp")), None)

    def read(self, inputs: Shaped[Array, "batch ..."]) -> ModelInputs:
        if jnp.issubdtype(inputs.dtype, jnp.integer):
            raise InvalidSetting("`model` mlp learns tables and numbers only. Use model=transformer.")
        return ModelInputs(inputs.reshape(inputs.shape[0], -1), None)

    def initialize(self, shape: Shape, *, key: PRNGKey) -> MLPWeights:
        embed_key, *keys = jax.random.split(key, self.depth + 2)
        sizes = [self._width(shape), *[self.hidden] * self.depth, shape.outputs]
        layers = tuple(
            Layer(uniform(layer_key, rows, columns, self.initial_scale), self._bias(layer_key, rows, columns))
            for layer_key, rows, columns in zip(keys, sizes[:-1], sizes[1:], strict=True)
        )
        if isinstance(shape.reads, Numbers) or self.inputs == "one-hot":
            return MLPWeights(None, layers)
        return MLPWeights(normal(embed_key, shape.tokens.vocabulary, self.width, self.initial_scale), layers)

    def _width(self, shape: Shape) -> int:
        """Return how many numbers the first layer reads."""
        if isinstance(shape.reads, Numbers):
            return shape.reads.size
        return OPERANDS * (shape.tokens.vocabulary if self.inputs == "one-hot" else self.width)

    def _bias(self, key: PRNGKey, rows: int, columns: int) -> Float[Array, "columns"]:
        if self.initial_bias == "zero":
            return zeros(columns)
        bound = np.float32(rows**-0.5)
        return jax.random.uniform(jax.random.fold_in(key, 0), (columns,), jnp.float32, minval=-bound, maxval=bound)

    def outputs(
        self, weights: MLPWeights, batch: ModelInputs, shape: Shape, *, matmul_dtype: str, key: PRNGKey | None = None
    ) -> Float[Array, "batch scored outputs"]:
        if key is not None:
            weights = perturb(weights, self.weight_noise, key=key)
        return self._layers(weights, batch, matmul_dtype)[0]

    def inside(
        self, weights: MLPWeights, batch: ModelInputs, shape: Shape, *, matmul_dtype: str
    ) -> tuple[Float[Array, "batch scored outputs"], dict[str, Float[Array, "batch hidden"]]]:
        """Return the outputs, and `hidden.0` and so on: what each hidden layer gives, after the nonlinearity."""
        return self._layers(weights, batch, matmul_dtype)

    def _layers(self, weights: MLPWeights, batch: ModelInputs, matmul_dtype: str) -> tuple[Array, dict[str, Array]]:
        first, *rest = weights.layers
        values, hidden = self._first(weights, first, batch.examples, matmul_dtype), {}
        for number, layer in enumerate(rest):
            hidden[f"hidden.{number}"] = ACTIVATIONS[self.activation](values)
            values = self._next(layer, hidden[f"hidden.{number}"], number == len(rest) - 1, matmul_dtype)
        return values[:, None], hidden

    def _next(self, layer: Layer, values: Array, is_head: bool, matmul_dtype: str) -> Array:
        if is_head and not is_off(self.cosine):
            return cosines(values, layer.matrix, self.cosine, matmul_dtype)
        return layer(values, matmul_dtype)

    def _first(self, weights: MLPWeights, first: Layer, operands: Array, matmul_dtype: str) -> Array:
        """Apply the first layer. Operands are few, and each is multiplied once: the batch looks its rows up."""
        if jnp.issubdtype(operands.dtype, jnp.floating):
            return first(operands.astype(first.matrix.dtype), matmul_dtype)
        tables: Any = jnp.split(first.matrix, operands.shape[1])  # of one-hot operands a table of rows is the matrix
        if weights.embedding is not None:
            tables = [product(weights.embedding, table, matmul_dtype) for table in tables]
        looked_up = [lookup(table, operands[:, i]) for i, table in enumerate(tables)]
        return sum(looked_up[1:], looked_up[0]) + first.bias[None]
