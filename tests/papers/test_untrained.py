"""Every figure is judged and drawn also from runs that got nowhere: nothing may be taken for granted of a run."""

import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from groklab.papers import catalogue
from groklab.papers.claims import judge
from groklab.papers.figure import Results
from groklab.papers.reproduce import draw
from groklab.runner import dataset
from groklab.store import Folder, Run, Store
from groklab.training import encode, loop, prepare, step

INSIDE = {"progress", "spectra", "algorithm", "ablations"}  # look at weights, which only real runs have
INSIDE_TOO = {"their-weights-copy"}
ENTRIES = [entry for entry in catalogue.named(["nanda2023", "olsson2022"]) if entry.name not in INSIDE]
STEPS = np.array([0, 1, 2])
NAMES = {}


def recorded(plan):
    """Return the names of the numbers that a plan records, without compiling anything."""
    key = json.dumps([encode(plan.model), encode(plan.task), [encode(each) for each in plan.measures]])
    if key not in NAMES:
        with jax.enable_x64(True):
            setup, member, _ = prepare(plan)
            state = jax.eval_shape(lambda: step.start(setup, member))
            now = jnp.asarray(0, jnp.int32)
            NAMES[key] = list(jax.eval_shape(lambda state: loop.observe(setup, member, state, now)[0], state))
    return NAMES[key]


class Untrained(Run):
    """Stands for a run that recorded the same numbers three times."""

    def __init__(self, plan, seed):
        super().__init__(Folder(plan.id))
        self._plan = plan
        self._random = np.random.default_rng(seed)

    def metrics(self):
        columns = {name: np.full(len(STEPS), 2.0 + 0.1 * self._random.random()) for name in recorded(self._plan)}
        accuracies = {name: np.full(len(STEPS), 0.1) for name in ("train_accuracy", "validation_accuracy")}
        return {"step": STEPS, **columns, **accuracies}


def untrained(figure):
    sweeps = figure.sweeps("laptop")
    data = {
        name: dataset(sweep, [Untrained(plan, seed) for seed, plan in enumerate(sweep.plans())])
        for name, sweep in sweeps.items()
    }
    return Results("laptop", data, Store("nowhere"), {})


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.paper}/{entry.name}")
def test_runs_that_got_nowhere_are_judged_and_drawn(entry, tmp_path):
    figure = catalogue.load(entry.paper, entry.name)
    results = untrained(figure)
    judged = [judge(claim, "laptop", results) for claim in figure.claims if claim.name not in INSIDE_TOO]
    judged = [one for one in judged if one is not None]
    assert any(one.verdict != "holds" for one in judged)
    draw(figure, results, str(tmp_path / "figure.png"))
    assert (tmp_path / "figure.png").stat().st_size > 10_000
