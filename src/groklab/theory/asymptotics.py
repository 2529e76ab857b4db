"""Late times of the linear student for λ < 1, one output and no decay, and what the paper makes of them.

Each says when it holds. At the paper's own tolerance, 1e-3, some are far off.
"""

import numpy as np
from numpy.typing import ArrayLike

from groklab.theory import domain
from groklab.theory.domain import Values

WHY = "since late times are those of the least eigenvalue above 0"


def train_loss(clock: ArrayLike, ratio: ArrayLike) -> Values:
    """Return e^(−cs) / (2√π λ^(3/4) s^(3/2)) with c = (1 − √λ)² (eq. 22), for s ≫ 1/√λ."""
    at, least, root = _checked(clock, ratio)
    return np.asarray(np.exp(-least * at) / (2 * np.sqrt(np.pi) * root**1.5 * at**1.5))


def validation_loss(clock: ArrayLike, ratio: ArrayLike) -> Values:
    """Return (e^(−cs)/√s − √(πc) erfc √(cs)) / (√π λ^(3/4)) (eq. 23), for s ≫ 1/√λ."""
    from scipy.special import erfcx

    at, least, root = _checked(clock, ratio)
    difference = 1 / np.sqrt(at) - np.sqrt(np.pi * least) * erfcx(np.sqrt(least * at))
    return np.asarray(np.exp(-least * at) * difference / (np.sqrt(np.pi) * root**1.5))


def latest_validation_loss(clock: ArrayLike, ratio: ArrayLike) -> Values:
    """Return the training loss of eq. 22 over c (eq. 11), which needs cs ≫ 1 as well."""
    _, least, _ = _checked(clock, ratio)
    return np.asarray(train_loss(clock, ratio) / least)


def delay(ratio: ArrayLike, learning_rate: ArrayLike = 0.01) -> Values:
    """Return ln(1/(1 − √λ)) / (2η(1 − √λ)²), the limit of vanishing tolerance (eq. 12), in steps.

    At a tolerance of 1e-3 it is 1.6 to 11 times too long.
    """
    root, rate = _rates(ratio, learning_rate)
    return np.asarray(-np.log(1 - root) / (2 * rate * (1 - root) ** 2))


def times(ratio: ArrayLike, tolerance: ArrayLike, learning_rate: ArrayLike = 0.01) -> tuple[Values, Values]:
    """Return the steps of memorizing and of generalizing, 3/(8ηc) W(z) with Lambert's W (eq. 24), where L = ε/4.

    z is 2^(5/3) c / (3 π^(1/3) √λ ε^(2/3)) for training and that times c^(−2/3) for validation. Late in both losses.
    """
    from scipy.special import lambertw

    root, rate = _rates(ratio, learning_rate)
    domain.above("tolerance", tolerance, 0)
    least = (1 - root) ** 2
    z = 2 ** (5 / 3) * least / (3 * np.pi ** (1 / 3) * root * np.asarray(tolerance, float) ** (2 / 3))
    train, validation = (3 / (8 * rate * least) * lambertw(each).real for each in (z, z * least ** (-2 / 3)))
    return np.asarray(train), np.asarray(validation)


def plateau_delay(ratio: ArrayLike, learning_rate: ArrayLike = 0.01) -> Values:
    """Return ln(1 + √λ) / (2η(1 − √λ)²) (eq. 16), in steps.

    It lies between the times at which each loss comes to what a small decay leaves of it; it is no delay of accuracies.
    """
    root, rate = _rates(ratio, learning_rate)
    return np.asarray(np.log(1 + root) / (2 * rate * (1 - root) ** 2))


def _rates(ratio: ArrayLike, learning_rate: ArrayLike) -> tuple[Values, Values]:
    domain.above("ratio", ratio, 0)
    domain.below("ratio", ratio, 1, WHY)
    domain.above("learning_rate", learning_rate, 0)
    return np.asarray(np.sqrt(np.asarray(ratio, float))), np.asarray(learning_rate, float)


def _checked(clock: ArrayLike, ratio: ArrayLike) -> tuple[Values, Values, Values]:
    root, _ = _rates(ratio, 1.0)
    domain.above("clock", clock, 0)
    return np.asarray(clock, float), np.asarray((1 - root) ** 2), root
