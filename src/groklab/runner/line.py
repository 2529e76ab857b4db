"""The straight line from one network to another: what is measured on the way."""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import xarray

from groklab.errors import InvalidSetting
from groklab.measures import Accuracy, Loss, Measure
from groklab.models import matched
from groklab.runner.kept import weights_at
from groklab.runner.measuring import refuse
from groklab.runner.observing import fitting, program_of, start
from groklab.runner.restore import plan_of
from groklab.store import Run
from groklab.training import State
from groklab.wide import float64

LEAST_POINTS = 2


def straight_line(
    begin: tuple[Run, int],
    end: tuple[Run, int],
    *,
    points: int = 21,
    measures: Sequence[Measure] = (Loss(), Accuracy()),
    match: bool = False,
) -> xarray.Dataset:
    """Return what measures say of (1 − s)θ + sθ′ at evenly many `s` from 0 to 1, on the data of the first run.

    Each end is a run and a step at which its weights were kept, such as two of one run, or the ends of two forks. With
    `match` the hidden units of the second network are first put into the order in which they are most like those of
    the first, which changes nothing of what it answers. Raise `InvalidSetting` where weights of the two differ in form,
    or cannot be matched, and `RunMissing` where a step was not kept.
    """
    if points < LEAST_POINTS:
        raise InvalidSetting(f"`points` must be at least {LEAST_POINTS}, the two ends, got {points}.")
    refuse(measures)
    plan = plan_of(begin[0]).replace(measures=tuple(measures))
    first = start(plan)
    with float64(plan.precision.needs_float64):
        here, there = (fitting(weights_at(*each), first.weights) for each in (begin, end))
        there = matched(here, there) if match else there
        program, shares = program_of(plan, here), np.linspace(0, 1, points)
        rows = [program.observe(State(_between(here, there, share), first.optimizer), 0)[0] for share in shares]
    columns = {name: ("s", np.array([np.asarray(row[name]) for row in rows])) for name in rows[0]}
    return xarray.Dataset(columns, {"s": shares})


def barrier(line: xarray.Dataset, name: str = "train_loss") -> float:
    """Return how far a loss rises on a line above the greater of its ends; 0 where it does not."""
    values = line[name].values
    return float(max(values.max() - max(values[0], values[-1]), 0.0))


def _between(here: Any, there: Any, share: float) -> Any:
    return jax.tree.map(lambda a, b: (a + jnp.asarray(share, a.dtype) * (b - a)).astype(a.dtype), here, there)
