"""When a recorded loss first falls below a level, from the dataset of a sweep."""

import numpy as np
import xarray
from jaxtyping import Float

from groklab.estimates import Estimate, median_time
from groklab.papers.members import flat
from groklab.papers.parts import measure

Steps = Float[np.ndarray, "runs"]
LEARNT = 0.1  # nats: Nanda et al. 2023 compare when train and test loss pass it


def first_below(data: xarray.Dataset, name: str, level: float = LEARNT) -> xarray.DataArray:
    """Return the first recorded step at which a loss is below a level, ∞ where it never was."""
    is_below = data[name] < level
    steps = data.step.values[is_below.argmax("step").values].astype(float)
    return xarray.where(is_below.any("step"), xarray.DataArray(steps, is_below.any("step").coords), np.inf)


@measure("median step of {name} < {level:g}")
def time_below(data: xarray.Dataset, name: str, level: float = LEARNT) -> Estimate:
    """Return the median over runs of the first step below a level, censored at their budgets."""
    return median_time(flat(first_below(data, name, level)), flat(data.budget))


@measure("step of validation loss < {level:g} / step of training loss < {train_level:g}")
def delay_ratio(data: xarray.Dataset, level: float = LEARNT, train_level: float = LEARNT) -> Estimate:
    """Return the median over runs of how many times later validation loss is below a level than training loss."""
    validation, train = first_below(data, "validation_loss", level), first_below(data, "train_loss", train_level)
    return times_later(flat(validation), flat(train), flat(data.budget))


def times_later(late: Steps, soon: Steps, budget: Steps) -> Estimate:
    """Return the median over runs of late / soon, the late step censored at its budget.

    Of a run whose sooner step is not known nothing is known but that its ratio is at least 0.
    """
    is_known = np.isfinite(soon)
    start = np.where(is_known, soon, 1)
    return median_time(np.where(is_known, late / start, np.inf), np.where(is_known, budget / start, 0.0))
