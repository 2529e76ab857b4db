"""`groklab landscape`, on networks of a few weights."""

import os

import pytest

from groklab.cli import main
from groklab.store import Store
from groklab.training import decode

TINY = ("teacher-student", "model.hidden=4", "model.depth=1", "growth=1.5", "--steps", "12", "--quiet")


@pytest.fixture
def landscape(capsys, tmp_path):
    def run(*arguments):
        status = main(["landscape", *TINY, *arguments, "--store", str(tmp_path)])
        seen = capsys.readouterr()
        return status, seen.out, seen.err, Store(str(tmp_path))

    return run


def figure_of(out):
    (line,) = (line for line in out.splitlines() if line.startswith("figure: "))
    return line.removeprefix("figure: ")


def test_an_l_and_a_u(landscape):
    status, out, _, store = landscape("alpha=0.25..4/3log", "--seed", "0,1")
    assert status == 0
    plans = [decode(run.plan()["plan"]) for run in store.runs()]
    assert sorted({float(plan.alpha) for plan in plans}) == [0.25, 1, 4]
    assert {(type(plan.optimizer.constraint).__name__, float(plan.optimizer.weight_decay)) for plan in plans} == {
        ("Sphere", 0.0)
    }
    for run in store.runs():
        norms = run.metrics()["weight_norm"]
        assert norms == pytest.approx(norms[0], rel=1e-5)
    assert "validation loss is least at α = " in out
    assert "(n = 2)" in out or "an end of the axis" in out
    assert os.path.getsize(figure_of(out)) > 10_000


def test_alpha_is_an_axis_unless_it_is_given(landscape):
    status, _, _, store = landscape()
    assert status == 0
    assert len(store.runs()) == 11


def test_steps_may_be_given_as_a_setting(capsys, tmp_path):
    arguments = [*TINY[:4], "steps=5", "alpha=1,2", "--quiet", "--store", str(tmp_path)]
    assert main(["landscape", *arguments]) == 0
    assert {run.status()["step"] for run in Store(str(tmp_path)).runs()} == {5}


def test_two_settings_make_maps_and_a_critical_scale_for_each_point(landscape):
    status, out, _, store = landscape("alpha=0.5,1,2", "task.size=8,12")
    assert status == 0
    assert len(store.runs()) == 6
    assert "for task.size = 8" in out
    assert "for task.size = 12" in out
    assert os.path.getsize(figure_of(out)) > 10_000


def test_phases_are_those_of_runs_that_are_free(landscape):
    status, out, _, store = landscape("--free", "alpha=0.5,2", "weight_decay=0,0.1", "tolerance=1000")
    assert status == 0
    plans = [decode(run.plan()["plan"]) for run in store.runs()]
    assert {type(plan.optimizer.constraint).__name__ for plan in plans} == {"Free"}
    assert out.count("comprehension") == 4  # everything is right within 1,000
    assert "least at" not in out
    assert "phases-" in figure_of(out)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["alpha=1"], "`landscape` must vary alpha, or two settings, beside seeds, got none."),
        (["alpha=1", "task.size=8,12"], "must vary alpha, or two settings, beside seeds, got task.size."),
        (["task.size=8,12", "learning_rate=0.1,1", "alpha=1,2"], "got task.size, learning_rate, alpha."),
        (["objective=squared-error,one-hot-squared-error"], "`objective` must have numbers in a landscape."),
        (["alpha:task.size=1:8,2:12"], "`alpha:task.size` must be one setting in a landscape."),
        (["alpha=1,1"], "`alpha` must not have the same point twice"),
        (["alpha=0,1"], "`alpha` must be above 0"),
        (["alpha=10..0.1/11log"], "`alpha` must range upwards, from above 0 on a log scale, with at least 2 values"),
    ],
)
def test_what_makes_no_landscape_is_one_sentence(landscape, arguments, words):
    status, out, err, store = landscape(*arguments)
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert words in err
    assert store.runs() == []
