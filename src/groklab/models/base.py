"""What every model is: settings that make weights, and outputs from weights."""

import abc
from typing import Any, ClassVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, PyTree, Shaped

from groklab.settings import Settings
from groklab.types import Numbers, PRNGKey, Shape

MAX_DEPTH = 256  # layers: each is traced by itself
Weights = PyTree[Float[Array, "..."]]


class ModelInputs(eqx.Module):
    """Inputs in the form a model reads them: arrays with one row an example, and arrays all examples share.

    `fixed` is what the model has drawn once and does not train.
    """

    examples: PyTree[Shaped[Array, "examples ..."]]
    shared: PyTree[Int[Array, "..."]]
    fixed: PyTree[Array] = None

    def rows(self, index: Int[Array, "batch"]) -> "ModelInputs":
        """Return the examples at `index`."""
        return type(self)(jax.tree.map(lambda array: array[index], self.examples), self.shared, self.fixed)


class Model(Settings):
    """Settings of a network. Every array in its weights is trained; nothing else is."""

    reads: ClassVar[tuple[type, ...]] = (Numbers,)  # what kinds of inputs it can read: `Tokens`, `Numbers`

    def arrange(self, inputs: Shaped[np.ndarray, "examples ..."], shape: Shape) -> ModelInputs:
        """Arrange all inputs of a task, once, on the host; raise `InvalidSetting` if the task does not fit."""
        return ModelInputs(jnp.asarray(inputs), None)

    def read(self, inputs: Shaped[Array, "batch ..."]) -> ModelInputs:
        """Arrange inputs of which nothing is known beforehand; raise `InvalidSetting` if the model needs a table."""
        return ModelInputs(inputs, None)

    def fixed(self, shape: Shape, *, key: PRNGKey) -> PyTree[Array]:
        """Draw what is drawn once and not trained, such as random features; by default nothing."""

    @abc.abstractmethod
    def initialize(self, shape: Shape, *, key: PRNGKey) -> Weights:
        """Draw the initial weights in float32, whatever the run's precision: the same seed gives the same weights."""

    @abc.abstractmethod
    def outputs(
        self, weights: Weights, batch: ModelInputs, shape: Shape, *, matmul_dtype: str, key: PRNGKey | None = None
    ) -> Float[Array, "batch scored outputs"]:
        """Return the outputs for a batch: the logits of classes, or the numbers of an answer.

        `matmul_dtype` is the dtype of the matrix products' operands. A `key` means training: dropout and weight
        noise, where set, act; without one they do not.
        """

    def inside(
        self, weights: Weights, batch: ModelInputs, shape: Shape, *, matmul_dtype: str
    ) -> tuple[Float[Array, "batch scored outputs"], dict[str, Float[Array, "..."]]]:
        """Return the outputs and the activations on the way to them by name, of which a model may have none."""
        return self.outputs(weights, batch, shape, matmul_dtype=matmul_dtype), {}


def is_off(value: Any) -> bool:
    """Whether a setting is the plain number 0: a part that is switched off must cost nothing."""
    return isinstance(value, float) and value == 0.0


def perturb(weights: Weights, noise: Any, *, key: PRNGKey) -> Weights:
    """Add Gaussian noise of standard deviation `noise` to every weight (Power et al. 2022, section 3.3)."""
    if is_off(noise):
        return weights
    leaves, structure = jax.tree.flatten(weights)
    keys = jax.random.split(key, len(leaves))
    noisy = [
        leaf + jnp.asarray(noise, leaf.dtype) * jax.random.normal(key, leaf.shape, leaf.dtype)
        for leaf, key in zip(leaves, keys, strict=True)
    ]
    return jax.tree.unflatten(structure, noisy)


def drop(values: Float[Array, "..."], rate: Any, *, key: PRNGKey | None) -> Float[Array, "..."]:
    """Apply inverted dropout where a key is given and the rate is not the plain number 0."""
    if key is None or is_off(rate):
        return values
    return values * keep(values.shape, rate, values.dtype, key=key)


def keep(shape: tuple[int, ...], rate: Any, dtype: Any, *, key: PRNGKey) -> Float[Array, "..."]:
    """Draw the factors of inverted dropout: 0 with probability `rate`, else 1 / (1 − rate)."""
    share = 1 - jnp.asarray(rate, dtype)
    return jax.random.bernoulli(key, share, shape).astype(dtype) / share


def uniform(key: PRNGKey, rows: int, columns: int, scale: Any) -> Float[Array, "rows columns"]:
    """Draw a dense matrix from U(−1/√rows, 1/√rows), times `scale`: the default of the common frameworks."""
    drawn = jax.random.uniform(key, (rows, columns), jnp.float32, minval=-1.0, maxval=1.0)
    return drawn * (jnp.asarray(scale, jnp.float32) / np.float32(rows**0.5))


def normal(key: PRNGKey, rows: int, columns: int, scale: Any) -> Float[Array, "rows columns"]:
    """Draw a matrix from N(0, scale²)."""
    return jax.random.normal(key, (rows, columns), jnp.float32) * jnp.asarray(scale, jnp.float32)


def zeros(size: int) -> Float[Array, "size"]:
    """A bias that adds nothing."""
    return jnp.zeros(size, jnp.float32)
