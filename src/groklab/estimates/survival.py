"""Median times of runs that are watched for a limited number of steps."""

import warnings

import numpy as np
from jaxtyping import Bool, Float
from numpy.typing import ArrayLike

from groklab.errors import InvalidSetting
from groklab.estimates.base import ROUNDING, Estimate, numbers


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

    crossed, watched = watch(times, budgets)
    curve = stats.ecdf(stats.CensoredData(uncensored=watched[crossed], right=watched[~crossed])).sf
    with warnings.catch_warnings():
        # The band is nan where S is 1 or 0; no bound but S itself is left there.
        warnings.simplefilter("ignore", RuntimeWarning)
        band = curve.confidence_interval(method="log-log")
    lower, upper = (np.where(np.isnan(end.probabilities), curve.probabilities, end.probabilities) for end in band)
    outlasted_by_half = np.sort(watched)[(len(watched) - 1) // 2]
    value, low, high = (_first_half(curve.quantiles, share) for share in (curve.probabilities, lower, upper))
    return Estimate(value, min(low, float(outlasted_by_half)), high, len(watched))


def watch(times: ArrayLike, budgets: ArrayLike) -> tuple[Bool[np.ndarray, "runs"], Float[np.ndarray, "runs"]]:
    """Tell which runs crossed, and until when each was watched: its crossing or its budget."""
    times = numbers("times", times)
    budgets = numbers("budgets", np.full(len(times), budgets) if np.ndim(budgets) == 0 else budgets)
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
    return float(np.append(times, np.inf)[np.argmax(np.append(share <= 0.5 + ROUNDING, True))])
