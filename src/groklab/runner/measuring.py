"""What a run's snapshots say, measured after the run."""

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
import xarray

from groklab.errors import InvalidSetting
from groklab.measures import Measure, UpdateNorm
from groklab.runner.arrays import from_arrays, to_arrays
from groklab.store import Run
from groklab.training import Plan, Program, State, prepare


def measured(plan: Plan, run: Run, measures: Sequence[Measure], steps: Sequence[int] | None = None) -> xarray.Dataset:
    """Return what measures say of the weights that a run has kept, by step: of all, or of the given steps.

    Raise `RunMissing` where a step was not kept, `InvalidSetting` where a measure does not suit the run.
    """
    if any(isinstance(measure, UpdateNorm) for measure in measures):
        raise InvalidSetting(
            "`UpdateNorm` needs the optimizer's state, which snapshots do not hold. Record it instead."
        )
    setup, member, _ = prepare(plan.replace(measures=tuple(measures)))
    program = Program([setup], [member])
    start = program.start()
    chosen = run.snapshots() if steps is None else list(steps)
    rows = []
    for step in chosen:
        numbers, _ = program.observe(_kept(run, step, start), step)
        rows.append({name: np.asarray(value)[0] for name, value in numbers.items()})
    columns = {name: ("step", np.array([row[name] for row in rows])) for name in (rows[0] if rows else ())}
    return xarray.Dataset(columns, {"step": chosen}, {"run": run.id})


def weights_at(plan: Plan, run: Run, step: int) -> Any:
    """Return the weights that a run has kept at a step; raise `RunMissing` where it has not."""
    setup, member, _ = prepare(plan)
    return jax.tree.map(lambda leaf: leaf[0], _kept(run, step, Program([setup], [member]).start()).weights)


def _kept(run: Run, step: int, start: State) -> State:
    """Return the state that a run had at a step, except that the optimizer's is that of the start."""
    optimizer = {name: array for name, array in to_arrays(start, 0).items() if name.startswith("optimizer.")}
    return from_arrays(optimizer | run.snapshot(step), jax.tree.map(np.asarray, start), run.name)
