"""What the claims measure, from the dataset of a sweep."""

import math

import numpy as np
import xarray
from jaxtyping import Float

from groklab.estimates import (
    Estimate,
    bootstrap,
    bounded,
    censored_slope,
    difference,
    median_time,
    partly_known,
    success,
)
from groklab.milestones import THRESHOLD
from groklab.papers.members import columns_of, each, flat


def time(data: xarray.Dataset, name: str) -> Estimate:
    """Return the median of `memorized_at` or `generalized_at` over all runs, in steps, censored at their budgets."""
    return median_time(flat(data[name]), flat(data.budget))


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


def accuracy_at(data: xarray.Dataset, factor: float) -> Estimate:
    """Return validation accuracy at `factor` times memorized_at, the median over runs.

    A run that settled at 99 % and ended before counts with its last accuracy. One that never memorized, or whose
    budget is too short, is unknown: anything from 0 to 1.
    """
    return partly_known([_accuracy_at(run, factor) for run in each(data)], 0.0, 1.0)


def best(data: xarray.Dataset) -> xarray.DataArray:
    """Return the best validation accuracy of every run."""
    return data.validation_accuracy.max("step")


def area(data: xarray.Dataset) -> Float[np.ndarray, "seeds"]:
    """Return the best validation accuracy averaged over fractions, for every seed."""
    return np.asarray(best(data).mean("fraction").values, float)


def area_difference(left: xarray.Dataset, right: xarray.Dataset) -> Estimate:
    """Return by how much the mean over fractions and seeds of the best validation accuracy is greater at the left."""
    return difference(area(left), area(right), np.mean)


def needed(data: xarray.Dataset, threshold: float = THRESHOLD) -> Float[np.ndarray, "seeds"]:
    """Return the least fraction at which each seed's best validation accuracy reaches the threshold, else ∞."""
    reached = (best(data) >= threshold).transpose("seed", "fraction").values
    fractions = np.asarray(data.fraction.values, float)
    return np.where(reached, fractions, np.inf).min(axis=1)


def ratio_of_needs(
    ours: Float[np.ndarray, "seeds"], theirs: Float[np.ndarray, "seeds methods"], largest: float
) -> Estimate:
    """Return what one method needs over what others do: medians over seeds, and of the others' over methods.

    A need of ∞ is one of more than `largest`, so that the ratio is known as far as that tells. Both sides are
    resampled, the others by whole seeds.
    """

    def ratio(left: np.ndarray, right: np.ndarray):
        left, right = np.median(left, axis=1), np.median(np.median(right, axis=1), axis=1)
        low, high = np.minimum(left, largest) / right, left / np.minimum(right, largest)
        return np.where(np.isinf(left) & np.isinf(right), np.nan, high), low, high

    return bounded([ours, theirs], ratio)


def memorized(data: xarray.Dataset) -> Estimate:
    """Return the share of runs whose training accuracy reached 99 %."""
    found = np.isfinite(flat(data.memorized_at))
    return success(int(found.sum()), found.size)


def loss_peak(data: xarray.Dataset) -> Estimate:
    """Return the greatest validation loss until generalizing over the first one, the median over runs."""
    return bootstrap([_loss_peak(run) for run in each(data)])


def peak_before(data: xarray.Dataset) -> Estimate:
    """Return the step of the greatest validation loss over generalized_at, the median over runs.

    A run that did not generalize within its budget, or did by chance at step 0, is unknown: its ratio may be anything
    from 0.
    """
    times = flat(data.generalized_at)
    peaks = np.array([_step_of_peak(run) for run in each(data)])
    is_known = np.isfinite(times) & (times > 0)
    return partly_known(np.where(is_known, peaks / np.where(is_known, times, 1), np.nan), 0.0, np.inf)


def last_loss(data: xarray.Dataset) -> Estimate:
    """Return the last validation loss in nats, the median over runs."""
    return bootstrap([_late(columns_of(run)["validation_loss"][-1]) for run in each(data)])


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
