"""The runs of a sweep's dataset, one by one, as the parts that draw single runs take them."""

import numpy as np
import xarray
from jaxtyping import Float

from groklab.milestones import Milestones, milestones
from groklab.store import Columns


def each(data: xarray.Dataset) -> list[xarray.Dataset]:
    """Return the runs of a sweep one by one, in order."""
    stacked = data.stack(member=data.run.dims) if data.run.ndim else data.expand_dims("member")
    return [stacked.isel(member=at) for at in range(stacked.sizes["member"])]


def along(data: xarray.Dataset, setting: str, least: float = -np.inf) -> list[xarray.Dataset]:
    """Return the runs at each value of a setting from some value on."""
    (dimension,) = data[setting].dims
    return [data.isel({dimension: place}) for place in np.flatnonzero(data[setting].values >= least)]


def columns_of(run: xarray.Dataset) -> Columns:
    """Return what a run recorded, without the steps at which it recorded nothing."""
    seen = ~np.isnan(run.train_accuracy.values)  # a loss is nan also where a run diverged
    names = [name for name in run.data_vars if run[name].dims == ("step",)]
    return {"step": run.step.values[seen]} | {str(name): run[name].values[seen] for name in names}


def at_step(columns: Columns, name: str, step: float) -> float:
    """Return what a run recorded at a step, or next after it; NaN beyond its end."""
    place = int(np.searchsorted(columns["step"], step))
    return float(columns[name][place]) if place < len(columns["step"]) else np.nan


def last(data: xarray.Dataset, name: str) -> Float[np.ndarray, "runs"]:
    """Return what every run recorded last under a name."""
    order = (*data.run.dims, "step")
    seen = data.train_accuracy.notnull().transpose(*order).values
    place = seen.shape[-1] - 1 - seen[..., ::-1].argmax(-1)
    return np.take_along_axis(data[name].transpose(*order).values, place[..., None], -1).reshape(-1).astype(float)


def milestones_of(run: xarray.Dataset) -> Milestones:
    """Return when a run memorized, generalized and settled."""
    seen = columns_of(run)
    return milestones(seen["step"], seen["train_accuracy"], seen["validation_accuracy"])


def flat(values: xarray.DataArray) -> Float[np.ndarray, "runs"]:
    """Return the numbers of all runs in one row."""
    return np.asarray(values.values, float).reshape(-1)
