"""What a run's weights say, measured after the run."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
import xarray

from groklab.errors import InvalidSetting, RunDamaged
from groklab.measures import Measure, UpdateNorm
from groklab.runner.arrays import from_arrays, to_arrays
from groklab.runner.restore import plan_of
from groklab.store import Columns, Run
from groklab.training import Program, State, encode, prepare


def measured(run: Run, measures: Sequence[Measure], steps: Sequence[int] | None = None) -> xarray.Dataset:
    """Return what measures say of the weights that a run has kept, by step: of all, or of the given steps.

    A run that kept none on its way still has its last. A measure that leaves open what the finished network decides,
    such as its key frequencies, takes it from the last weights, for all steps. What is said of all steps is kept beside
    a finished run, and not worked out again. Raise `RunMissing` where a step was not kept, `InvalidSetting` where a
    measure does not suit the run.
    """
    _refuse(measures)
    name = _name(measures)
    columns = _recalled(run, name) if steps is None else None
    if columns is None:
        columns = _measured(run, measures, _moments(run) if steps is None else steps)
        if steps is None and run.is_finished():
            run.remember(name, columns)
    values = {key: ("step", column) for key, column in columns.items() if key != "step"}
    return xarray.Dataset(values, {"step": columns["step"]}, {"run": run.id})


def weights_at(run: Run, step: int | None = None) -> Any:
    """Return the weights that a run has kept at a step, or its last; raise `RunMissing` where it has not."""
    setup, member, _ = prepare(plan_of(run))
    start = Program([setup], [member]).start()
    return jax.tree.map(lambda leaf: leaf[0], _kept(run, _moments(run)[-1] if step is None else step, start).weights)


def moments(run: Run) -> list[int]:
    """Return the steps whose weights there are: those kept on the way, or else that of the last checkpoint."""
    saved = run.status().get("step")
    return run.snapshots() or ([] if saved is None else [saved])


def _refuse(measures: Sequence[Any]) -> None:
    for measure in measures:
        if not isinstance(measure, Measure):
            raise InvalidSetting(f"`measures` must be measures, such as Loss(), got {measure!r}.")
        if isinstance(measure, UpdateNorm):
            raise InvalidSetting(
                "`UpdateNorm` needs the optimizer's state, which kept weights do not hold. Record it instead."
            )
    kinds = [type(measure).__name__ for measure in measures]
    if len(set(kinds)) < len(kinds):
        twice = next(kind for kind in kinds if kinds.count(kind) > 1)
        raise InvalidSetting(f"`measures` must be of different kinds, got {twice} twice. Ask for one after the other.")


def _recalled(run: Run, name: str) -> Columns | None:
    try:
        return run.recall(name)
    except RunDamaged:  # it can be worked out again
        return None


def _measured(run: Run, measures: Sequence[Measure], steps: Sequence[int]) -> Columns:
    plan = plan_of(run).replace(measures=tuple(measures))
    _, _, examples = prepare(plan)  # refuses measures that do not suit the task
    if not steps:
        return {"step": np.array([], np.int64)}
    settled = tuple(measure.settled(examples, weights_at(run)) for measure in measures)
    setup, member, _ = prepare(plan.replace(measures=settled))
    program = Program([setup], [member])
    start = program.start()
    rows = [program.observe(_kept(run, step, start), step)[0] for step in steps]
    return {
        "step": np.array(steps, np.int64),
        **{name: np.array([np.asarray(row[name])[0] for row in rows]) for name in rows[0]},
    }


def _name(measures: Sequence[Measure]) -> str:
    text = json.dumps([encode(measure) for measure in measures], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _kept(run: Run, step: int, start: State) -> State:
    """Return the state that a run had at a step, except that the optimizer's may be that of the start."""
    saved = run.checkpoint() if step not in run.snapshots() and step == run.status().get("step") else None
    if saved is not None:
        return from_arrays(saved[0], jax.tree.map(np.asarray, start), run.name)
    optimizer = {name: array for name, array in to_arrays(start, 0).items() if name.startswith("optimizer.")}
    return from_arrays(optimizer | run.snapshot(step), jax.tree.map(np.asarray, start), run.name)
