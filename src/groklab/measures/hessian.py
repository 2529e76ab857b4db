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
    """Return the algebraically largest eigenvalues by Lanczos's method, reorthogonalized, from a fixed start."""
    from matfree import decomp, eig  # few runs need it, and what trains must not fail without it

    iterations = min(iterations, like.shape[0])
    start = jax.random.normal(key_of(0), like.shape, like.dtype)
    with jax.numpy_dtype_promotion("standard"):
        solve = eig.eigh_partial(decomp.tridiag_sym(iterations, custom_vjp=False))
        values, vectors = solve(product, start / jnp.linalg.norm(start))
    values, vectors = values[::-1][:directions], vectors[::-1][:directions]
    errors = jax.lax.map(lambda pair: jnp.linalg.norm(product(pair[1]) - pair[0] * pair[1]), (values, vectors))
    return Sharpest(values, vectors, errors)


def trace(product: Product, like: Vector, *, probes: int) -> tuple[Scalar, Scalar]:
    """Return Hutchinson's estimate of the trace from vectors of random signs, always the same, and its standard error.

    It is exact where the Hessian is diagonal.
    """
    from matfree import stochtrace

    with jax.numpy_dtype_promotion("standard"):
        sampler = stochtrace.sampler_signs(like, num=probes)
        estimate = stochtrace.estimator_monte_carlo_mean_and_sem(stochtrace.monte_carlo_trace(), sampler)
        mean, error = estimate(product, key_of(1))  # whose variance is that of the probes, not of all vectors
        return mean, error * (probes / max(probes - 1, 1)) ** 0.5
