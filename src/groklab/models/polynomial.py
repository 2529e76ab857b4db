"""A polynomial of one number."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Shaped

from groklab.errors import InvalidSetting
from groklab.models.base import ModelInputs, zeros
from groklab.models.on_features import OnFeatures
from groklab.settings import setting
from groklab.types import PRNGKey, Shape


class Polynomial(OnFeatures):
    """Answers with Σ aₖ pₖ(x), pₖ(x) = √((2k + 1)/(degree + 1)) Pₖ(x) of Legendre's polynomials Pₖ, aₖ from 0.

    On [−1, 1] all pₖ have the same mean square, together 1; outside they grow fast.
    """

    degree: int = setting(19, "highest power of x", at_least=0, at_most=10_000)

    def arrange(self, inputs: Shaped[np.ndarray, "examples ..."], shape: Shape) -> ModelInputs:
        if shape.numbers.size != 1:
            raise InvalidSetting(f"`model` polynomial reads one number, got a task of {shape.numbers.size}.")
        return self.read(jnp.asarray(inputs))

    def read(self, inputs: Shaped[Array, "batch ..."]) -> ModelInputs:
        return ModelInputs(legendre(inputs.reshape(inputs.shape[0]), self.degree), None)

    def initialize(self, shape: Shape, *, key: PRNGKey) -> Float[Array, "features outputs"]:
        return zeros((self.degree + 1) * shape.outputs).reshape(-1, shape.outputs)

    def feature_map(self, batch: ModelInputs, dtype: Any, matmul_dtype: str) -> Float[Array, "batch features"]:
        return batch.examples.astype(dtype)


def legendre(places: Float[Array, "batch"], degree: int) -> Float[Array, "batch features"]:
    """Return √((2k + 1)/(degree + 1)) Pₖ, by (k + 1)Pₖ₊₁ = (2k + 1)x Pₖ − k Pₖ₋₁."""

    def following(pair: tuple[Array, Array], k: Array) -> tuple[tuple[Array, Array], Array]:
        before, now = pair
        return (now, ((2 * k + 1) * places * now - k * before) / (k + 1)), now

    orders = jnp.arange(degree + 1, dtype=places.dtype)
    _, all_of_them = jax.lax.scan(following, (jnp.zeros_like(places), jnp.ones_like(places)), orders)
    return (jnp.sqrt((2 * orders + 1) / (degree + 1))[:, None] * all_of_them).T
