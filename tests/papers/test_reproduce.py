import math
from pathlib import Path

import numpy as np
import pytest
from kinds import small_plan
from matplotlib import pyplot as plt

from groklab.errors import InvalidSetting, StoreError
from groklab.estimates import bootstrap
from groklab.models import MLP
from groklab.papers import ledger, reproduce
from groklab.papers.claims import Claim, Quantity, at_least, at_most
from groklab.papers.figure import Figure, plans_of
from groklab.papers.members import columns_of, each, milestones_of
from groklab.papers.reproduce import carry_out, draw, judged
from groklab.runner import Watch
from groklab.store import Store
from groklab.training import sweep_of

STEPS = 12
PLAN = small_plan(steps=STEPS, model=MLP(width=8, hidden=16))


def sweeps(scale):
    return {"seeds": sweep_of(PLAN, {"seed": range(3)})}


def refuse(results):
    raise InvalidSetting("`seeds` must give networks that differ, got 3 alike.")


def scatter(results):
    picture, axes = plt.subplots()
    axes.plot(results["seeds"].seed, results["seeds"].budget)
    return picture


def claim(name, measure, **rules):
    return Claim(name, "It says.", "source", Quantity("quantity", measure), rules, {"laptop": "Too few steps."})


CLAIMS = (
    claim("ends-in-time", lambda results: bootstrap(results["seeds"].budget.values), laptop=at_most(STEPS)),
    claim("never-ends", lambda results: bootstrap(results["seeds"].budget.values), laptop=at_least(STEPS + 1)),
    claim("cannot-be-measured", refuse, laptop=at_least(0)),
    claim("for-the-paper-alone", refuse, paper=at_least(0)),
)
TINY = Figure(sweeps, CLAIMS, scatter)


class Seen(Watch):
    """Keeps the names of the runs that were trained."""

    def __init__(self):
        self.names = set()

    def report(self, report):
        self.names.add(report.run)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return Store(str(tmp_path_factory.mktemp("tiny")))


@pytest.fixture(scope="module")
def results(store):
    return carry_out(TINY, store, "laptop")


def test_the_sweeps_are_carried_out(results, store):
    data = results["seeds"]
    assert data.run.dims == ("seed",)
    assert sorted(data.run.values) == [run.name for run in store.runs()]
    pairs = list(results.runs("seeds"))
    assert [plan.seeds.init for plan, _ in pairs] == [0, 1, 2]
    assert [run.plan()["id"] for _, run in pairs] == [plan.id for plan, _ in pairs]


def test_a_second_call_trains_nothing(results, store):
    watch = Seen()
    again = carry_out(TINY, store, "laptop", watch=watch)
    assert watch.names == set()
    assert again["seeds"].identical(results["seeds"])


def test_claims_are_judged(results):
    found = judged(TINY, results, "tiny2024", "fig0")
    assert [(each.claim.name, each.verdict, each.because) for each in found] == [
        ("ends-in-time", "holds", ""),
        ("never-ends", "fails", "Too few steps."),
        ("cannot-be-measured", "undecided", "`seeds` must give networks that differ, got 3 alike. Too few steps."),
    ]
    first = found[0]
    assert (first.paper, first.figure, first.scale) == ("tiny2024", "fig0", "laptop")
    assert (first.claim.expected, first.found) == ("≤ 12", (STEPS, STEPS, STEPS, 3))
    assert first.made.setting == "x + y mod 7, 50 % of the table, MLP, 1 hidden layer of 16, rate 0.001, λ = 1"
    assert first.made.resolution == 1.5
    assert first.made.seconds > 0
    assert "cores)" in first.made.hardware


def test_a_figure_is_drawn_into_a_file(results, tmp_path):
    target = str(tmp_path / "new" / "tiny.png")
    assert draw(TINY, results, target) == target
    assert Path(target).stat().st_size > 1000
    assert plt.get_fignums() == []


def test_a_file_that_cannot_be_written_is_one_sentence(results, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as caught:
        draw(TINY, results, str(tmp_path / "file" / "tiny.png"))
    assert "\n" not in str(caught.value)
    assert plt.get_fignums() == []


def test_the_runs_of_a_sweep_one_by_one(results):
    runs = each(results["seeds"])
    assert [str(run.run.values) for run in runs] == list(results["seeds"].run.values)
    for run in runs:
        columns = columns_of(run)
        assert columns["step"][-1] == STEPS
        assert not any(np.isnan(values).any() for values in columns.values())
        assert milestones_of(run).budget == STEPS
    two = results["seeds"].expand_dims("arm")
    assert len(each(two)) == 3
    assert len(each(two.isel(arm=0, seed=1))) == 1


def test_steps_after_a_run_diverged_are_kept(results):
    run = each(results["seeds"])[0].copy(deep=True)
    run.train_loss[3:] = math.nan
    assert columns_of(run)["step"][-1] == STEPS


def test_a_plan_in_two_sweeps_is_carried_out_once():
    both = {"one": sweeps("laptop")["seeds"], "other": sweep_of(PLAN, {"seed": range(1, 4)})}
    assert [plan.seeds.init for plan in plans_of(both)] == [0, 1, 2, 3]


@pytest.fixture
def tiny(monkeypatch):
    monkeypatch.setattr(reproduce.catalogue, "load", lambda paper, name: TINY)


@pytest.mark.usefixtures("results", "tiny")
def test_reproducing_enters_the_verdicts_and_says_where_the_picture_is(store):
    assert reproduce.planned("tiny2024", "fig0", "laptop") == 3
    done = reproduce.reproduce("tiny2024", "fig0", store)
    assert done.picture == f"{store.folder.local_path}/figures/tiny2024.fig0.laptop.png"
    assert Path(done.picture).is_file()
    found = ledger.read(store)
    assert [each.claim for each in found] == [each.claim for each in done.verdicts]
    assert found[:2] == done.verdicts[:2]
    assert math.isnan(found[2].found.value)


@pytest.mark.usefixtures("results")
def test_verdicts_are_kept_where_the_picture_cannot_be_drawn(store, monkeypatch):
    def broken(results):
        raise StoreError("`embed` needs what is not there.")

    monkeypatch.setattr(reproduce.catalogue, "load", lambda paper, name: TINY._replace(draw=broken))
    with pytest.raises(StoreError):
        reproduce.reproduce("tiny2024", "fig1", store)
    assert {each.figure for each in ledger.read(store)} >= {"fig1"}
