"""When a recorded loss first falls below a level, from the dataset of a sweep."""

import numpy as np
import xarray

from groklab.estimates import Estimate, median_time
from groklab.papers.members import flat

LEARNT = 0.1  # nats: the level at which the sheet compares train and test


def first_below(data: xarray.Dataset, name: str, level: float = LEARNT) -> xarray.DataArray:
    """Return the first recorded step at which a loss is below a level, ∞ where it never was."""
    is_below = data[name] < level
    steps = data.step.values[is_below.argmax("step").values].astype(float)
    return xarray.where(is_below.any("step"), xarray.DataArray(steps, is_below.any("step").coords), np.inf)


def time_below(data: xarray.Dataset, name: str, level: float = LEARNT) -> Estimate:
    """Return the median over runs of the first step below a level, censored at their budgets."""
    return median_time(flat(first_below(data, name, level)), flat(data.budget))


def delay(data: xarray.Dataset, level: float = LEARNT, *, validation_level: float | None = None) -> Estimate:
    """Return the median over runs of how many times later validation loss is below a level than training loss.

    A run whose training loss never was has a ratio of which nothing is known but that it is at least 0.
    """
    train = flat(first_below(data, "train_loss", level))
    validation = flat(first_below(data, "validation_loss", level if validation_level is None else validation_level))
    is_known = np.isfinite(train)
    start = np.where(is_known, train, 1)
    ratio = np.where(is_known, validation / start, np.inf)
    return median_time(ratio, np.where(is_known, flat(data.budget) / start, 0.0))
