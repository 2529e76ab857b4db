"""Rank correlations."""

import itertools
import math
from typing import Any

import numpy as np
from jaxtyping import Bool, Float
from numpy.typing import ArrayLike

from groklab.errors import InvalidSetting
from groklab.estimates.base import ROUNDING, Estimate, estimate, generator, numbers, picks

_LARGEST_ENUMERATED = 8  # 8! = 40,320 pairings


def rank_correlation(x: ArrayLike, y: ArrayLike) -> tuple[Estimate, float]:
    """Estimate Spearman's ρ of pairs, and return it with its two-sided p value under independence.

    ρ is Pearson's correlation of the ranks, so inf is a value like others; equal values share their mean rank.
    The interval resamples pairs; resamples in which x or y is constant have no ρ and are left out.
    p is exact, by all pairings, for up to 8 pairs; beyond by Student's t, but at least 2/n!, as any exact p is.
    Raises `InvalidSetting` for nan, unequal lengths, or where x or y is constant.
    """
    x, y = _pairs(x, y)
    picked = picks(len(x), generator())
    picked = picked[_varies(x[picked]) & _varies(y[picked])]
    rho = float(_spearman(x[None], y[None])[0])
    draws = _spearman(x[picked], y[picked])
    return estimate(rho, draws, draws, len(x)), _p_value(x, y, rho)


def repeated_rank_correlation(x: Float[np.ndarray, "points"], y: Float[np.ndarray, "seeds points"]) -> Estimate:
    """Estimate Spearman's ρ of x and y where every seed was measured at every x: all pairs together are ranked.

    What one seed gives at several x is not independent, so the interval resamples whole seeds. A resample in which y is
    constant may have any ρ. Raises `InvalidSetting` for nan and where x or y is constant.
    """
    every = np.broadcast_to(x, y.shape)
    _refuse_constant("x", numbers("x", x))
    _refuse_constant("y", numbers("y", y.reshape(-1)))
    seeds = picks(len(y), generator())
    drawn = y[seeds].reshape(len(seeds), -1)
    with np.errstate(invalid="ignore"):
        draws = _spearman(np.broadcast_to(every.reshape(-1), drawn.shape), drawn)
    return estimate(_spearman(every.reshape(1, -1), y.reshape(1, -1))[0], draws, draws, y.size)


def _pairs(x: ArrayLike, y: ArrayLike) -> tuple[Float[np.ndarray, "count"], Float[np.ndarray, "count"]]:
    x, y = numbers("x", x), numbers("y", y)
    if len(x) != len(y):
        raise InvalidSetting(f"`x` and `y` must be equally long, got {len(x)} and {len(y)}.")
    _refuse_constant("x", x)
    _refuse_constant("y", y)
    order = np.lexsort((y, x))
    return x[order], y[order]


def _refuse_constant(name: str, values: Float[np.ndarray, "count"]) -> None:
    if values.min() == values.max():
        raise InvalidSetting(f"`{name}` must hold at least two different values, got {values[0]:g} only.")


def _varies(rows: Float[np.ndarray, "resamples count"]) -> Bool[np.ndarray, "resamples"]:
    return rows.min(axis=1) < rows.max(axis=1)


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
    return float(np.mean(np.abs(drawn) >= abs(rho) - ROUNDING))
