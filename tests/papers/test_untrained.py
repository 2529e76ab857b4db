"""Every figure is judged and drawn also from runs that got nowhere: nothing may be taken for granted of a run."""

import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import xarray

from groklab.papers import catalogue
from groklab.papers.claims import judge
from groklab.papers.figure import Results
from groklab.papers.nanda2023 import ablations, mainline
from groklab.papers.nanda2023.changes import CHANGES, ONE, WHOLE
from groklab.papers.reproduce import draw
from groklab.papers.variation import varied
from groklab.runner import dataset
from groklab.store import Folder, Run, Store
from groklab.training import encode, evaluation, prepare, step

INSIDE = {"progress", "spectra", "algorithm", "ablations", "transformer"}  # look at weights, which only real runs have
LONG = {"addition"}  # its walk takes minutes on a map that leads nowhere
INSIDE_TOO = {"their-weights-copy"}
# What a network cannot do is true of one that has learnt nothing. Another claim of its figure asks for the rest.
TRUE_OF_BEGINNERS = {
    "no-induction-in-one-block",
    "without-decay-never",
    "training-loss-is-high",
    "small-weights-cannot-fit",
    "usual-weights-do-not",
    "no-second-descent",
}
REAL = {"mnist", "qm9", "imdb"}  # their figures share everything with those of their stand-ins
ENTRIES = [
    entry
    for entry in catalogue.named(["nanda2023", "olsson2022", "omnigrok2023"])
    if entry.name not in INSIDE | LONG and entry.name.split("-")[0] not in REAL
]
STEPS = np.array([0, 1, 2])
NAMES = {}
NOTHING = Results("laptop", {}, Store("nowhere"), {})


def recorded(plan):
    """Return the names of the numbers that a plan records, without compiling anything."""
    key = json.dumps([encode(plan.model), encode(plan.task), [encode(each) for each in plan.measures]])
    if key not in NAMES:
        with jax.enable_x64(True):
            setup, member, _ = prepare(plan)
            state = jax.eval_shape(lambda: step.start(setup, member))
            now = jnp.asarray(0, jnp.int32)
            NAMES[key] = list(jax.eval_shape(lambda state: evaluation.observe(setup, member, state, now)[0], state))
    return NAMES[key]


def of_a_beginner(name):
    """Return about what a network that has learnt nothing records under a name."""
    special = {"validation_in_context": -0.05, "copying": -0.7}
    return special.get(name.partition(".")[0], 2.0 if "loss" in name else 0.1)


class Untrained(Run):
    """Stands for a run that recorded about the same numbers three times."""

    def __init__(self, plan, seed):
        super().__init__(Folder(plan.id))
        self._plan = plan
        self._random = np.random.default_rng(seed)

    def metrics(self):
        names = ("train_accuracy", "validation_accuracy", *recorded(self._plan))
        noise = 1 + 0.1 * self._random.random((len(names), len(STEPS)))
        return {"step": STEPS} | {name: of_a_beginner(name) * each for name, each in zip(names, noise, strict=True)}


class Beginners(Store):
    """Stands for a store of such runs."""

    def __init__(self, runs):
        super().__init__("nowhere")
        self._runs = {run.name: run for run in runs}

    def named(self, name):
        return self._runs[name]


def untrained(figure):
    plans = {name: sweep.plans() for name, sweep in figure.sweeps("laptop").items()}
    runs = {name: [Untrained(plan, seed) for seed, plan in enumerate(found)] for name, found in plans.items()}
    data = {name: dataset(sweep, runs[name]) for name, sweep in figure.sweeps("laptop").items()}
    store = Beginners(run for found in runs.values() for run in found)
    made = zip(
        (run for found in runs.values() for run in found), (p for each in plans.values() for p in each), strict=True
    )
    return Results("laptop", data, store, {run.name: plan for run, plan in made})


def holding(figure, results):
    """Return the claims that hold, those left out that look at weights."""
    judged = {claim.name: judge(claim, "laptop", results) for claim in figure.claims if claim.name not in INSIDE_TOO}
    return {name for name, one in judged.items() if one is not None and one.verdict == "holds"}


@pytest.mark.usefixtures("data_without_files")
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.paper}/{entry.name}")
def test_nothing_is_said_of_runs_that_got_nowhere_and_they_are_drawn(entry, tmp_path):
    figure = varied(catalogue.load(entry.paper, entry.name), ["seed=5,6"])  # nor the number of seeds
    results = untrained(figure)
    assert holding(figure, results) <= TRUE_OF_BEGINNERS
    draw(figure, results, str(tmp_path / "figure.png"))
    assert (tmp_path / "figure.png").stat().st_size > 10_000


def without_circuit(level):
    """Return what may be inside a run that has not generalized: every number is 1, except for its losses."""
    inside = [
        "weight_norm",
        "gini.embedding",
        "gini.output",
        "key_frequencies",
        "output_energy",
        "logits_explained",
        "neurons_explained",
        "directions_explained",
        "excluded_loss.train",
        "restricted_loss.all",
        "trig_loss.all",
        "full_loss.all",
        *(f"attention_{what}.{head}" for what in ("explained", "to_end") for head in range(4)),
    ]
    columns = dict.fromkeys(inside, 1.0) | {"train_loss": level, "validation_loss": level}
    values = {name: ("step", np.full(3, value)) for name, value in columns.items()}
    return xarray.Dataset(values, {"step": STEPS}, {"p": 113})


@pytest.mark.parametrize("level", [2.0, 7.0, np.nan])
@pytest.mark.parametrize("name", ["progress", "spectra", "algorithm"])
def test_nothing_is_said_of_a_circuit_that_was_not_learnt(name, level, monkeypatch):
    """Without a circuit, all else that claims ask for may still be there: shares of 1, ratios below 1."""
    figure = catalogue.load("nanda2023", name)
    monkeypatch.setattr(mainline, "evolutions", lambda results: [without_circuit(level)] * 3)
    looking = [claim for claim in figure.claims if claim.name not in {"it-groks", "loss-peaks"}]
    assert looking
    assert not holding(figure._replace(claims=looking), NOTHING)


@pytest.mark.parametrize("level", [2.0, 7.0, np.nan])
def test_nothing_is_said_of_changes_to_a_network_that_has_not_learnt(level, monkeypatch):
    figure = catalogue.load("nanda2023", "ablations")
    fake = [dict.fromkeys((WHOLE, *CHANGES, f"{ONE} 1"), level)] * 3
    monkeypatch.setattr(ablations, "_found", lambda results: fake)
    monkeypatch.setattr(ablations, "evolutions", lambda results: [{"neurons_explained": [0.0]}] * 3)
    assert not holding(figure, NOTHING)
