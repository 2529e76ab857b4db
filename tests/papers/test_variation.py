"""Figures with something changed."""

import re

import numpy as np
import pytest
from kinds import small_plan
from matplotlib import pyplot as plt

from groklab.errors import InvalidSetting
from groklab.estimates import bootstrap
from groklab.models import MLP
from groklab.papers import catalogue, ledger, reproduce, variation
from groklab.papers.claims import SCALES, Claim, Quantity, at_least
from groklab.papers.figure import Figure
from groklab.papers.nanda2023 import ablations, mainline
from groklab.papers.variation import check, file_part, varied
from groklab.store import Store
from groklab.training import sweep_of

PLAN = small_plan(steps=12, model=MLP(width=8, hidden=16))
ENTRIES = catalogue.named(["power2022", "nanda2023", "olsson2022"])


def sweeps(scale):
    arms = {"weak": {"weight_decay": 0.1}, "strong": {"optimizer.weight_decay": 1.0}}
    return {
        "seeds": sweep_of(PLAN, {"seed": range(3)}),
        "decays": sweep_of(PLAN, {"decay": arms, "fraction": (0.5, 0.7), "seed": range(2)}),
    }


def picture(results):
    drawn, axes = plt.subplots()
    axes.plot(results["seeds"].seed, results["seeds"].budget)
    return drawn


def seven(plans):
    if plans["seeds"].task.operation.p != 7:
        raise InvalidSetting("`p` must be 7.")


CLAIM = Claim(
    "is-long",
    "It is long.",
    "source",
    Quantity("steps", lambda results: bootstrap(results["seeds"].budget.values)),
    {"laptop": at_least(13)},
    {"laptop": "It was cut."},
)
TINY = Figure(sweeps, [CLAIM], picture, seven)


def plans(*changes):
    return {name: sweep.plans() for name, sweep in varied(TINY, changes).sweeps("laptop").items()}


def test_nothing_changed_is_the_figure_itself():
    assert varied(TINY, ()) is TINY


def test_a_setting_is_changed_in_all_runs_and_nothing_else():
    before, after = plans(), plans("batch_size=full", "learning_rate=0.5")
    assert {key: len(each) for key, each in after.items()} == {"seeds": 3, "decays": 8}
    for name, olds in before.items():
        for old, new in zip(olds, after[name], strict=True):
            assert new == old.replace(batch_size="full", optimizer=old.optimizer.replace(learning_rate=0.5))


def test_seeds_are_replaced():
    after = plans("seed=5..9,20")
    assert [plan.seeds.init for plan in after["seeds"]] == [5, 6, 7, 8, 9, 20]
    assert len(after["decays"]) == 2 * 2 * 6
    assert [plan.seeds.order for plan in plans("seed=4")["seeds"]] == [4]


@pytest.mark.parametrize("init", [7, 0])
def test_one_kind_of_seed_is_held_while_the_others_vary(init):
    seeds = [(plan.seeds.init, plan.seeds.split, plan.seeds.order) for plan in plans(f"init={init}")["seeds"]]
    assert seeds == [(init, 0, 0), (init, 1, 1), (init, 2, 2)]


@pytest.mark.parametrize("changes", [["momentum=0.5", "rule=momentum"], ["rule=momentum", "momentum=0.5"]])
def test_changes_that_need_each_other_come_in_any_order(changes):
    assert {plan.optimizer.rule.momentum for plan in plans(*changes)["seeds"]} == {0.5}


@pytest.mark.parametrize("changes", [["copies=5", "length=51"], ["length=51", "copies=5"]])
def test_changes_that_are_valid_only_together(changes):
    found = varied(catalogue.load("olsson2022", "depth"), changes).sweeps("laptop")
    assert {(plan.task.copies, plan.task.length) for plan in found["depths"].plans()} == {(5, 51)}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (["weight_decay=0.3"], "`weight_decay` is what the figure itself varies. "),
        (["optimizer.weight_decay=0.3"], "`optimizer.weight_decay` is what the figure itself varies. "),
        (["optimizer=sgd"], "`optimizer` brings other settings with it. Change `rule`, "),
        (["init=7", "split=7", "order=7"], "must leave runs that differ, got the same run more than once."),
        (["init=7", "split=7", "batch_size=full"], "must leave runs that differ, got the same run more than once."),
        (["hidden=9", "model.hidden=8"], "`model.hidden` is given twice, as hidden and model.hidden."),
        (["fraction=0.3"], "`fraction` is what the figure itself varies. "),
        (["batch_size=4,8"], "`batch_size` must have one value in a figure, got 2. "),
        (["steps=12"], "`steps` changes nothing in this figure, got 12."),
        (["steps=9", "p=7"], "`p` changes nothing in this figure, got 7."),
        (["steps=9", "steps=8"], "`steps` is given twice."),
        (["fraction:steps=0.5:9"], "`fraction:steps` must be one setting."),
        (["seed=1,1"], "`seed` must not have the same point twice"),
        (["step=9"], "`step` is not a setting. Did you mean `steps`?"),
        (["steps=many"], "`steps` must be"),
        (["p=11"], "`p` must be 7."),
    ],
)
def test_what_cannot_be_changed_is_one_sentence(changes, words):
    with pytest.raises(InvalidSetting) as caught:
        plans(*changes)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return Store(str(tmp_path_factory.mktemp("tiny")))


