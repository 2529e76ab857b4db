"""What weights say: those that a run has kept, measured after it, or any that one has."""

import contextlib
import functools
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray

from groklab.errors import InvalidSetting, RunDamaged, StoreError
from groklab.measures import Measure
from groklab.models import Model
from groklab.runner.kept import Kept
from groklab.runner.observing import observed, program_of
from groklab.runner.restore import plan_of
from groklab.store import Columns, Run
from groklab.tasks import Task
from groklab.training import Plan, Precision, Seeds, encode

Network = tuple[Model, Any]  # a model and its weights
FLOAT32 = Precision()


def measured(
    network: Run | Network,
    measures: Measure | Sequence[Measure],
    steps: int | Sequence[int] | np.ndarray | None = None,
    *,
    task: Task | None = None,
    seed: int = 0,
    precision: Precision = FLOAT32,
) -> xarray.Dataset:
    """Return what measures say of the weights that a run has kept, by step: of all, or of the given steps.

    The weights of the last checkpoint count among them, also where none were kept on the way. A measure that leaves
    open what the finished network decides, such as its key frequencies, takes it from these last weights, for all
    steps. What is said of all steps of a finished run is kept beside it, and not worked out again.

    In the place of a run there may be a model and its weights, a pair as `load_exported` returns it. Then `task` is
    what the network is measured on, divided into training and validation by `seed`, and nothing is by step. A run's own
    numbers come out with the `seeds.split` and the `precision` of its plan.

    Raise `RunMissing` where a step was not kept, `InvalidSetting` where a measure does not suit the task or the model,
    or weights do not.
    """
    asked: list[Any] = list(measures) if isinstance(measures, list | tuple) else [measures]
    refuse(asked)
    if isinstance(network, Run):
        if (task, seed, precision) != (None, 0, FLOAT32):
            raise InvalidSetting("`task`, `seed` and `precision` must be left out with a run, whose plan has them.")
        return _of_run(network, asked, steps)
    model, weights, task = _given(network, task, steps)
    seeds = Seeds(split=seed)
    plan = Plan(task=task, model=model, measures=tuple(asked), precision=precision, seeds=seeds)
    return xarray.Dataset(observed(plan, weights))


def _of_run(run: Run, asked: Sequence[Measure], steps: int | Sequence[int] | np.ndarray | None) -> xarray.Dataset:
    kept = Kept(run)
    wanted = kept.steps if steps is None else [int(step) for step in np.atleast_1d(steps)]
    name = _name(asked, wanted)
    columns = _recalled(run, name)
    if columns is None:
        columns = _measured(kept, asked, wanted)
        if steps is None and run.is_finished():
            _remember(run, name, columns)
    values = {key: ("step", column) for key, column in columns.items() if key != "step"}
    return xarray.Dataset(values, {"step": columns["step"]}, {"run": run.id})


def refuse(measures: Sequence[Any]) -> None:
    for measure in measures:
        if not isinstance(measure, Measure):
            got = f"the class {measure.__name__}" if isinstance(measure, type) else repr(measure)
            raise InvalidSetting(f"`measures` must be measures, such as Loss(), got {got}.")
        if measure.needs_update:
            raise InvalidSetting(
                f"`{type(measure).__name__}` needs the optimizer's state, which kept weights do not hold. "
                f"Record it while it is trained: gl.Plan(measures=(..., gl.measures.{type(measure).__name__}()))."
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


def _remember(run: Run, name: str, columns: Columns) -> None:
    with contextlib.suppress(StoreError):  # a store that can only be read is measured all the same
        run.remember(name, columns)


def _measured(kept: Kept, measures: Sequence[Measure], steps: Sequence[int]) -> Columns:
    plan = plan_of(kept.run).replace(measures=tuple(measures))
    first = kept.begun(plan)
    program = program_of(plan, kept.weights(kept.steps[-1], first))
    rows = [program.observe(kept.state(step, first), step)[0] for step in steps]
    columns = {name: np.array([np.asarray(row[name]) for row in rows]) for name in (rows[0] if rows else ())}
    return {"step": np.array(steps, np.int64), **columns}


def _given(network: Any, task: Task | None, steps: Any) -> tuple[Model, Any, Task]:
    if not (isinstance(network, tuple) and len(network) == 2 and isinstance(network[0], Model)):
        raise InvalidSetting(
            f"`network` must be a run, or a model and its weights, got {type(network).__name__}. "
            "Try measured((model, weights), ...)."
        )
    if task is None:
        raise InvalidSetting("`task` must be what the network is measured on, got none. Try task=plan.task.")
    if steps is not None:
        raise InvalidSetting(f"`steps` must be left out with a network, which has one set of weights, got {steps!r}.")
    return *network, task


def _name(measures: Sequence[Measure], steps: Sequence[int]) -> str:
    text = json.dumps([[encode(measure) for measure in measures], list(steps), _source()], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@functools.cache
def _source() -> str:
    """Return a hash of the code that measures: what an older version found is not what this one finds."""
    root = Path(__file__).parents[1]
    files = sorted(path for part in ("measures", "models") for path in (root / part).rglob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
