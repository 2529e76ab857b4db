"""What weight decay γ leaves of the losses of a linear student in the end, and the decay from which it is too much."""

import numpy as np
from numpy.typing import ArrayLike

from groklab.theory import domain
from groklab.theory.linear import Losses


def plateau(ratio: ArrayLike, weight_decay: ArrayLike, outputs: int = 1) -> Losses:
    """Return both losses after ever so many steps, in closed form.

    With g = γ/2, b = 1 − λ + g and R = √(b² + 4λg), m = E[1/(ν + g)] = 2/(b + R) and m₂ = E[1/(ν + g)²] =
    (λm² + m)/(2λgm + b): g²m₂/2 for validation and g²(m − g m₂)/2 for training, over d_out. For small γ and λ < 1 they
    are γ²/8(1 − λ)³ and γ²/8(1 − λ); the paper's eq. 16 has γ²/4, twice what follows from its eq. 15.
    """
    domain.above("ratio", ratio, 0)
    domain.above("weight_decay", weight_decay, 0, "since without it nothing but the zero mode is left")
    domain.at_least("outputs", outputs, 1)
    of, half = np.asarray(ratio, float), np.asarray(weight_decay, float) / 2
    b = 1 - of + half
    root = np.sqrt(b**2 + 4 * of * half)
    # Two forms of one number: each is exact where the other would subtract equals.
    first = np.where(b > 0, 2 / np.where(b > 0, b + root, 1), (root - b) / (2 * of * half))
    second = (of * first**2 + first) / (2 * of * half * first + b)
    validation = half**2 * second / 2
    train = half**2 * (first - half * second) / 2
    return Losses(np.asarray(train / outputs), np.asarray(validation / outputs))


def critical_weight_decay(ratio: float, loss: float, outputs: int = 1) -> float:
    """Return the γ from which on validation loss never comes down to a level; 0 where it does not without decay."""
    from scipy.optimize import root_scalar

    domain.above("loss", loss, 0)
    largest = 1e6
    left, right = (float(plateau(ratio, decay, outputs).validation) for decay in (1e-12, largest))
    if left >= loss:
        return 0.0
    if right < loss:
        return np.inf

    def beyond(log: float) -> float:
        return float(np.log(plateau(ratio, np.exp(log), outputs).validation / loss))

    return float(np.exp(root_scalar(beyond, bracket=(np.log(1e-12), np.log(largest)), xtol=1e-13).root))
