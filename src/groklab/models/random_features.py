"""A linear map of random features, which are drawn once and not trained (Belkin et al. 2019)."""

from typing import Any

import jax
from jaxtyping import Array, Float

from groklab.models.activations import ACTIVATIONS
from groklab.models.base import ModelInputs, normal, uniform
from groklab.models.on_features import OnFeatures
from groklab.models.products import product
from groklab.settings import setting
from groklab.types import PRNGKey, Shape


class RandomFeatures(OnFeatures):
    """Answers with φ(x)·A, where φ(x) = f(x·W + b)/√P for n numbers x and P features.

    W ~ N(0, 1/n) and b ~ N(0, 1) are drawn once; only A is trained, from U(−1, 1).
    """

    features: int = setting(1000, "number of random features, P", at_least=1)
    activation: str = setting("relu", "nonlinearity f", choices=tuple(ACTIVATIONS))

    def fixed(
        self, shape: Shape, *, key: PRNGKey
    ) -> tuple[Float[Array, "inputs features"], Float[Array, "1 features"]]:
        weights, biases = jax.random.split(key)
        inputs = shape.numbers.size
        return normal(weights, inputs, self.features, inputs**-0.5), normal(biases, 1, self.features, 1.0)

    def initialize(self, shape: Shape, *, key: PRNGKey) -> Float[Array, "features outputs"]:
        return uniform(key, self.features, shape.outputs, self.features**0.5)

    def feature_map(self, batch: ModelInputs, dtype: Any, matmul_dtype: str) -> Float[Array, "batch features"]:
        weights, biases = (each.astype(dtype) for each in batch.fixed)
        inputs = batch.examples.reshape(batch.examples.shape[0], -1).astype(dtype)
        return ACTIVATIONS[self.activation](product(inputs, weights, matmul_dtype) + biases) / self.features**0.5
