"""What the claims measure, from the dataset of a sweep."""

import numpy as np
import xarray
from jaxtyping import Float

from groklab.errors import InvalidSetting
from groklab.estimates import Estimate, bootstrap, difference, median_time, success
from groklab.milestones import THRESHOLD
from groklab.papers.members import columns_of, each
from groklab.store import Run


def time(data: xarray.Dataset, name: str) -> Estimate:
    """Return the median of `memorized_at` or `generalized_at` over all runs, in steps, censored at their budgets."""
    return median_time(flat(data[name]), flat(data.budget))


def delay_ratio(data: xarray.Dataset) -> Estimate:
    """Return the median of generalized_at / memorized_at over the runs that memorized."""
    memorized = flat(data.memorized_at)
    chosen = np.isfinite(memorized) & (memorized > 0)
    return median_time(
        flat(data.generalized_at)[chosen] / memorized[chosen], flat(data.budget)[chosen] / memorized[chosen]
    )


def accuracy_at(data: xarray.Dataset, factor: float) -> Estimate:
    """Return validation accuracy at `factor` times memorized_at, the median over runs that were trained that long."""
    values = [
        float(run.validation_accuracy.dropna("step").sel(step=slice(factor * run.memorized_at, None))[0])
        for run in each(data)
        if factor * run.memorized_at <= run.budget
    ]
    return bootstrap(values)


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


def memorized(data: xarray.Dataset) -> Estimate:
    """Return the share of runs whose training accuracy reached 99 %."""
    found = np.isfinite(flat(data.memorized_at))
    return success(int(found.sum()), found.size)


def loss_peak(data: xarray.Dataset) -> Estimate:
    """Return the greatest validation loss over the first one, the median over runs."""
    losses = [columns_of(run)["validation_loss"] for run in each(data)]
    return bootstrap([_late(loss.max()) / loss[0] for loss in losses])


def last_loss(data: xarray.Dataset) -> Estimate:
    """Return the last validation loss in nats, the median over runs."""
    return bootstrap([_late(columns_of(run)["validation_loss"][-1]) for run in each(data)])


def slope_of_times(data: xarray.Dataset, name: str) -> Estimate:
    """Return the slope of ln(median time) against the fraction in percentage points.

    Fractions whose median run did not get there within its budget have no median and are left out: the slope is of
    the rest, at least three. The interval resamples the runs of each fraction.
    """
    percent = 100 * np.asarray(data.fraction.values, float)
    times = data[name].transpose("fraction", "seed").values
    random = np.random.default_rng(0)
    draws = random.integers(0, times.shape[1], (2000, *times.shape))
    slopes = [_slope(percent, _medians(np.take_along_axis(times, draw, axis=1))) for draw in draws]
    value = _slope(percent, _medians(times))
    low, high = np.nanquantile(slopes, (0.025, 0.975)) if np.isfinite(slopes).any() else (-np.inf, np.inf)
    return Estimate(value, float(low), float(high), times.size)


def flat(values: xarray.DataArray) -> Float[np.ndarray, "runs"]:
    """Return the numbers of all runs in one row."""
    return np.asarray(values.values, float).reshape(-1)


def _medians(times: np.ndarray) -> np.ndarray:
    """Return the median of each row: of an even number the earlier one, as `median_time` does."""
    return np.quantile(times, 0.5, axis=1, method="inverted_cdf")


def _late(loss: float) -> float:
    """Return a loss that diverged, nan, as ∞."""
    return float(np.nan_to_num(loss, nan=np.inf))


def _slope(percent: np.ndarray, times: np.ndarray) -> float:
    finite = np.isfinite(times)
    if finite.sum() < 3:
        return float("nan")
    return float(np.polyfit(percent[finite], np.log(times[finite]), 1)[0])


def output_rows(run: Run) -> Float[np.ndarray, "classes width"]:
    """Return the rows of the output layer of a finished run, one for each answer."""
    saved = run.checkpoint()
    if saved is None or "weights.head" not in saved[0]:
        raise InvalidSetting(f"`{run.name}` has no output layer of its own: its head is tied or it was not trained.")
    return np.asarray(saved[0]["weights.head"], float).T
