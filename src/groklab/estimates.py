"""Estimates with 95 % intervals: median times with censored runs, proportions, correlations, slopes, differences.

An estimate depends on its values alone: the bootstrap has a fixed seed, and the order of the values does not matter.
SciPy is imported where it is used, since it takes longer to import than most commands take to answer.
"""

import inspect
import itertools
import math
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy.typing import ArrayLike

from groklab.errors import InvalidSetting

RESAMPLES = 10_000
SEED = 0
_TAIL = 0.025  # on each side of a 95 % interval
_ROUNDING = 1e-9  # a product such as 3/4 · 2/3 may miss 1/2 by its last bit
_LARGEST_ENUMERATED = 8  # 8! = 40,320 pairings


class Estimate(NamedTuple):
    """A number with its 95 % interval, and how many runs stand behind it.

    `value` and the ends may be inf: never reached. A `value` that is nan says that nothing is known.
    """

    value: float
    low: float
    high: float
    count: int  # pyright: ignore[reportIncompatibleMethodOverride]  # no one counts the items of an estimate


def single(value: float) -> Estimate:
    """Return a number that came from one run or needs no interval: one of zero width."""
    return Estimate(float(value), float(value), float(value), 1)


def median_time(times: ArrayLike, budgets: ArrayLike) -> Estimate:
    """Estimate the median step at which runs cross, counting those that never did: inf in `times`, 1-D, in steps.

    Such a run is censored at its budget; `budgets` is one number or one a run, and only checked where a run crossed.
    The share of runs that have not crossed by step t is estimated by Kaplan and Meier's product over crossings,
    S(t) = ∏ (1 − dᵢ/nᵢ) for tᵢ ≤ t, where dᵢ of the nᵢ runs still watched cross at tᵢ.

    - `value` is the first time with S ≤ 1/2, hence the earlier one of two in the middle; inf where there is none.
    - `low` is the first time at which the lower end of the 95 % band of S (Greenwood's variance, log-log transform) is
      ≤ 1/2, but no later than the last time until which more than half of all runs were seen not to have crossed.
    - `high` is the first time at which the upper end of the band is ≤ 1/2. The band is undefined where S = 0; there it
      is taken as 0, so that `high` is at most the last crossing if no run outlasts it. Else it is inf.

    So one run gives (t, t, t) or (inf, budget, inf); runs all censored at B give (inf, B, inf); and 2 to 6 uncensored
    runs give their whole range, which covers the true median with probability 1 − 2^(1−runs) only.
    Raises `InvalidSetting` without runs, for nan, and for a crossing after the budget.
    """
    from scipy import stats

    crossed, watched = _survival_data(times, budgets)
    curve = stats.ecdf(stats.CensoredData(uncensored=watched[crossed], right=watched[~crossed])).sf
    with warnings.catch_warnings():
        # The band is nan where S is 1 or 0; no bound but S itself is left there.
        warnings.simplefilter("ignore", RuntimeWarning)
        band = curve.confidence_interval(method="log-log")
    lower, upper = (np.where(np.isnan(end.probabilities), curve.probabilities, end.probabilities) for end in band)
    outlasted_by_half = np.sort(watched)[(len(watched) - 1) // 2]
    value, low, high = (_first_half(curve.quantiles, share) for share in (curve.probabilities, lower, upper))
    return Estimate(value, min(low, float(outlasted_by_half)), high, len(watched))


def success(successes: int, count: int) -> Estimate:
    """Estimate a proportion from `successes` among `count` runs, with Wilson's score interval.

    Raises `InvalidSetting` unless 0 ≤ successes ≤ count and count ≥ 1.
    """
    from scipy import stats

    if count < 1 or not 0 <= successes <= count:
        raise InvalidSetting(
            f"`successes` must be from 0 to `count`, which must be at least 1, got {successes} of {count}. Did any run?"
        )
    interval = stats.binomtest(int(successes), int(count)).proportion_ci(method="wilson")
    return Estimate(successes / count, float(interval.low), float(interval.high), int(count))


def bootstrap(values: ArrayLike, statistic: Callable[..., Any] = np.median) -> Estimate:
    """Estimate a statistic of 1-D `values` with the percentile interval of 10,000 resamples.

    inf is a value like others. The interval of one value has zero width. `statistic` is called once for all resamples
    if it takes `axis`. Where it gives nan (inf − inf), that may be anything: such a resample counts as −inf for `low`
    and as inf for `high`, and a `value` of nan has the ends −inf and inf.
    Raises `InvalidSetting` without values and for nan.
    """
    values = np.sort(_numbers("values", values))
    return _estimate(_apply(statistic, values[None])[0], _resample(values, statistic, _generator()), len(values))


def difference(left: ArrayLike, right: ArrayLike, statistic: Callable[..., Any] = np.median) -> Estimate:
    """Estimate statistic(left) − statistic(right), resampling both sides independently, as `bootstrap` does.

    inf − inf is nan: nothing is known, and the ends are −inf and inf. `count` is that of both sides together.
    """
    left, right = np.sort(_numbers("left", left)), np.sort(_numbers("right", right))
    generator = _generator()
    with np.errstate(invalid="ignore"):
        value = _apply(statistic, left[None])[0] - _apply(statistic, right[None])[0]
        draws = _resample(left, statistic, generator) - _resample(right, statistic, generator)
    return _estimate(value, draws, len(left) + len(right))


def rank_correlation(x: ArrayLike, y: ArrayLike) -> tuple[Estimate, float]:
    """Estimate Spearman's ρ of pairs, and return it with its two-sided p value under independence.

    ρ is Pearson's correlation of the ranks, so inf is a value like others; equal values share their mean rank.
    The interval resamples pairs; resamples in which x or y is constant have no ρ and are left out.
    p is exact, by all pairings, for up to 8 pairs; beyond by Student's t, but at least 2/n!, as any exact p is.
    Raises `InvalidSetting` for nan, unequal lengths, or where x or y is constant.
    """
    x, y = _pairs(x, y)
    _refuse_constant("y", y)
    picked = _picks(len(x), _generator())
    picked = picked[_varies(x[picked]) & _varies(y[picked])]
    rho = float(_spearman(x[None], y[None])[0])
    return _estimate(rho, _spearman(x[picked], y[picked]), len(x)), _p_value(x, y, rho)


def slope(x: ArrayLike, y: ArrayLike) -> Estimate:
    """Estimate the least-squares slope of y on x, Σ(x − x̄)(y − ȳ) / Σ(x − x̄)², in units of y per unit of x.

    The interval resamples points; resamples in which x is constant have no slope and are left out. So two points give
    an interval of zero width. Raises `InvalidSetting` for unequal lengths, constant x, and anything not finite.
    """
    x, y = _pairs(x, y)
    for name, values in (("x", x), ("y", y)):
        if infinite := np.count_nonzero(~np.isfinite(values)):
            raise InvalidSetting(
                f"`{name}` must be finite, got {infinite} of {len(values)} that are not. Did these runs never cross?"
            )
    picked = _picks(len(x), _generator())
    picked = picked[_varies(x[picked])]
    return _estimate(_slopes(x[None], y[None])[0], _slopes(x[picked], y[picked]), len(x))


def _numbers(name: str, values: ArrayLike) -> Float[np.ndarray, "count"]:
    array = np.asarray(values, np.float64)
    if array.ndim != 1 or not len(array):
        raise InvalidSetting(f"`{name}` must be a sequence of one number or more, got shape {array.shape}.")
    if unknown := np.count_nonzero(np.isnan(array)):  # NumPy reads None as nan
        raise InvalidSetting(f"`{name}` must not hold nan, got {unknown}. Say inf for what was never reached.")
    return array


def _survival_data(times: ArrayLike, budgets: ArrayLike) -> tuple[Bool[np.ndarray, "runs"], Float[np.ndarray, "runs"]]:
    """Tell which runs crossed, and until when each was watched: its crossing or its budget."""
    times = _numbers("times", times)
    budgets = _numbers("budgets", np.full(len(times), budgets) if np.ndim(budgets) == 0 else budgets)
    if len(budgets) != len(times):
        raise InvalidSetting(f"`budgets` must be one number or one a run, got {len(budgets)} for {len(times)} runs.")
    crossed = times != np.inf
    if np.any(late := crossed & (times > budgets)):
        time, budget = times[late][0], budgets[late][0]
        raise InvalidSetting(f"`times` must not exceed the budgets, got {time:g} in a run of {budget:g}.")
    watched = np.where(crossed, times, budgets)
    if not np.isfinite(watched).all():
        raise InvalidSetting("`budgets` must be finite where a run never crossed, got inf. How long was it watched?")
    return crossed, watched


def _first_half(times: Float[np.ndarray, "times"], share: Float[np.ndarray, "times"]) -> float:
    return float(np.append(times, np.inf)[np.argmax(np.append(share <= 0.5 + _ROUNDING, True))])


def _generator() -> np.random.Generator:
    return np.random.default_rng(SEED)


def _picks(count: int, generator: np.random.Generator) -> Int[np.ndarray, "resamples {count}"]:
    return generator.integers(count, size=(RESAMPLES, count))


def _resample(
    values: Float[np.ndarray, "count"], statistic: Callable[..., Any], generator: np.random.Generator
) -> Float[np.ndarray, "resamples"]:
    return _apply(statistic, values[_picks(len(values), generator)])


def _apply(statistic: Callable[..., Any], rows: Float[np.ndarray, "resamples count"]) -> Float[np.ndarray, "resamples"]:
    with np.errstate(invalid="ignore"):
        drawn = statistic(rows, axis=1) if _takes_axis(statistic) else [statistic(row) for row in rows]
    return np.asarray(drawn, np.float64)


def _takes_axis(statistic: Callable[..., Any]) -> bool:
    try:
        return "axis" in inspect.signature(statistic).parameters
    except ValueError:  # a builtin such as max has no signature
        return False


def _estimate(value: Any, draws: Float[np.ndarray, "resamples"], count: int) -> Estimate:
    if math.isnan(value):
        return Estimate(math.nan, -math.inf, math.inf, count)
    # No interpolation between draws: between inf and inf it would give nan.
    low = np.quantile(np.where(np.isnan(draws), -np.inf, draws), _TAIL, method="lower")
    high = np.quantile(np.where(np.isnan(draws), np.inf, draws), 1 - _TAIL, method="higher")
    return Estimate(float(value), float(low), float(high), count)


def _pairs(x: ArrayLike, y: ArrayLike) -> tuple[Float[np.ndarray, "count"], Float[np.ndarray, "count"]]:
    x, y = _numbers("x", x), _numbers("y", y)
    if len(x) != len(y):
        raise InvalidSetting(f"`x` and `y` must be equally long, got {len(x)} and {len(y)}.")
    _refuse_constant("x", x)
    order = np.lexsort((y, x))
    return x[order], y[order]


def _refuse_constant(name: str, values: Float[np.ndarray, "count"]) -> None:
    if values.min() == values.max():
        raise InvalidSetting(f"`{name}` must hold at least two different values, got {values[0]:g} only.")


def _varies(rows: Float[np.ndarray, "resamples count"]) -> Bool[np.ndarray, "resamples"]:
    return rows.min(axis=1) < rows.max(axis=1)


def _slopes(
    x: Float[np.ndarray, "resamples count"], y: Float[np.ndarray, "resamples count"]
) -> Float[np.ndarray, "resamples"]:
    x = x - x.mean(axis=1, keepdims=True)
    y = y - y.mean(axis=1, keepdims=True)
    return (x * y).sum(axis=1) / (x * x).sum(axis=1)


def _spearman(
    x: Float[np.ndarray, "resamples count"], y: Float[np.ndarray, "resamples count"]
) -> Float[np.ndarray, "resamples"]:
    from scipy import stats

    middle = (x.shape[1] + 1) / 2
    a, b = stats.rankdata(x, axis=1) - middle, stats.rankdata(y, axis=1) - middle
    return (a * b).sum(axis=1) / np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))


def _p_value(x: Float[np.ndarray, "count"], y: Float[np.ndarray, "count"], rho: float) -> float:
    from scipy import stats

    if len(x) > _LARGEST_ENUMERATED:
        # Student's t gives 0 where |ρ| = 1, although chance alone would do it in 2 of n! pairings.
        found: Any = stats.spearmanr(x, y)
        return max(float(found.pvalue), 2 / math.factorial(len(x)))
    pairings = y[np.array(list(itertools.permutations(range(len(y)))))]
    drawn = _spearman(np.broadcast_to(x, pairings.shape), pairings)
    return float(np.mean(np.abs(drawn) >= abs(rho) - _ROUNDING))
