"""A linear map of random features, which are drawn once and not trained."""

from jaxtyping import Array, Float

from groklab.models.activations import ACTIVATIONS
from groklab.models.base import Model, ModelInputs, normal, uniform
from groklab.models.products import product
from groklab.settings import setting
from groklab.types import PRNGKey, Shape


class RandomFeatures(Model):
    """Answers with φ(x)·A, where φ(x) = f(x·W) for numbers x and W ~ N(0, 1/n) is drawn once; only A is trained."""

    features: int = setting(1000, "number of random features", at_least=1)
    activation: str = setting("relu", "nonlinearity f", choices=tuple(ACTIVATIONS))

    def fixed(self, shape: Shape, *, key: PRNGKey) -> Float[Array, "inputs features"]:
        return normal(key, shape.numbers.size, self.features, shape.numbers.size**-0.5)

    def initialize(self, shape: Shape, *, key: PRNGKey) -> Float[Array, "features outputs"]:
        return uniform(key, self.features, shape.outputs, 1.0)

    def outputs(
        self,
        weights: Float[Array, "features outputs"],
        batch: ModelInputs,
        shape: Shape,
        *,
        matmul_dtype: str,
        key: PRNGKey | None = None,
    ) -> Float[Array, "batch scored outputs"]:
        inputs = batch.examples.reshape(batch.examples.shape[0], -1).astype(weights.dtype)
        features = ACTIVATIONS[self.activation](product(inputs, batch.fixed.astype(weights.dtype), matmul_dtype))
        return product(features, weights, matmul_dtype)[:, None]
