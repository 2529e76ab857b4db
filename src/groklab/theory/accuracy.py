"""Which share of answers is right at a loss, where answers are normal around true ones (Levi et al., eq. 10, 13)."""

import numpy as np
from numpy.typing import ArrayLike

from groklab.theory import domain
from groklab.theory.domain import Values


def accuracy(loss: ArrayLike, tolerance: ArrayLike, outputs: ArrayLike = 1) -> Values:
    """Return P(d/2, dε/2L): the share of examples whose squared error, the mean over d outputs, is below ε.

    With one output that is erf √(ε/2L). L is the mean squared error, the variance of an answer: the paper's eq. 10
    calls it a standard deviation and has a factor of 2 too many. At L = 0 all is right.
    """
    from scipy.special import gammainc

    domain.at_least("loss", loss, 0)
    _require(tolerance, outputs)
    half = np.asarray(outputs, float) / 2
    with np.errstate(divide="ignore", over="ignore"):
        return np.asarray(gammainc(half, half * np.asarray(tolerance, float) / np.asarray(loss, float)))


def loss_at(share: ArrayLike, tolerance: ArrayLike, outputs: ArrayLike = 1) -> Values:
    """Return the loss L* = dε / χ²_d(A) at which a share A of answers is right."""
    from scipy.special import gammaincinv

    domain.above("share", share, 0)
    domain.below("share", share, 1)
    _require(tolerance, outputs)
    half = np.asarray(outputs, float) / 2
    return np.asarray(half * np.asarray(tolerance, float) / gammaincinv(half, np.asarray(share, float)))


def _require(tolerance: ArrayLike, outputs: ArrayLike) -> None:
    domain.above("tolerance", tolerance, 0)
    domain.at_least("outputs", outputs, 1)
