"""A sweep carried out: one labelled dataset over its axes."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray

from groklab.milestones import CROSSINGS, milestones_in
from groklab.runner.execute import execute
from groklab.store import DEFAULT, Columns, Run, Store
from groklab.training import Plan, Sweep, encode, sweep_of


def sweep(
    plan: Plan,
    axes: Mapping[str, Any] | None = None,
    *,
    store: Store | str = DEFAULT,
    how: Mapping[str, Any] | None = None,
    **more: Any,
) -> xarray.Dataset:
    """Carry a plan out at every point of named axes, and return what was recorded.

    An axis is a setting with a list of values, `fraction=[0.3, 0.5]` or `seed=range(8)`; `sweep_of` tells what else it
    may be. Runs that the store holds finished are not trained again. `how` is passed on to `execute`. `dataset` tells
    what is returned.
    """
    grid = sweep_of(plan, {**(axes or {}), **more})
    place = store if isinstance(store, Store) else Store(store)
    return dataset(grid, execute(grid.plans(), place, **(how or {})))


def dataset(grid: Sweep, runs: Sequence[Run]) -> xarray.Dataset:
    """Return the runs of a sweep, in order, as one dataset.

    Over the axes: `run`, the name in the store; `memorized_at`, `generalized_at` and `settled_at`, ∞ where a run did
    not cross by `budget`, its last recorded step: a censored run counts as late, never as missing. A crossing is left
    out unless all runs recorded its accuracy: ∞ would say that they did not cross. `diverged_at`, ∞ for a run that did
    not. Over the axes and `step`: every
    recorded number, NaN where a run recorded nothing at a step, or never has this number at all.
    """
    columns = [run.metrics() for run in runs]
    names = tuple(axis.name for axis in grid.axes)
    records = [plan.record for plan in grid.plans()]
    found = [milestones_in(each, **its.thresholds()) for each, its in zip(columns, records, strict=True)]
    steps = np.unique(np.concatenate([each["step"] for each in columns]))
    variables: dict[str, Any] = {"run": (names, np.array([run.name for run in runs]).reshape(grid.shape))}
    crossed = [name for name, accuracy in CROSSINGS.items() if all(accuracy in each for each in columns)]
    for name in (*crossed, "diverged_at", "budget"):
        values = [getattr(each, name) for each in found]
        at = np.array([np.inf if value is None else value for value in values])
        variables[name] = (names, at.reshape(grid.shape))
    for name in recorded(columns):
        curves = np.stack([_at(each, name, steps) for each in columns])
        variables[name] = ((*names, "step"), curves.reshape(*grid.shape, len(steps)))
    about = {"plan": json.dumps(encode(grid.first)), "resolution": float(grid.first.record.growth)}
    return xarray.Dataset(variables, {**coordinates(grid), "step": steps}, about)


def coordinates(grid: Sweep) -> dict[str, Any]:
    """Return the labels along every axis; those of zipped settings each stand along the common dimension."""
    return {name: (axis.name, values) for axis in grid.axes for name, values in axis.coordinates.items()}


def recorded(columns: Sequence[Columns]) -> list[str]:
    """Return the names of the numbers that any run recorded, the norms of single tensors left out."""
    names = dict.fromkeys(name for each in columns for name in each)
    return [name for name in names if name not in ("run", "step") and not name.startswith("weight_norm.")]


def _at(columns: Columns, name: str, steps: np.ndarray) -> np.ndarray:
    values = columns.get(name, np.full(len(columns["step"]), np.nan, np.float16))
    # A whole number cannot be NaN: the smallest float that holds it can.
    placed = np.full(len(steps), np.nan, np.result_type(values.dtype, np.float16))
    placed[np.searchsorted(steps, columns["step"])] = values
    return placed
