"""The main runs, and what is inside them, from the weights that they kept on their way."""

import functools
from collections.abc import Callable, Mapping

import numpy as np
import xarray

from groklab.errors import InvalidSetting
from groklab.estimates import partly_known
from groklab.measures import Accuracy, Loss, Neurons, Progress, Spectrum, WeightNorm
from groklab.measures.circuits import progress
from groklab.papers.claims import Quantity, Scale
from groklab.papers.crossings import LEARNT
from groklab.papers.figure import Results
from groklab.papers.nanda2023 import setups
from groklab.papers.words import modulus
from groklab.phases import Phases, phases
from groklab.runner import measured, weights_at
from groklab.store import Run
from groklab.training import Plan, Sweep, prepare

INSIDE = (Accuracy(), Loss(), WeightNorm(), Spectrum(), Progress(), Neurons())
NAME = "mainline"


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return the main run with every seed; it goes on after it has generalized."""
    changes = {"fraction": setups.FRACTION[scale], "steps": setups.BUDGET[scale], "stop_after": 0}
    return {NAME: setups.STANDARD.sweep(scale, **changes)}


def require_circuit(plans: Mapping[str, Plan]) -> None:
    """Raise `InvalidSetting` for runs in which no circuit that adds can be looked for on the way."""
    plan = plans[NAME]
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


def evolutions(results: Results) -> list[xarray.Dataset]:
    """Return losses, norms, spectra and progress measures by step of every run; each knows its modulus `p`."""
    return [measured(run, INSIDE).assign_attrs(p=modulus(plan)) for plan, run in results.runs(NAME)]


def phases_of(data: xarray.Dataset) -> Phases:
    """Return the phases of one run."""
    chance = float(np.log(data.attrs["p"]))
    return phases(data.step.values, data.train_loss.values, data.validation_loss.values, chance)


def has_learnt(data: xarray.Dataset) -> bool:
    """Whether a run ends with a validation loss that is low."""
    return bool(data.validation_loss[-1] < LEARNT)


def over_runs(words: str, number: Callable[[xarray.Dataset], float]) -> Quantity:
    """Return the median over runs of a number told from one run.

    Of a run that has not generalized nothing is known: what claims say of the circuit may hold there for other reasons.
    """

    def measure(results: Results):
        values = [number(data) if has_learnt(data) else np.nan for data in evolutions(results)]
        return partly_known(values, -np.inf, np.inf)

    return Quantity(words, measure)


def last(words: str, name: str, over: str | None = None) -> Quantity:
    """Return the last value of a column, or its ratio to that of another."""
    return over_runs(words, lambda data: float(data[name][-1] / (1 if over is None else data[over][-1])))
