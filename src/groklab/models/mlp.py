"""A multilayer perceptron on the operands of a table task."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from groklab.errors import InvalidSetting
from groklab.models.activations import ACTIVATIONS
from groklab.models.base import Arranged, Model, normal, perturb, uniform, zeros
from groklab.models.products import lookup, product
from groklab.settings import setting
from groklab.types import PRNGKey, Shape

OPERANDS = 2


class Layer(eqx.Module):
    """One dense layer: `x @ matrix + bias`."""

    matrix: Float[Array, "inputs outputs"]
    bias: Float[Array, "outputs"]


class MLPWeights(eqx.Module):
    """The weights: an embedding, or None where the operands are one-hot, and the layers."""

    embedding: Float[Array, "vocabulary width"] | None
    layers: tuple[Layer, ...]


class MLP(Model):
    """Reads the operands, as embeddings side by side or one-hot, and answers at one position."""

    inputs: str = setting("embedded", "how operands are read", choices=("embedded", "one-hot"))
    width: int = setting(128, "width of an embedding", at_least=1)
    hidden: int = setting(256, "width of the hidden layers", at_least=1)
    depth: int = setting(1, "number of hidden layers", at_least=1)
    activation: str = setting("relu", "nonlinearity", choices=("relu", "gelu", "quadratic"))
    weight_noise: float = setting(0.0, "standard deviation of the noise on weights in training", at_least=0)
    initial_scale: float = setting(1.0, "factor on all initial matrices", above=0)

    def arrange(self, inputs: Int[np.ndarray, "examples inputs"], shape: Shape) -> Arranged:
        if len(shape.scored) != 1:
            raise InvalidSetting(
                f"`model` mlp answers at one position, but the task scores {len(shape.scored)}. "
                "Use profile=paper, or model=transformer."
            )
        varies = [column for column in range(shape.inputs) if len(np.unique(inputs[:, column])) > 1]
        if len(varies) != OPERANDS:
            raise InvalidSetting(
                f"`model` mlp reads {OPERANDS} operands, but {len(varies)} positions of this task vary. "
                "Use model=transformer."
            )
        return Arranged(jnp.asarray(inputs[:, varies], jnp.int32), None)

    def initialize(self, shape: Shape, *, key: PRNGKey) -> MLPWeights:
        embed_key, *keys = jax.random.split(key, self.depth + 2)
        one_hot = self.inputs == "one-hot"
        sizes = [OPERANDS * (shape.vocabulary if one_hot else self.width), *[self.hidden] * self.depth, shape.classes]
        layers = tuple(
            Layer(uniform(layer_key, rows, columns, self.initial_scale), zeros(columns))
            for layer_key, rows, columns in zip(keys, sizes[:-1], sizes[1:], strict=True)
        )
        embedding = normal(embed_key, shape.vocabulary, self.width, self.initial_scale)
        return MLPWeights(None if one_hot else embedding, layers)

    def logits(
        self, weights: MLPWeights, batch: Arranged, shape: Shape, *, products: str, key: PRNGKey | None = None
    ) -> Float[Array, "batch scored classes"]:
        if key is not None:
            weights = perturb(weights, self.weight_noise, key=key)
        first, *rest = weights.layers
        values = self._first(weights, first, batch.examples, products)
        for layer in rest:
            values = product(ACTIVATIONS[self.activation](values), layer.matrix, products) + layer.bias[None]
        return values[:, None]

    def _first(self, weights: MLPWeights, first: Layer, operands: Array, products: str) -> Array:
        """Apply the first layer; a one-hot product is a look-up of its rows."""
        if weights.embedding is None:
            tables: Any = jnp.split(first.matrix, operands.shape[1])
            looked_up = [lookup(table, operands[:, i]) for i, table in enumerate(tables)]
            return sum(looked_up[1:], looked_up[0]) + first.bias[None]
        embedded = [lookup(weights.embedding, operands[:, i]) for i in range(operands.shape[1])]
        return product(jnp.concatenate(embedded, axis=1), first.matrix, products) + first.bias[None]
