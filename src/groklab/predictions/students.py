"""Linear students of linear teachers on drawn data, and sweeps of them: one eigendecomposition a set of examples.

The examples are those of the task `linear-teacher` with the same seed, and so are its teachers.
"""

import functools
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray
from jaxtyping import Float
from numpy.typing import ArrayLike

from groklab.errors import InvalidSetting, unknown
from groklab.tasks import LinearTeacher
from groklab.theory import DataSet, Descent, LinearStudent, Losses, Modes, Times, loss_at, losses, modes_of, times

TOLERANCE = 1e-3  # ε of the paper
SETTINGS = (*LinearStudent._fields, "tolerance")
Matrix = Float[np.ndarray, "_ _"]


def examples_for(problem: LinearStudent, inputs: int) -> int:
    """Return N, so that d_in / N is λ or next to it."""
    return round(inputs / problem.ratio)


@functools.lru_cache(maxsize=1)
def shown(task: LinearTeacher, seed: int) -> Matrix:
    """Return the examples to train on."""
    return task.examples(seed=seed).inputs[: task.size]


@functools.lru_cache(maxsize=64)  # 8 MB each with 1,000 inputs
def modes(task: LinearTeacher, seed: int) -> Modes:
    """Return the modes of the examples to train on."""
    return modes_of(shown(task, seed))


def descent(problem: LinearStudent, seed: int, inputs: int) -> Descent:
    """Return gradient descent on a data set drawn for a problem."""
    plain = LinearTeacher(inputs=inputs, size=examples_for(problem, inputs), validation=1)
    inputs_shown = shown(plain, seed)
    (teacher,) = plain.replace(outputs=problem.outputs).teacher(seed=seed)
    chance = np.random.default_rng([seed, 3])
    student = problem.alpha * chance.standard_normal(teacher.shape) / np.sqrt(2 * teacher.size)
    noise = problem.noise * chance.standard_normal((plain.size, problem.outputs))
    how = {"learning_rate": problem.learning_rate, "weight_decay": problem.weight_decay}
    data = DataSet(inputs_shown, inputs_shown @ teacher + noise, teacher)
    return Descent(data, student, modes=modes(plain, seed), **how)


def over(
    axes: Mapping[str, ArrayLike],
    *,
    inputs: int = 0,
    seeds: Sequence[int] = (0,),
    steps: ArrayLike = (),
    level: float = 0.95,
) -> xarray.Dataset:
    """Return when linear students come to an accuracy, and their losses, over every combination of some settings.

    `axes` are settings of `LinearStudent`, `ratio` among them, and `tolerance`, the paper's ε. Without `inputs` it is
    theory, of infinitely many; with some, descents on a data set of so many for each of `seeds`. The dataset has
    `memorized_at`, `generalized_at` and `delay` in steps, ∞ where it never comes, and at `steps` both losses.
    """
    _require(axes)
    lists = {name: np.ravel(values).tolist() for name, values in axes.items()}
    tolerances = np.array(lists.pop("tolerance", [TOLERANCE]), float)
    drawn = {"seed": list(seeds)} if inputs else {}
    at = np.array(steps, float)
    sizes = {**drawn, **lists}
    found: dict[str, list[Any]] = {name: [] for name in ("memorized_at", "generalized_at", "delay", *Losses._fields)}
    for point in itertools.product(*sizes.values()):
        settings = dict(zip(sizes, point, strict=True))
        seed = settings.pop("seed", None)
        both, curves = _of(LinearStudent(**settings).checked(), seed, inputs, tolerances, level, at)
        for name, values in {**both._asdict(), "delay": both.delay, **curves._asdict()}.items():
            found[name].append(values)
    shape, names = tuple(map(len, sizes.values())), tuple(sizes)
    data = xarray.Dataset(coords={**sizes, "tolerance": tolerances, **({"step": at} if at.size else {})})
    for name, values in found.items():
        is_loss = name in Losses._fields
        if at.size or not is_loss:
            last = ("step",) if is_loss else ("tolerance",)
            column = f"{name}_loss" if is_loss else name
            data[column] = ((*names, *last), np.array(values).reshape(*shape, -1))
    return data if "tolerance" in axes else data.isel(tolerance=0)


def _of(
    problem: LinearStudent,
    seed: int | None,
    inputs: int,
    tolerances: Float[np.ndarray, "tolerance"],
    level: float,
    at: Float[np.ndarray, "step"],
) -> tuple[Times, Losses]:
    if seed is None:
        return times(problem, tolerances, level), losses(problem, at)
    one = descent(problem, seed, inputs)
    return one.times(loss_at(level, tolerances, problem.outputs)), one.losses(at)


def _require(axes: Mapping[str, ArrayLike]) -> None:
    for name in axes:
        if name not in SETTINGS:
            raise InvalidSetting(unknown("setting of a linear student", name, SETTINGS))
    if "ratio" not in axes:
        raise InvalidSetting("`ratio` must be among the settings, inputs / examples, got none. Give ratio=[0.9].")
