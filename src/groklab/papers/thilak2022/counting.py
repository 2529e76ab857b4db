"""How many slingshots runs have, and when."""

import numpy as np
import xarray
from jaxtyping import Float

from groklab.estimates import Estimate, bootstrap, success
from groklab.papers.members import columns_of, each
from groklab.papers.parts import measure
from groklab.slingshots import slingshots_in, spikes_in


def counts(data: xarray.Dataset) -> Float[np.ndarray, "runs"]:
    """Return how many slingshots each run has."""
    return np.array([len(slingshots_in(columns_of(run))) for run in each(data)], float)


def spikes_after(data: xarray.Dataset, step: float = 0.0) -> Float[np.ndarray, "runs"]:
    """Return at how many moments after a step the loss of each run leaps."""
    return np.array([sum(spike > step for spike in spikes_in(columns_of(run))) for run in each(data)], float)


@measure("share of runs with a slingshot")
def share(data: xarray.Dataset) -> Estimate:
    """Return the share of runs with at least one slingshot."""
    found = counts(data) > 0
    return success(int(found.sum()), found.size)


@measure("slingshots of a run")
def number(data: xarray.Dataset) -> Estimate:
    """Return the number of slingshots of a run, the median over runs."""
    return bootstrap(counts(data))


@measure("share of runs whose loss leaps after step {step:,}")
def share_after(data: xarray.Dataset, step: int) -> Estimate:
    """Return the share of runs in which the training loss leaps after a step, and an example is wrong again."""
    found = spikes_after(data, step) > 0
    return success(int(found.sum()), found.size)
