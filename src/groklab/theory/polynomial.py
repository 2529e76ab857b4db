"""Test loss of a network with nearly linear units on a quadratic teacher, in three terms (Kumar et al. 2024).

f(x) = (α/N) Σφ(wᵢ·x), φ(h) = h + (ε/2)h², y = (β·x)²/2 and x of D independent normal inputs of variance 1/D.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from groklab.theory import domain


class Terms(NamedTuple):
    """What test loss is made of."""

    power: float  # ¼(|β|²/D − (αε/D) Tr M)²: too much or too little in all
    alignment: float  # ‖αεM − ββᵀ‖² / (2D²): in other directions
    linear: float  # (α²/D)|w̄|²: linear in the inputs

    @property
    def loss(self) -> float:
        """Return the test loss, the mean squared error over all inputs."""
        return self.power + self.alignment + self.linear


def terms(
    rows: Float[np.ndarray, "hidden inputs"],
    teacher: Float[np.ndarray, "inputs"],
    *,
    alpha: float,
    curvature: float,
    start: Float[np.ndarray, "hidden inputs"] | None = None,
) -> Terms:
    """Return the three terms of the exact test loss: w̄ is the mean of the rows, M that of wwᵀ, ε the `curvature`.

    Of a network that takes away what it answers at the `start`, both are what has come since.
    """
    domain.above("alpha", alpha, 0)
    domain.at_least("curvature", curvature, 0)
    inputs = teacher.size
    middle, second = rows.mean(0), rows.T @ rows
    if start is not None:
        middle, second = middle - start.mean(0), second - start.T @ start
    learnt = alpha * curvature * second / len(rows)
    power = ((teacher**2).sum() / inputs - np.trace(learnt) / inputs) ** 2 / 4
    alignment = ((learnt - np.outer(teacher, teacher)) ** 2).sum() / (2 * inputs**2)
    return Terms(float(power), float(alignment), float(alpha**2 / inputs * (middle**2).sum()))


def tangent_kernel(inputs: Float[np.ndarray, "N inputs"], curvature: float) -> Float[np.ndarray, "N N"]:
    """Return the kernel of ever more units at first, E φ′(w·x)φ′(w·y) x·y = x·y + ε²(x·y)², without the factor α²/N."""
    domain.at_least("curvature", curvature, 0)
    products = inputs @ inputs.T
    return products + curvature**2 * products**2


def kernel_eigenvalues(inputs: int, curvature: float) -> tuple[float, float]:
    """Return the tangent kernel's eigenvalues along linear functions and along quadratic ones, 1/D and 2ε²/D².

    The paper has 2ε/D² for the second. A network groks with examples enough for the D linear functions and too few for
    the D²/2 quadratic ones.
    """
    domain.above("inputs", inputs, 0)
    domain.at_least("curvature", curvature, 0)
    return 1 / inputs, 2 * curvature**2 / inputs**2


def alignment(kernel: Float[np.ndarray, "N N"], labels: Float[np.ndarray, "N"]) -> float:
    """Return how much of a kernel is along some labels, yᵀKy / (‖K‖ |y|²)."""
    return float(labels @ kernel @ labels / (np.linalg.norm(kernel) * (labels @ labels)))
