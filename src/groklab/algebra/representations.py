"""How much of a function on a group lies in each of its irreducible representations."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from groklab.algebra.decomposition import classes

_SAME = 1e-6  # of the spread of the eigenvalues


class Part(NamedTuple):
    """A real irreducible representation: its dimension, and the share of a function's energy that lies in it.

    `by_chance` is the share that a function at random has there: the size of the part among all functions without a
    constant. `frequency` is that of a cyclic group's pair of waves, else 0.
    """

    dimension: int
    share: float
    by_chance: float
    frequency: int = 0

    @property
    def ratio(self) -> float:
        """How many times as strong as at random."""
        return self.share / self.by_chance


def parts(group: Int[np.ndarray, "order order"], function: Float[np.ndarray, "order width"]) -> list[Part]:
    """Return the parts of a function on a group, its mean taken off, those that stand out most first.

    The sums over conjugates commute with the whole group: their eigenspaces are the isotypic parts of all functions. A
    part in which a representation of dimension d is d times has d² dimensions, or 2 d² if it is complex.
    """
    order = len(group)
    values, vectors = np.linalg.eigh(_random_class_sum(group))
    gaps = np.flatnonzero(np.diff(values) > _SAME * (values[-1] - values[0])) + 1
    energy = np.square(vectors.T @ (function - function.mean(0))).sum(1)
    total = energy.sum() or 1.0
    found = []
    for space, part in zip(np.split(vectors, gaps, axis=1), np.split(energy, gaps), strict=True):
        size = space.shape[1]
        if not (size == 1 and np.ptp(space) < _SAME):  # the constant
            found.append(Part(_dimension(size), float(part.sum() / total), size / (order - 1)))
    return sorted(found, key=lambda part: -part.ratio)


def waves(labels: Int[np.ndarray, "n"], function: Float[np.ndarray, "n width"]) -> list[Part]:
    """Return the frequencies of a function of residues, each a cosine and a sine, those that stand out most first."""
    n = len(labels)
    spectrum = np.square(np.abs(np.fft.rfft(function[np.argsort(labels)], axis=0))).sum(1)[1:]
    k = np.arange(1, n // 2 + 1)
    pairs = np.where(2 * k == n, 1, 2)
    shares = spectrum * pairs / ((spectrum * pairs).sum() or 1.0)
    found = [Part(1, float(s), int(m) / (n - 1), int(f)) for s, m, f in zip(shares, pairs, k, strict=True)]
    return sorted(found, key=lambda part: -part.ratio)


def _random_class_sum(group: Int[np.ndarray, "order order"]) -> Float[np.ndarray, "order order"]:
    """Return a symmetric matrix that commutes with the group: each pair has the weight of the class of x⁻¹ y."""
    kind = classes(group)
    inverse = np.argmax(group == 0, axis=1)
    weights = np.random.default_rng(0).normal(size=len(group))[kind]
    weights = weights + weights[inverse]
    return weights[group[inverse]]


def _dimension(size: int) -> int:
    """Return d of a part with d² dimensions, or 2 d²."""
    root = round(size**0.5)
    return root if root * root == size else round((size / 2) ** 0.5)
