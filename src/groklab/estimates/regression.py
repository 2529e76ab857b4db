"""How times grow along a setting, with censored runs."""

import math

import numpy as np
from jaxtyping import Bool, Float

from groklab.errors import InvalidSetting
from groklab.estimates.base import Estimate, estimate, generator
from groklab.estimates.survival import watch

_RESAMPLES = 1_000
_ITERATIONS = 500
_TOLERANCE = 1e-7  # of a slope, in one iteration
_LEAST_SPREAD = 1e-6  # of ln t: a line through every crossing has none, and what is divided by it must be a number


def censored_slope(
    x: Float[np.ndarray, "points"], times: Float[np.ndarray, "points runs"], budgets: Float[np.ndarray, "points runs"]
) -> Estimate:
    """Estimate the slope of ln(time) per unit of x from several runs at each x; a run that never crossed has time inf.

    The model: ln T is normal around a line in x, with one spread throughout, and a run that never crossed is known to
    have T > budget. Line and spread are those of greatest likelihood, so every run counts. The interval resamples the
    runs at each x, 1,000 times.

    The slope is unknown unless runs crossed at two different x at least: the value is nan, or a resample may be
    anything. Raises `InvalidSetting` for nan, for times that are not above 0, and where x is constant.
    """
    crossed, watched = (each.reshape(times.shape) for each in watch(times.reshape(-1), budgets.reshape(-1)))
    if not (watched > 0).all():
        raise InvalidSetting(f"`times` must be above 0 to have a logarithm, got {watched.min():g}.")
    if x.min() == x.max():
        raise InvalidSetting(f"`x` must hold at least two different values, got {x[0]:g} only.")
    chosen = generator().integers(times.shape[1], size=(_RESAMPLES, *times.shape))
    drawn = [np.concatenate([row[None], np.take_along_axis(row[None], chosen, axis=2)]) for row in (watched, crossed)]
    slopes = _slopes(x, np.log(drawn[0]), drawn[1])
    return estimate(slopes[0], slopes[1:], slopes[1:], times.size)


def _slopes(
    x: Float[np.ndarray, "points"],
    logs: Float[np.ndarray, "resamples points runs"],
    crossed: Bool[np.ndarray, "resamples points runs"],
) -> Float[np.ndarray, "resamples"]:
    places = np.repeat(x, logs.shape[2])
    reached = crossed.any(axis=2)
    is_known = np.where(reached, x, np.inf).min(axis=1) < np.where(reached, x, -np.inf).max(axis=1)
    slopes = np.full(len(logs), math.nan)
    rows = (values[is_known].reshape(-1, len(places)) for values in (logs, crossed))
    slopes[is_known] = _most_likely(places, *rows)
    return slopes


def _most_likely(
    x: Float[np.ndarray, "runs"], logs: Float[np.ndarray, "resamples runs"], crossed: Bool[np.ndarray, "resamples runs"]
) -> Float[np.ndarray, "resamples"]:
    """Fit a line to each row by expectation and maximization (Schmee and Hahn 1979, with the variance of the hidden).

    Every censored number is replaced by its mean given the fit, and the line is fitted to what was filled in.
    """
    away = x - x.mean()
    tilt = away / (away**2).sum()
    filled, hidden, slope = logs, np.zeros_like(logs), np.full(len(logs), np.inf)
    for _ in range(_ITERATIONS):
        before, slope = slope, filled @ tilt
        if not (np.abs(slope - before) > _TOLERANCE).any():
            break
        line = filled.mean(axis=1, keepdims=True) + slope[:, None] * away
        spread = np.sqrt(((filled - line) ** 2 + hidden).mean(axis=1, keepdims=True)).clip(_LEAST_SPREAD)
        mean, variance = _beyond((logs - line) / spread)
        filled = np.where(crossed, logs, line + spread * mean)
        hidden = np.where(crossed, 0, spread**2 * variance)
    return slope


def _beyond(z: Float[np.ndarray, "..."]) -> tuple[Float[np.ndarray, "..."], Float[np.ndarray, "..."]]:
    """Return the mean and variance of a standard normal number that is known to be above z."""
    from scipy import special

    z = z.clip(-8)  # below, nothing is cut off, and erfcx overflows in the end
    mean = math.sqrt(2 / math.pi) / special.erfcx(z / math.sqrt(2))
    return mean, (1 + z * mean - mean**2).clip(0)
