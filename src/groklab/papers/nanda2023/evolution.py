"""What is inside the main runs, from the weights that they kept on their way."""

import functools

import numpy as np
import xarray

from groklab.measures import Accuracy, Loss, Neurons, Progress, Spectrum, WeightNorm, progress
from groklab.papers.figure import Results
from groklab.phases import Phases, phases
from groklab.runner import measured, weights_at
from groklab.store import Run
from groklab.tasks import BinaryTable, Modular
from groklab.training import Plan


def modulus(plan: Plan) -> int:
    """Return p of a run on residues modulo p."""
    assert isinstance(plan.task, BinaryTable)
    assert isinstance(plan.task.operation, Modular)
    return plan.task.operation.p


@functools.cache
def keys_of(plan: Plan, run: Run) -> tuple[int, ...]:
    """Return the key frequencies of the finished network; they are used at all earlier steps too, as in the paper."""
    return progress.keys_of(weights_at(run), modulus(plan))


def evolution(run: Run) -> xarray.Dataset:
    """Return losses, norms, spectra and progress measures by step."""
    return measured(run, (Accuracy(), Loss(), WeightNorm(), Spectrum(), Progress(), Neurons()))


def evolutions(results: Results, name: str) -> list[xarray.Dataset]:
    """Return what is inside every run of a sweep, in order."""
    return [evolution(run) for _, run in results.runs(name)]


def phases_of(data: xarray.Dataset, p: int) -> Phases:
    """Return the phases of one run."""
    return phases(data.step.values, data.train_loss.values, data.validation_loss.values, float(np.log(p)))
