"""Risk of early-stopped least squares: double descent over time (Heckel and Yilmaz 2020)."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from groklab.theory import domain
from groklab.theory.domain import Values

Features = Float[np.ndarray, "features"]


class LeastSquares(NamedTuple):
    """A linear regression on features of different scales; arrays have an entry a feature."""

    scales: Features  # σᵢ, the standard deviations of the features
    weights: Features  # θᵢ, the true ones
    examples: int  # n
    noise: float = 1.0  # the variance σ² of the labels' noise
    learning_rate: ArrayLike = 0.1  # η, of all features or of each


def risk(problem: LeastSquares, steps: ArrayLike) -> Values:
    """Return Σσᵢ²θᵢ²(1 − ησᵢ²)^(2t) + (σ²/n) Σ(1 − (1 − ησᵢ²)^t)², the risk on clean labels, from weights of 0.

    Each feature trades bias for variance at its own time, ∝ 1/ησᵢ²; their sum may fall, rise and fall again. It holds
    for more examples than features, whose scales are few.
    """
    domain.at_least("steps", steps, 0)
    domain.above("scales", problem.scales, 0)
    domain.above("examples", problem.examples, 0)
    domain.at_least("noise", problem.noise, 0)
    domain.above("learning_rate", problem.learning_rate, 0)
    speed = np.asarray(problem.learning_rate, float) * problem.scales**2
    domain.below("learning_rate", speed, 2, "times the square of each scale, or steps diverge")
    at = np.asarray(steps, float)
    left = (1 - speed) ** at[..., None]
    bias = (problem.scales**2 * problem.weights**2 * left**2).sum(-1)
    return np.asarray(bias + problem.noise / problem.examples * ((1 - left) ** 2).sum(-1))


def same_time(problem: LeastSquares) -> LeastSquares:
    """Return the problem with rates at which all features are learnt as fast as the largest: no second descent."""
    largest = problem.scales.max()
    rate = np.asarray(problem.learning_rate, float)
    return problem._replace(learning_rate=rate * (largest / problem.scales) ** 2)
