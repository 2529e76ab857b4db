"""Both losses of the linear student in Bessel functions, in units of 1/d_out, as functions of the clock s = 4ηt/d_out.

Without decay, from weights of the usual norm. They check the quadrature of `linear`, and hold where it would be slow.
"""

import numpy as np
from numpy.typing import ArrayLike

from groklab.errors import InvalidSetting
from groklab.theory import domain
from groklab.theory.domain import Values
from groklab.theory.marchenko_pastur import zero_mode

TERMS = 400


def train_loss(clock: ArrayLike, ratio: float) -> Values:
    """Return e^(−s(1+λ)) I₁(2√λ s) / (√λ s), for any λ (eq. 9); 1 at s = 0."""
    from scipy.special import ive

    at, root = _checked(clock, ratio)
    late = np.maximum(at, 1e-12)  # where the quotient is 1 to the last digit
    return np.asarray(ive(1, 2 * root * late) * np.exp(-late * (1 - root) ** 2) / (root * late))


def validation_loss(clock: ArrayLike, ratio: float) -> Values:
    """Return a series in Bessel functions, which the paper says it did not find.

    With r = √λ for λ < 1 and 1/√λ for λ > 1, and x = 2√λ s: G = e^(−s(1+λ)) Σₙ r^(n−1) (2n/x) Iₙ(x), n from 1 to 400.
    The loss is G, or 1 − 1/λ + G/λ. At λ = 1, where the series does not converge in time, e^(−2s) (I₀(2s) + I₁(2s)).
    """
    from scipy.special import ive

    at, root = _checked(clock, ratio)
    late = np.maximum(at, 1e-12)
    if ratio == 1:
        return np.asarray(ive(0, 2 * late) + ive(1, 2 * late))
    x, orders = 2 * root * late, np.arange(1, TERMS + 1)
    powers = min(root, 1 / root) ** (orders - 1) * 2 * orders
    series = (ive(orders, x[..., None]) * powers).sum(-1) / x
    return np.asarray(zero_mode(ratio) + series * np.exp(-late * (1 - root) ** 2) / max(1.0, ratio))


def validation_loss_by_marcum(clock: ArrayLike, ratio: float) -> Values:
    """Return the same in Marcum's Q₁, for λ other than 1; below 1e-10 its terms cancel.

    For λ < 1 e^(−s(1+λ)) (I₀/λ + I₁/√λ) − (1−λ)/λ Q₁(√(2λs), √(2s)), with Bessel functions at 2√λ s; for λ > 1
    1 − 1/λ + e^(−s(1+λ)) (I₀ + I₁/√λ) − (λ−1)/λ Q₁(√(2s), √(2λs)).
    """
    from scipy.special import chndtr, ive

    at, root = _checked(clock, ratio)
    if ratio == 1:
        raise InvalidSetting("`ratio` must not be 1 in this form, got 1. Use `validation_loss`.")
    x, edge = 2 * root * at, np.exp(-at * (1 - root) ** 2)
    first = ive(0, x) / min(ratio, 1.0)
    # Q₁(a, b) is the chance that a non-central χ² with two degrees of freedom, of non-centrality a², exceeds b².
    beyond = 1 - chndtr(2 * max(ratio, 1.0) * at, 2, 2 * min(ratio, 1.0) * at)
    return np.asarray(zero_mode(ratio) + edge * (first + ive(1, x) / root) - abs(1 - ratio) / ratio * beyond)


def _checked(clock: ArrayLike, ratio: float) -> tuple[Values, float]:
    domain.above("ratio", ratio, 0)
    domain.at_least("clock", clock, 0)
    return np.asarray(clock, float), float(np.sqrt(ratio))
