"""What a run's snapshots say, measured after the run."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
import xarray

from groklab.errors import InvalidSetting
from groklab.measures import Measure, UpdateNorm
from groklab.runner.arrays import from_arrays, to_arrays
from groklab.store import Columns, Run
from groklab.training import Plan, Program, State, encode, prepare


def measured(plan: Plan, run: Run, measures: Sequence[Measure], steps: Sequence[int] | None = None) -> xarray.Dataset:
    """Return what measures say of the weights that a run has kept, by step: of all, or of the given steps.

    What is said of all of them is kept beside a finished run, and not worked out again. Raise `RunMissing` where a step
    was not kept, `InvalidSetting` where a measure does not suit the run.
    """
    if any(isinstance(measure, UpdateNorm) for measure in measures):
        raise InvalidSetting(
            "`UpdateNorm` needs the optimizer's state, which snapshots do not hold. Record it instead."
        )
    name = _name(measures)
    columns = run.recall(name) if steps is None else None
    if columns is None:
        columns = _measured(plan.replace(measures=tuple(measures)), run, run.snapshots() if steps is None else steps)
        if steps is None and run.is_finished():
            run.remember(name, columns)
    values = {key: ("step", column) for key, column in columns.items() if key != "step"}
    return xarray.Dataset(values, {"step": columns["step"]}, {"run": run.id})


def _measured(plan: Plan, run: Run, steps: Sequence[int]) -> Columns:
    setup, member, _ = prepare(plan)
    program = Program([setup], [member])
    start = program.start()
    rows = [program.observe(_kept(run, step, start), step)[0] for step in steps]
    columns = {name: np.array([np.asarray(row[name])[0] for row in rows]) for name in (rows[0] if rows else ())}
    return {"step": np.array(steps, np.int64), **columns}


def _name(measures: Sequence[Measure]) -> str:
    text = json.dumps([encode(measure) for measure in measures], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def weights_at(plan: Plan, run: Run, step: int) -> Any:
    """Return the weights that a run has kept at a step; raise `RunMissing` where it has not."""
    setup, member, _ = prepare(plan)
    return jax.tree.map(lambda leaf: leaf[0], _kept(run, step, Program([setup], [member]).start()).weights)


def _kept(run: Run, step: int, start: State) -> State:
    """Return the state that a run had at a step, except that the optimizer's is that of the start."""
    optimizer = {name: array for name, array in to_arrays(start, 0).items() if name.startswith("optimizer.")}
    return from_arrays(optimizer | run.snapshot(step), jax.tree.map(np.asarray, start), run.name)
