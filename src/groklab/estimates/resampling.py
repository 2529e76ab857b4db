"""Bootstrapped statistics, also of runs of which something is not known."""

import inspect
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from groklab.estimates.base import Estimate, estimate, generator, numbers, picks

Rows = Float[np.ndarray, "resamples ..."]


def bootstrap(values: ArrayLike, statistic: Callable[..., Any] = np.median) -> Estimate:
    """Estimate a statistic of 1-D `values` with the percentile interval of 10,000 resamples.

    inf is a value like others. The interval of one value has zero width. `statistic` is called once for all resamples
    if it takes `axis`. Where it gives nan (inf − inf), that may be anything: such a resample counts as −inf for `low`
    and as inf for `high`, and a `value` of nan has the ends −inf and inf.
    Raises `InvalidSetting` without values and for nan.
    """
    return _of([np.sort(numbers("values", values))], lambda rows: _apply(statistic, rows))


def of_rows(
    values: Float[np.ndarray, "rows ..."], statistic: Callable[[Float[np.ndarray, "resamples rows ..."]], Rows]
) -> Estimate:
    """Estimate a statistic of a table with a row a run, of which whole rows are resampled.

    `statistic` takes tables along a first axis, and returns a number for each.
    """
    return bootstrap(np.arange(len(values)), lambda chosen, axis: statistic(values[chosen.astype(int)]))


def difference(left: ArrayLike, right: ArrayLike, statistic: Callable[..., Any] = np.median) -> Estimate:
    """Estimate statistic(left) − statistic(right), resampling both sides independently, as `bootstrap` does.

    inf − inf is nan: nothing is known, and the ends are −inf and inf. `count` is that of both sides together.
    """
    sides = [np.sort(numbers("left", left)), np.sort(numbers("right", right))]
    return _of(sides, lambda *rows: _apply(statistic, rows[0]) - _apply(statistic, rows[1]))


def partly_known(values: ArrayLike, low: float, high: float) -> Estimate:
    """Estimate the median of 1-D `values`, of which each that is nan is unknown: anywhere from `low` to `high`.

    `value` is the median of those that are known. The lower end of the interval takes every unknown one as `low`, the
    upper end as `high`, so that the interval holds whatever they are. Where none is known, the ends are these two.
    """
    values = np.asarray(values, np.float64)
    is_known = ~np.isnan(values)
    if not is_known.any():
        return Estimate(math.nan, low, high, len(values))
    least, most = (bootstrap(np.where(is_known, values, end)) for end in (low, high))
    return Estimate(float(np.median(values[is_known])), least.low, most.high, len(values))


def bounded(samples: Sequence[Float[np.ndarray, "..."]], statistic: Callable[..., tuple[Rows, Rows, Rows]]) -> Estimate:
    """Estimate a statistic of several samples that they may only bound, resampling each sample along its first axis.

    `statistic` takes one array for each sample, with one axis more in front, for resamples. It returns the statistic,
    and the least and the most that it can be, a row of each. `count` is that of all numbers together.
    """
    source = generator()
    drawn = [sample[picks(len(sample), source)] for sample in samples]
    with np.errstate(invalid="ignore"):
        value, _, _ = statistic(*(sample[None] for sample in samples))
        _, lows, highs = statistic(*drawn)
        return estimate(value[0], lows, highs, sum(sample.size for sample in samples))


def _of(samples: Sequence[Float[np.ndarray, "..."]], statistic: Callable[..., Rows]) -> Estimate:
    def known(*rows: Rows) -> tuple[Rows, Rows, Rows]:
        found = statistic(*rows)
        return found, found, found

    return bounded(samples, known)


def _apply(statistic: Callable[..., Any], rows: Float[np.ndarray, "resamples count"]) -> Float[np.ndarray, "resamples"]:
    drawn = statistic(rows, axis=1) if _takes_axis(statistic) else [statistic(row) for row in rows]
    return np.asarray(drawn, np.float64)


def _takes_axis(statistic: Callable[..., Any]) -> bool:
    try:
        return "axis" in inspect.signature(statistic).parameters
    except ValueError:  # a builtin such as max has no signature
        return False
