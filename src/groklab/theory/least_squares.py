"""Least squares on features: the solution of least norm, and with a ridge. Features may outnumber examples."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from groklab.theory import domain

Matrix = Float[np.ndarray, "_ _"]


class Decomposed(NamedTuple):
    """Features of some examples as singular vectors and values, from which every ridge has its solution."""

    left: Float[np.ndarray, "N rank"]
    values: Float[np.ndarray, "rank"]
    right: Float[np.ndarray, "rank features"]

    def solve(
        self, labels: Float[np.ndarray, "N outputs"], ridge: float = 0.0
    ) -> Float[np.ndarray, "features outputs"]:
        """Return the weights a of least |Φa − y|²/N + ridge · |a|²; without a ridge, those of least norm among them."""
        domain.at_least("ridge", ridge, 0)
        scaled = self.values / (self.values**2 + ridge * len(labels))
        return self.right.T @ (scaled[:, None] * (self.left.T @ labels))


def decompose(features: Float[np.ndarray, "N features"]) -> Decomposed:
    """Return the features decomposed; what rounding leaves of directions without extent is left out."""
    left, values, right = np.linalg.svd(features, full_matrices=False)
    kept = values > values[0] * max(features.shape) * np.finfo(float).eps
    return Decomposed(left[:, kept], values[kept], right[kept])


class ReluFeatures(NamedTuple):
    """Features max(0, Wx + b)/√P, drawn once and not trained."""

    weights: Float[np.ndarray, "inputs features"]
    biases: Float[np.ndarray, "features"]

    def first(self, count: int) -> "ReluFeatures":
        """Return some of them, so that more features are the fewer and others."""
        return ReluFeatures(self.weights[:, :count], self.biases[:count])

    def of(self, inputs: Float[np.ndarray, "N inputs"]) -> Float[np.ndarray, "N features"]:
        """Return the features of inputs."""
        return np.maximum(inputs @ self.weights + self.biases, 0) / np.sqrt(self.biases.size)


def relu_features(inputs: int, features: int, random: np.random.Generator) -> ReluFeatures:
    """Draw features: rows of W of standard normal numbers over √inputs, and standard normal b."""
    domain.at_least("features", features, 1)
    return ReluFeatures(random.standard_normal((inputs, features)) / np.sqrt(inputs), random.standard_normal(features))


def legendre(places: Float[np.ndarray, "N"], degree: int) -> Float[np.ndarray, "N {degree}+1"]:
    """Return Legendre polynomials up to a degree, each with mean square 1 on [−1, 1]."""
    domain.at_least("degree", degree, 0)
    return np.polynomial.legendre.legvander(places, degree) * np.sqrt(2 * np.arange(degree + 1) + 1)
