"""Fourier analysis on the residues modulo p (Nanda et al. 2023, section 4.1): the basis, norms, what stands out.

A frequency k stands for the two functions cos(2πkx/p) and sin(2πkx/p); frequencies are counted from 1, and entry i of
an array over frequencies is that of k = i + 1.
"""

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float

from groklab.types import Scalar

KEY_SHARE = 0.25  # of the greatest norm, as in Nanda's notebook; docs/nanda2023.md has what it finds


def basis(p: int) -> Float[np.ndarray, "p p"]:
    """Return the orthonormal real basis, a row each: 1, cos x, sin x, cos 2x, …; for even p the last row alternates."""
    x, k = np.arange(p), np.arange(1, (p - 1) // 2 + 1)
    angles = 2 * np.pi * k[:, None] * x[None] / p
    pairs = np.stack([np.cos(angles), np.sin(angles)], axis=1).reshape(-1, p) * np.sqrt(2 / p)
    rows = [np.full((1, p), p**-0.5), pairs]
    return np.concatenate(rows if p % 2 else [*rows, np.where(x % 2, -1, 1)[None] / np.sqrt(p)])


def frequency_of(p: int) -> np.ndarray:
    """Return the frequency of each row of the basis, 0 for the constant."""
    return (np.arange(p) + 1) // 2


def component_norms(matrix: Float[Array, "p columns"]) -> Float[Array, "p"]:
    """Return the Euclidean norm of each row of the Fourier transform of a matrix along its first axis."""
    return jnp.linalg.norm(jnp.asarray(basis(len(matrix)), matrix.dtype) @ matrix, axis=1)


def per_frequency(energies: Float[Array, "p *rest"]) -> Float[Array, "frequencies *rest"]:
    """Sum the energies of the cosine and the sine of each frequency; the constant is left out."""
    p = len(energies)
    cosines, sines = energies[1::2], energies[2::2]
    return cosines + (sines if p % 2 else jnp.concatenate([sines, jnp.zeros_like(cosines[:1])]))


def frequency_norms(matrix: Float[Array, "p columns"]) -> Float[Array, "frequencies"]:
    """Return the norm of each frequency, √(cosine² + sine²)."""
    return jnp.sqrt(per_frequency(jnp.square(component_norms(matrix))))


def standing_out(norms: Float[Array, "frequencies"]) -> Bool[Array, "frequencies"]:
    """Return which frequencies have more than a quarter of the greatest norm."""
    return norms > KEY_SHARE * norms.max()


def gini(values: Float[Array, "n"]) -> Scalar:
    """Return the Gini coefficient of non-negative values: 0 if all are alike, near 1 if one has all.

    G = 2 Σ i c₍ᵢ₎ / (n Σ c) − (n + 1) / n over the values in rising order (Hurley and Rickard 2009).
    """
    n = values.shape[0]
    rank = jnp.arange(1, n + 1).astype(values.dtype)
    return 2 * (rank * jnp.sort(values)).sum() / (n * values.sum()) - (n + 1) / n


def explained(function: Float[Array, "p *rest"]) -> Float[Array, "frequencies *rest"]:
    """Return the share of a function's variance along its first axis that each single frequency explains."""
    p = len(function)
    flat = function.reshape(p, -1)
    energies = per_frequency(jnp.square(jnp.asarray(basis(p), function.dtype) @ flat))
    return (energies / energies.sum(0)[None]).reshape(-1, *function.shape[1:])
