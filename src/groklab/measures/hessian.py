"""Eigenvalues and trace of a Hessian, from its products with vectors alone."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, Float, PyTree

from groklab.chance import key_of
from groklab.trees import in_a_row
from groklab.types import Scalar

Vector = Float[Array, "weights"]
Product = Callable[[Vector], Vector]


class Sharpest(NamedTuple):
    """The largest eigenvalues, in falling order, and their eigenvectors; `errors` are ‖Hv − λv‖."""

    values: Float[Array, "directions"]
    vectors: Float[Array, "directions weights"]
    errors: Float[Array, "directions"]


def hessian(slope: Callable[[PyTree[Array]], PyTree[Array]], weights: PyTree[Any]) -> tuple[Product, Vector]:
    """Return the product with the Hessian, given the gradient as a function of weights, and these in one row."""
    flat, back = ravel_pytree(weights)

    def product(vector: Vector) -> Vector:
        return in_a_row(jax.jvp(slope, (weights,), (back(vector),))[1])

    return product, flat


def sharpest(product: Product, like: Vector, *, directions: int, iterations: int) -> Sharpest:
    """Return the algebraically largest eigenvalues by Lanczos's method, reorthogonalized, from a fixed start.

    A Hessian of lower rank than `iterations` exhausts the search: what is found then is exact, and directions beyond
    have a value and a vector of 0. Libraries divide by what is left there, and return noise.
    """
    iterations = min(iterations, like.shape[0])
    basis, diagonal, beside = _tridiagonal(product, like, iterations)
    is_there = jnp.linalg.norm(basis, axis=1) > 0
    least = -2 * (jnp.abs(diagonal).max() + jnp.abs(beside).max()) - 1  # below all that there are
    whole = jnp.diag(jnp.where(is_there, diagonal, least)) + jnp.diag(beside[:-1], 1) + jnp.diag(beside[:-1], -1)
    values, mixing = jnp.linalg.eigh(whole)
    values, mixing = values[::-1][:directions], mixing.T[::-1][:directions]
    vectors = mixing @ basis
    values = jnp.where(jnp.linalg.norm(vectors, axis=1) > 0.5, values, 0)
    errors = jax.lax.map(lambda pair: jnp.linalg.norm(product(pair[1]) - pair[0] * pair[1]), (values, vectors))
    return Sharpest(values, vectors, errors)


def _tridiagonal(product: Product, like: Vector, iterations: int) -> tuple[Array, Array, Array]:
    """Return orthonormal rows, of zeros once the search is exhausted, and the Hessian's diagonal and next to it."""
    start = jax.random.normal(key_of(0), like.shape, like.dtype)
    dtype, tiny = like.dtype, jnp.finfo(like.dtype).eps * like.shape[0] ** 0.5
    basis = jnp.zeros((iterations, like.shape[0]), dtype).at[0].set(start / jnp.linalg.norm(start))
    nothing = jnp.zeros(iterations, dtype)

    def step(at: Array, found: tuple[Array, Array, Array, Array]) -> tuple[Array, Array, Array, Array]:
        basis, diagonal, beside, largest = found
        image = product(basis[at])
        along = basis[at] @ image
        for _ in range(2):  # once is not enough in float32
            image = image - basis.T @ (basis @ image)
        length, largest = jnp.linalg.norm(image), jnp.maximum(largest, jnp.abs(along))
        goes_on = length > tiny.astype(dtype) * jnp.maximum(largest, beside.max())
        following = jnp.where(goes_on, image / jnp.where(goes_on, length, 1), 0)
        basis = basis.at[at + 1].set(following, mode="drop")
        return basis, diagonal.at[at].set(along), beside.at[at].set(jnp.where(goes_on, length, 0)), largest

    found = jax.lax.fori_loop(0, iterations, step, (basis, nothing, nothing, jnp.zeros((), dtype)))
    return found[:3]


def trace(product: Product, like: Vector, *, probes: int) -> tuple[Scalar, Scalar]:
    """Return Hutchinson's estimate of the trace from vectors of random signs, always the same, and its standard error.

    It is exact where the Hessian is diagonal.
    """
    signs = jax.random.rademacher(key_of(1), (probes, *like.shape), like.dtype)
    each = jax.lax.map(lambda vector: vector @ product(vector), signs)
    return each.mean(), each.std(ddof=1) / probes**0.5
