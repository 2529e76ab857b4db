"""One hidden layer of units that are nearly linear, from lazy to rich (Kumar et al. 2024)."""

import jax.numpy as jnp
from jaxtyping import Array, Float

from groklab.errors import InvalidSetting
from groklab.models.base import Model, ModelInputs, normal, zeros
from groklab.models.products import product
from groklab.settings import setting
from groklab.types import PRNGKey, Shape


class NearlyLinear(Model):
    """Answers (α/N) Σ [φ(wᵢ·x) − φ(vᵢ·x)] with φ(h) = h + (ε/2)h², where vᵢ ~ N(0, I) is where wᵢ begins.

    What is trained is wᵢ − vᵢ, from 0. The larger α, the less weights must move: at a rate ∝ N/α² it decides how lazy
    the network is and nothing else.
    """

    hidden: int = setting(500, "number of hidden units, N", at_least=1)
    laziness: float = setting(1.0, "α, factor on the answers", above=0)
    curvature: float = setting(0.25, "ε, of the units", at_least=0)

    def fixed(self, shape: Shape, *, key: PRNGKey) -> Float[Array, "inputs hidden"]:
        if shape.outputs != 1:
            raise InvalidSetting(
                f"`model` nearly-linear answers with one number, got a task that asks for {shape.outputs}."
            )
        return normal(key, shape.numbers.size, self.hidden, 1.0)

    def initialize(self, shape: Shape, *, key: PRNGKey) -> Float[Array, "inputs hidden"]:
        return zeros(shape.numbers.size * self.hidden).reshape(shape.numbers.size, self.hidden)

    def outputs(
        self,
        weights: Float[Array, "inputs hidden"],
        batch: ModelInputs,
        shape: Shape,
        *,
        matmul_dtype: str,
        key: PRNGKey | None = None,
    ) -> Float[Array, "batch scored outputs"]:
        inputs = batch.examples.reshape(batch.examples.shape[0], -1).astype(weights.dtype)
        half, factor = (jnp.asarray(each, weights.dtype) for each in (self.curvature / 2, self.laziness))
        begun = product(inputs, batch.fixed.astype(weights.dtype), matmul_dtype)
        moved = product(inputs, weights, matmul_dtype)
        # φ(b + m) − φ(b), without taking equals from each other
        change = moved + half * moved * (moved + 2 * begun)
        return (factor * change.mean(1))[:, None, None]
