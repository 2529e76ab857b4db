"""Shares of runs."""

from groklab.errors import InvalidSetting
from groklab.estimates.base import Estimate


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
