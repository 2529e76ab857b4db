"""Linear students that are carried out on data sets of the paper's size, and what theory says of them.

Both come as datasets of the form of a sweep's: (case, seed, step) and (case, step). Every step of a descent is to be
had from one eigendecomposition, so the size is the paper's on a laptop too.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import xarray
from jaxtyping import Float

from groklab.predictions.students import TOLERANCE, descent, examples_for
from groklab.theory import Descent, LinearStudent, Times, accuracy, loss_at, losses, times

INPUTS = 1000  # d_in
FRESH = 10_000  # examples on which answers are counted
LEVEL = 0.95  # of the accuracy at which a student has memorized, or generalizes
SEEDS = tuple(range(100, 108))
PARTS = ("train", "validation")
LOSSES = ("train_loss", "validation_loss")
Cases = Mapping[Any, LinearStudent]
Steps = Float[np.ndarray, "step"]


def realized(problem: LinearStudent, inputs: int = INPUTS) -> LinearStudent:
    """Return the problem with the ratio that whole numbers allow."""
    return problem._replace(ratio=inputs / examples_for(problem, inputs))


def carried_out(
    case: str, cases: Cases, steps: Steps, *, seeds: Sequence[int] = SEEDS, inputs: int = INPUTS
) -> xarray.Dataset:
    """Return losses of every case and seed at some steps, accuracies as they follow, and when both come to 95 %.

    Labels to validate on have no noise; times are left out where those to train on have some.
    """
    found: dict[str, Any] = {name: np.full((len(cases), len(seeds), len(steps)), np.nan) for name in LOSSES}
    found |= {name: np.full((len(cases), len(seeds)), np.nan) for name in Times._fields}
    for row, place, problem, one in _each(cases, seeds, inputs):
        known = dict(zip(LOSSES, one.losses(steps), strict=True))
        if not problem.noise:
            known |= one.times(loss_at(LEVEL, TOLERANCE, problem.outputs))._asdict()
        for name, values in known.items():
            found[name][row, place] = values
    data = xarray.Dataset(
        {name: ((case, "seed", "step")[: values.ndim], values) for name, values in found.items()},
        {case: list(cases), "seed": list(seeds), "step": steps},
    )
    return _with_accuracies(data.assign(budget=np.inf * xarray.ones_like(data.memorized_at)), case, cases).assign_attrs(
        setting=_words(cases, inputs)
    )


def counted(case: str, cases: Cases, steps: Sequence[int], *, seeds: Sequence[int] = SEEDS) -> xarray.Dataset:
    """Return the share of answers within ε, counted, of one output: of the examples shown, and of 10,000 fresh ones."""
    found = np.empty((2, len(cases), len(seeds), len(steps)))
    for row, place, _, one in _each(cases, seeds, INPUTS):
        fresh = np.random.default_rng([seeds[place], 4]).standard_normal((FRESH, INPUTS))
        wrong = np.concatenate([one.weights(step) - one.data.teacher for step in steps], axis=1)
        for part, inputs in enumerate((one.data.examples, fresh)):
            found[part, row, place] = ((inputs @ wrong) ** 2 < TOLERANCE).mean(0)
    return xarray.Dataset(
        {f"{part}_accuracy": ((case, "seed", "step"), each) for part, each in zip(PARTS, found, strict=True)},
        {case: list(cases), "seed": list(seeds), "step": list(steps)},
        {"setting": f"answers counted, {FRESH:,} fresh ones"},
    )


def _each(cases: Cases, seeds: Sequence[int], inputs: int) -> Iterator[tuple[int, int, LinearStudent, Descent]]:
    """Yield the place of a case and of a seed, the problem and its descent, those on the same inputs in a row."""
    order = sorted(range(len(cases)), key=lambda row: examples_for(list(cases.values())[row], inputs))
    for place, seed in enumerate(seeds):
        for row in order:
            problem = list(cases.values())[row]
            yield row, place, problem, descent(problem, seed, inputs)


def expected(case: str, cases: Cases, steps: Steps, *, inputs: int = INPUTS) -> xarray.Dataset:
    """Return what theory says of every case, with the ratio that whole numbers of examples allow."""
    problems = [realized(problem, inputs) for problem in cases.values()]
    curves = [losses(problem, steps) for problem in problems]
    both = [times(problem, TOLERANCE) for problem in problems]
    data = xarray.Dataset(
        {f"{part}_loss": ((case, "step"), [getattr(each, part) for each in curves]) for part in PARTS}
        | {name: (case, [float(getattr(each, name)) for each in both]) for name in Times._fields},
        {case: list(cases), "step": steps},
    )
    least = [float(loss_at(LEVEL, TOLERANCE, problem.outputs)) / 3 for problem in problems]
    return _with_accuracies(data, case, cases).assign(least=(case, least)).assign_attrs(setting="theory")


def _with_accuracies(data: xarray.Dataset, case: str, cases: Cases) -> xarray.Dataset:
    outputs = xarray.DataArray([problem.outputs for problem in cases.values()], {case: data[case]}, (case,))
    for part in PARTS:
        loss = data[f"{part}_loss"]
        data[f"{part}_accuracy"] = xarray.apply_ufunc(accuracy, loss, TOLERANCE, outputs)
    return data


def _words(cases: Cases, inputs: int) -> str:
    ratios = sorted({problem.ratio for problem in cases.values()})
    span = " to ".join(f"{ratio:g}" for ratio in dict.fromkeys((ratios[0], ratios[-1])))
    return f"linear student of {inputs:,} numbers, λ = {span}, η = 0.01, ε = {TOLERANCE:g}"
