"""What claims measure of the runs of a sweep, from what they recorded."""

import math

import numpy as np
import xarray
from jaxtyping import Float

from groklab.estimates import (
    Estimate,
    bootstrap,
    censored_slope,
    median_time,
    partly_known,
    success,
)
from groklab.papers.members import columns_of, each, flat, last
from groklab.papers.parts import measure


@measure("median step of {name}")
def time(data: xarray.Dataset, name: str) -> Estimate:
    """Return the median of `memorized_at` or `generalized_at` over all runs, in steps, censored at their budgets."""
    return median_time(flat(data[name]), flat(data.budget))


@measure("generalized_at / memorized_at")
def delay_ratio(data: xarray.Dataset) -> Estimate:
    """Return the median of generalized_at / memorized_at over all runs, censored at their budgets.

    A run that never memorized, or did at step 0, may have any ratio: the lower end of the interval takes it as 0, the
    upper end as one that was never reached.
    """
    memorized = flat(data.memorized_at)
    is_known = np.isfinite(memorized) & (memorized > 0)
    if not is_known.any():
        return Estimate(math.nan, 0.0, math.inf, memorized.size)
    ratios, budgets = (flat(data[name])[is_known] / memorized[is_known] for name in ("generalized_at", "budget"))
    unknown = np.ones(memorized.size - len(ratios))
    least = median_time([*ratios, *0 * unknown], [*budgets, *unknown])
    most = median_time([*ratios, *np.inf * unknown], [*budgets, *budgets.max() * unknown])
    return Estimate(median_time(ratios, budgets).value, least.low, most.high, memorized.size)


@measure("validation accuracy at {factor} times the step of memorizing, or at the end of a run settled before")
def accuracy_at(data: xarray.Dataset, factor: float) -> Estimate:
    """Return validation accuracy at `factor` times memorized_at, the median over runs.

    A run that settled at 99 % and ended before counts with its last accuracy. One that never memorized, or whose
    budget is too short, is unknown: anything from 0 to 1.
    """
    return partly_known([_accuracy_at(run, factor) for run in each(data)], 0.0, 1.0)


@measure("best {name}")
def best(data: xarray.Dataset, name: str = "validation_accuracy") -> Estimate:
    """Return the best accuracy, the median over runs."""
    return bootstrap(flat(data[name].max("step")))


@measure("greatest {name} (nats)")
def highest(data: xarray.Dataset, name: str = "validation_loss") -> Estimate:
    """Return the greatest loss, the median over runs."""
    return bootstrap(flat(data[name].max("step")))


@measure("least {name} (nats)")
def lowest(data: xarray.Dataset, name: str = "validation_loss") -> Estimate:
    """Return the least loss, the median over runs."""
    return bootstrap(flat(data[name].min("step")))


@measure("share of runs that memorized")
def memorized(data: xarray.Dataset) -> Estimate:
    """Return the share of runs whose training accuracy reached the level of memorizing."""
    found = np.isfinite(flat(data.memorized_at))
    return success(int(found.sum()), found.size)


@measure("share of runs that generalized")
def generalized(data: xarray.Dataset) -> Estimate:
    """Return the share of runs whose validation accuracy reached the level of generalizing."""
    found = np.isfinite(flat(data.generalized_at))
    return success(int(found.sum()), found.size)


@measure("greatest validation loss until generalizing / first")
def loss_peak(data: xarray.Dataset) -> Estimate:
    """Return the greatest validation loss until generalizing over the first one, the median over runs."""
    return bootstrap([_loss_peak(run) for run in each(data)])


@measure("step of the peak / generalized_at")
def peak_before(data: xarray.Dataset) -> Estimate:
    """Return the step of the greatest validation loss over generalized_at, the median over runs.

    A run that did not generalize within its budget, or did by chance at step 0, is unknown: its ratio may be anything
    from 0.
    """
    times = flat(data.generalized_at)
    peaks = np.array([_step_of_peak(run) for run in each(data)])
    is_known = np.isfinite(times) & (times > 0)
    return partly_known(np.where(is_known, peaks / np.where(is_known, times, 1), np.nan), 0.0, np.inf)


@measure("last validation loss (nats)")
def last_loss(data: xarray.Dataset) -> Estimate:
    """Return the last validation loss in nats, the median over runs."""
    return bootstrap([_late(loss) for loss in last(data, "validation_loss")])


@measure("last norm of all weights / first")
def norm_left(data: xarray.Dataset) -> Estimate:
    """Return which share of its norm a network has at the end, the median over runs."""
    norms = [columns_of(run)["weight_norm"] for run in each(data)]
    return bootstrap([values[-1] / values[0] for values in norms])


def ratios(left: Float[np.ndarray, "runs"], right: Float[np.ndarray, "runs"]) -> Estimate:
    """Return the median ratio of two times, run by run; ∞ is what never came, and the ratio of two such is unknown."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return partly_known(left / right, 0.0, np.inf)


def over(above: Estimate, below: Estimate) -> Estimate:
    """Return the ratio of two estimates of positive numbers, each anywhere in its interval; ∞ is what never came."""
    value = above.value / below.value if math.isfinite(below.value) else math.nan
    low = above.low / below.high if math.isfinite(below.high) else 0.0
    return Estimate(value, low, above.high / below.low if below.low > 0 else math.inf, above.count)


def slope_of_times(data: xarray.Dataset, name: str) -> Estimate:
    """Return the slope of ln(time) against the fraction in percentage points, runs that did not get there censored."""
    percent = 100 * np.asarray(data.fraction.values, float)
    times, budgets = (np.asarray(data[key].transpose("fraction", "seed").values, float) for key in (name, "budget"))
    return censored_slope(percent, times, budgets)


def _accuracy_at(run: xarray.Dataset, factor: float) -> float:
    seen = run.validation_accuracy.dropna("step")
    step = factor * float(run.memorized_at)
    if step <= run.budget:
        return float(seen.sel(step=slice(step, None))[0])
    # Only a run that has settled is stopped before its budget.
    return float(seen[-1]) if step < np.inf and run.settled_at < np.inf else math.nan


def _loss_peak(run: xarray.Dataset) -> float:
    columns = columns_of(run)
    losses = columns["validation_loss"][columns["step"] <= float(run.generalized_at)]
    return _late(losses.max()) / losses[0]


def _step_of_peak(run: xarray.Dataset) -> float:
    columns = columns_of(run)
    return float(columns["step"][np.argmax(np.nan_to_num(columns["validation_loss"], nan=np.inf))])


def _late(loss: float) -> float:
    """Return a loss that diverged, nan, as ∞."""
    return float(np.nan_to_num(loss, nan=np.inf))
