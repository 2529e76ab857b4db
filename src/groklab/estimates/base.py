"""What every estimate shares: a number with its interval, checked values, resamples and their quantiles."""

import math
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike

from groklab.errors import InvalidSetting

RESAMPLES = 10_000
SEED = 0
ROUNDING = 1e-9  # a product such as 3/4 · 2/3 may miss 1/2 by its last bit
CALCULATED = -1  # in place of how many runs stand behind a number
_TAIL = 0.025  # on each side of a 95 % interval


class Estimate(NamedTuple):
    """A number with its 95 % interval, and how many runs stand behind it.

    `value` and the ends may be inf: never reached. A `value` that is nan says that nothing is known. What was
    calculated rather than measured has no interval, and `CALCULATED` for a count.
    """

    value: float
    low: float
    high: float
    count: int  # pyright: ignore[reportIncompatibleMethodOverride]  # no one counts the items of an estimate


def exact(value: float) -> Estimate:
    """Return a number that was calculated, not measured."""
    return Estimate(float(value), float(value), float(value), CALCULATED)


def numbers(name: str, values: ArrayLike) -> Float[np.ndarray, "count"]:
    """Return values as an array of one axis; refuse none at all, and nan."""
    array = np.asarray(values, np.float64)
    if array.ndim != 1 or not len(array):
        raise InvalidSetting(f"`{name}` must be a sequence of one number or more, got shape {array.shape}.")
    if unknown := np.count_nonzero(np.isnan(array)):  # NumPy reads None as nan
        raise InvalidSetting(f"`{name}` must not hold nan, got {unknown}. Say inf for what was never reached.")
    return array


def generator() -> np.random.Generator:
    """Return the source of resamples, the same for every estimate."""
    return np.random.default_rng(SEED)


def picks(count: int, source: np.random.Generator) -> Int[np.ndarray, "resamples {count}"]:
    """Draw which of `count` values each resample consists of."""
    return source.integers(count, size=(RESAMPLES, count))


def estimate(
    value: Any, lows: Float[np.ndarray, "resamples"], highs: Float[np.ndarray, "resamples"], count: int
) -> Estimate:
    """Return a value with the percentile interval of its resamples, which may be known between `lows` and `highs` only.

    A resample of nan may be anything: it counts as −inf for the lower end and as inf for the upper one.
    """
    if math.isnan(value):
        return Estimate(math.nan, -math.inf, math.inf, count)
    # No interpolation between draws: between inf and inf it would give nan.
    low = np.quantile(np.where(np.isnan(lows), -np.inf, lows), _TAIL, method="lower")
    high = np.quantile(np.where(np.isnan(highs), np.inf, highs), 1 - _TAIL, method="higher")
    return Estimate(float(value), float(low), float(high), count)