def test_a_variation_is_judged_and_drawn_but_not_entered(store, monkeypatch):
    monkeypatch.setattr(reproduce.catalogue, "load", lambda paper, name: TINY)
    plain = reproduce.reproduce("tiny2024", "fig0", store)
    changed = reproduce.reproduce("tiny2024", "fig0", store, changes=["steps=14", "seed=3..5"])
    assert [(each.verdict, each.because) for each in plain.verdicts] == [("fails", "It was cut.")]
    assert [(each.verdict, each.found.value, each.because) for each in changed.verdicts] == [("holds", 14, "")]
    assert ledger.read(store) == plain.verdicts
    assert plain.picture.endswith("/tiny2024.fig0.laptop.png")
    assert changed.picture.endswith("/tiny2024.fig0.laptop.steps=14.seed=3..5.png")


def test_other_changes_have_another_file():
    names = {file_part([f"operation={sign}"]) for sign in ("+", "-", "*", "/")}
    assert len(names) == 4
    assert not any("/" in name for name in names)


def test_the_picture_says_what_was_changed(store):
    figure = varied(TINY, ["steps=14", "seed=3..5"])
    drawn = figure.draw(reproduce.carry_out(figure, store, "laptop"))
    assert drawn.get_supxlabel() == "changed: steps=14 seed=3..5"
    plt.close(drawn)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.paper}/{entry.name}")
def test_every_figure_takes_other_seeds_and_suits_its_own_runs(entry):
    figure = catalogue.load(entry.paper, entry.name)
    for scale in SCALES:
        own, other = figure.sweeps(scale), varied(figure, ["seed=7000..7002"]).sweeps(scale)
        figure.require({name: sweep.first for name, sweep in own.items()})
        for name in own:
            assert other[name].first.seeds.split == 7000
            assert other[name].shape[-1] == 3


@pytest.mark.parametrize(
    ("figure", "change", "words"),
    [
        ("nanda2023/progress", "operation=division", "`operation` must be addition, got division"),
        ("nanda2023/progress", "operation=Z113", "`operation` must be arithmetic modulo p, got Z113"),
        ("nanda2023/progress", "snapshots=0", "`snapshots` must be above 1, got 0"),
        ("nanda2023/spectra", "model=mlp", "`Spectrum` needs a transformer with a feed-forward layer"),
        ("nanda2023/ablations", "depth=2", "`depth` must be 1, got 2"),
        ("nanda2023/ablations", "profile=paper", "`profile` must be nanda, got paper"),
        ("nanda2023/digits", "size=100", "`size` is what the figure itself varies: endless examples cannot have"),
        ("nanda2023/repeats", "size=0", "`size` is what the figure itself varies: limited examples cannot have"),
        ("nanda2023/skip-trigrams", "size=10", "`size` is what the figure itself varies. "),
        ("power2022/fig1-left", "rule=momentum", "`rule` and `decay` must be adam and origin here, got Momentum"),
        ("power2022/fig2-left", "model=mlp", "`model` goes together with `model.weight_noise`, which is what"),
        ("power2022/fig2-right", "p=23", "`p` goes together with `task.operation`, which is what the figure itself"),
        ("power2022/fig3-left", "operation=D16", "`operation` must be on S5, whose cosets are looked for, got D16."),
        ("power2022/fig3-left", "tied=true", "`model` must be a transformer with a head of its own"),
        ("power2022/fig3-right", "p=91", "`p` must be a prime above 48"),
        ("power2022/fig3-right", "p=47", "`p` must be a prime above 48"),
        (
            "power2022/fig1-left",
            "decay=coupled",
            "`rule` and `decay` must be adam and origin here, got Adam and coupled",
        ),
        ("olsson2022/depth", "scored=copies", "`scored` must be everything"),
        ("olsson2022/smeared-keys", "scored=copies", "`scored` must be everything"),
        ("nanda2023/ablations", "norm=post", "`norm` must be none, got post"),
        ("power2022/fig3-right", "operation=S5", "`operation` must be arithmetic modulo p, got S5."),
    ],
)
def test_runs_that_a_figure_says_nothing_of_are_refused_before_they_are_trained(figure, change, words):
    with pytest.raises(InvalidSetting, match=re.escape(words)):
        varied(catalogue.load(*figure.split("/")), [change]).sweeps("laptop")


def test_every_point_is_tried_before_training_and_not_every_seed(monkeypatch):
    prepared = []
    monkeypatch.setattr(variation, "prepare", prepared.append)
    check(sweeps("laptop"))
    assert len(prepared) == 1 + 2 * 2


def test_what_only_some_points_cannot_be_trained_with_is_refused_too():
    with pytest.raises(InvalidSetting, match="batch_size"):  # 40 % of the table are fewer
        reproduce.planned("nanda2023", "data-sweep", "laptop", ["batch_size=6000"])


OTHER = ["p=11", "width=16", "heads=2", "fraction=0.7", "steps=30", "snapshots=2", "seed=7..9"]


@pytest.mark.parametrize("name", ["progress", "spectra", "algorithm", "ablations"])
def test_figures_of_circuits_are_drawn_of_other_networks(name, store, monkeypatch):
    monkeypatch.setattr(mainline, "has_learnt", lambda data: True)
    monkeypatch.setattr(ablations, "LEARNT", np.inf)
    figure = varied(catalogue.load("nanda2023", name), OTHER)
    results = reproduce.carry_out(figure, store, "laptop")
    assert all(verdict.found.count == 3 for verdict in reproduce.judged(figure, results, "nanda2023", name))
    drawn = figure.draw(results)
    drawn.canvas.draw()
    titles = [drawn.get_suptitle(), *(axes.get_title(loc="left") for axes in drawn.axes)]
    if name != "algorithm":
        assert any(
            "x + y mod 11, 70 % of the table, 1 block of width 16 without norm, rate 0.001, λ = 1" in each
            for each in titles
        )
    plt.close(drawn)
