"""What is inside the main runs, from the weights that they kept on their way."""

import functools
from collections.abc import Mapping

import numpy as np
import xarray

from groklab.errors import InvalidSetting
from groklab.measures import Accuracy, Loss, Neurons, Progress, Spectrum, WeightNorm
from groklab.measures.circuits import progress
from groklab.papers.figure import Results
from groklab.papers.words import modulus
from groklab.phases import Phases, phases
from groklab.runner import measured, weights_at
from groklab.store import Run
from groklab.training import Plan, prepare

INSIDE = (Accuracy(), Loss(), WeightNorm(), Spectrum(), Progress(), Neurons())


def require_circuit(plans: Mapping[str, Plan]) -> None:
    """Raise `InvalidSetting` for runs in which no circuit that adds can be looked for on the way."""
    plan = plans["mainline"]
    modulus(plan)
    if plan.task.name != "addition":
        raise InvalidSetting(f"`operation` must be addition, got {plan.task.name}: the circuit looked for is of a + b.")
    if not plan.record.snapshots:
        raise InvalidSetting("`snapshots` must be above 1, got 0: the figure is drawn from weights kept on the way.")
    prepare(plan.replace(measures=INSIDE))


@functools.cache
def keys_of(plan: Plan, run: Run) -> tuple[int, ...]:
    """Return the key frequencies of the finished network; they are used at all earlier steps too, as in the paper."""
    return progress.keys_of(weights_at(run), modulus(plan))


def evolution(run: Run) -> xarray.Dataset:
    """Return losses, norms, spectra and progress measures by step."""
    return measured(run, INSIDE)


def evolutions(results: Results, name: str) -> list[xarray.Dataset]:
    """Return what is inside every run of a sweep, in order; each knows its modulus, `p`."""
    return [evolution(run).assign_attrs(p=modulus(plan)) for plan, run in results.runs(name)]


def phases_of(data: xarray.Dataset) -> Phases:
    """Return the phases of one run."""
    chance = float(np.log(data.attrs["p"]))
    return phases(data.step.values, data.train_loss.values, data.validation_loss.values, chance)
