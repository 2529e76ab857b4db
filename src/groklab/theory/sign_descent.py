"""Descent by g / (|g| + ε), as adaptive optimizers make it late: on which parabolas it comes to rest."""

import numpy as np

from groklab.theory.domain import above

STEPS, BISECTIONS = 20_000, 40
AT_REST = 1e-6  # of where it began


def comes_to_rest(curvature: float, rate: float, epsilon: float) -> bool:
    """Whether x ← x − μ g/(|g| + ε) on the parabola ½ax² with g = ax goes to 0 from where |g| is ε / 1000.

    It does where a is below 2ε/μ (Thilak et al. 2022).
    """
    start = x = 1e-3 * epsilon / curvature
    for _ in range(STEPS):
        slope = curvature * x
        x -= rate * slope / (abs(slope) + epsilon)
        if not AT_REST * start < abs(x) < 2 * start:
            break
    return abs(x) < AT_REST * start


def steepest(rate: float, epsilon: float) -> float:
    """Return the greatest curvature with which it comes to rest, by bisection around 2ε/μ."""
    above("rate", rate, 0)
    above("epsilon", epsilon, 0)
    low, high = np.log(2 * epsilon / rate) + np.log([1e-3, 1e3])
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if comes_to_rest(float(np.exp(middle)), rate, epsilon) else (low, middle)
    return float(np.exp(low))
