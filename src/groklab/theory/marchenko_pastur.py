"""The law of Marchenko and Pastur: eigenvalues ν of XᵀX/N, for N examples of d standard normal inputs, λ = d/N.

In the limit of large d and N. For λ > 1 a share 1 − 1/λ of the eigenvalues is 0, the zero mode.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from groklab.theory import domain
from groklab.theory.domain import Values

MOST_NODES = 200_000


class Nodes(NamedTuple):
    """A quadrature: the mean of f over the continuous part of the law is Σ weights · f(values)."""

    values: Float[np.ndarray, "nodes"]
    weights: Float[np.ndarray, "nodes"]  # they add up to the share of the continuous part, min(1, 1/λ)


def edges(ratio: ArrayLike) -> tuple[Values, Values]:
    """Return the least and the greatest eigenvalue above 0, (1 ∓ √λ)²."""
    domain.above("ratio", ratio, 0)
    root = np.sqrt(np.asarray(ratio, float))
    return np.asarray((1 - root) ** 2), np.asarray((1 + root) ** 2)


def zero_mode(ratio: ArrayLike) -> Values:
    """Return the share of eigenvalues that are 0."""
    domain.above("ratio", ratio, 0)
    return np.asarray(np.maximum(0.0, 1 - 1 / np.asarray(ratio, float)))


def density(values: ArrayLike, ratio: float) -> Values:
    """Return the density of the continuous part, √((λ₊ − ν)(ν − λ₋)) / (2πλν), 0 outside [λ₋, λ₊]."""
    low, high = edges(ratio)
    at = np.asarray(values, float)
    inside = np.maximum((high - at) * (at - low), 0.0)
    return np.asarray(np.sqrt(inside) / (2 * np.pi * ratio * np.where(inside > 0, at, 1.0)))


def nodes(ratio: float, clock: float = 0.0) -> Nodes:
    """Return nodes that integrate what is smooth in ν, and e^(−sν) up to s = `clock`.

    With ν(φ) = (1 − √λ)² + 4√λ sin²(φ/2) the density becomes (2/π) sin²φ / ν dφ, without edges: equidistant φ converge
    geometrically. The error goes as λ^M with M nodes. At λ = 1, where 1/ν has no mean, only e^(−sν) counts.
    """
    domain.above("ratio", ratio, 0)
    domain.at_least("clock", clock, 0)
    decay = abs(np.log(ratio))
    wanted = max(200.0, 40 / decay if decay > 0 else 0.0, 10 * np.sqrt(clock))
    count = int(min(np.ceil(wanted), MOST_NODES))
    angles = (np.arange(count) + 0.5) * np.pi / count
    root = np.sqrt(ratio)
    values = (1 - root) ** 2 + 4 * root * np.sin(angles / 2) ** 2
    return Nodes(values, 2 / count * np.sin(angles) ** 2 / values)


def mean(function: Callable[[Values], Values], ratio: float, clock: float = 0.0) -> float:
    """Return the mean of a function of ν over all eigenvalues, the zero mode included."""
    at, weights = nodes(ratio, clock)
    share = float(zero_mode(ratio))
    return float(weights @ function(at)) + (share * float(function(np.zeros(()))) if share > 0 else 0.0)
