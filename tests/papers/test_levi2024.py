"""Figures of linear students: what is calculated, and what descents on drawn data sets give."""

import numpy as np
import pytest

from groklab.estimates import exact
from groklab.papers import catalogue
from groklab.papers.claims import judge
from groklab.papers.figure import Results
from groklab.papers.levi2024 import comparisons, late_times, simulated
from groklab.papers.reproduce import carry_out, draw, judged
from groklab.store import Store
from groklab.tasks import LinearTeacher
from groklab.theory import LinearStudent

STEPS = np.array([0.0, 1, 10, 100, 1000, 10_000])
CASES = {0.5: LinearStudent(0.5), 1.5: LinearStudent(1.5)}


@pytest.fixture(scope="module")
def results():
    runs = simulated.carried_out("ratio", CASES, STEPS, seeds=(0, 1, 2), inputs=60)
    theory = simulated.expected("ratio", CASES, STEPS, inputs=60)
    return Results("laptop", {"runs": runs, "theory": theory}, Store("nowhere"), {})


def test_what_is_carried_out_has_the_form_of_a_sweep_and_comes_near_theory(results):
    runs, theory = results["runs"], results["theory"]
    assert dict(runs.sizes) == {"ratio": 2, "seed": 3, "step": 6}
    for part in simulated.PARTS:
        near = np.log(runs[f"{part}_loss"].mean("seed") / theory[f"{part}_loss"]).sel(ratio=0.5, step=slice(0, 100))
        assert np.abs(near).max() < 0.7
    assert np.isinf(runs.generalized_at.sel(ratio=1.5)).all()
    assert (runs.memorized_at.sel(ratio=0.5) < runs.generalized_at.sel(ratio=0.5)).all()
    found = comparisons.times("memorized_at", ratio=0.5).measure(results)
    assert found.count == 3
    assert 0.3 < found.value < 3


def test_a_descent_is_on_the_data_of_the_task():
    one = simulated.descent(LinearStudent(0.5, outputs=2, alpha=3.0), 7, 20)
    task = LinearTeacher(inputs=20, size=40, validation=1)
    np.testing.assert_array_equal(one.data.examples, task.examples(seed=7).inputs[:40])
    np.testing.assert_array_equal(one.data.labels, one.data.examples @ task.replace(outputs=2).teacher(seed=7)[0])
    usual = simulated.descent(LinearStudent(0.5, outputs=2), 7, 20)
    np.testing.assert_allclose(one.weights(0), 3 * usual.weights(0))


def test_noise_leaves_out_times():
    runs = simulated.carried_out("ratio", {0.5: LinearStudent(0.5, noise=1.0)}, STEPS, seeds=(0,), inputs=20)
    assert np.isnan(runs.memorized_at).all()


def test_what_is_infinite_in_both_agrees():
    assert comparisons.furthest(np.array([1.01, np.inf]), np.array([1.0, np.inf])) == pytest.approx(0.01)
    assert comparisons.furthest(np.array([np.inf]), np.array([5.0])) == np.inf


def test_what_is_calculated_is_judged_and_entered_without_runs(tmp_path):
    store, figure = Store(str(tmp_path)), catalogue.load("levi2024", "late-times")
    found = carry_out(figure, store, "laptop")
    verdicts = judged(figure, found, "levi2024", "late-times")
    assert {verdict.verdict for verdict in verdicts} == {"holds"}
    assert verdicts[0].found == exact(late_times.off_bessel())
    assert verdicts[0].made.hardware
    draw(figure, found, str(tmp_path / "figure.png"))


@pytest.mark.parametrize(
    ("figure", "claim"),
    [
        ("delays", "shares-of-theory"),
        ("delays", "equation-12-at-the-papers-tolerance"),
        ("outputs", "longest-near-fifty"),
        ("weight-decay", "equation-16"),
        ("weight-decay", "closed-forms-of-what-is-left"),
        ("label-noise", "noise-of-theory"),
        ("initial-norm", "delays-of-theory"),
    ],
)
def test_errata_fail_and_tables_hold(figure, claim):
    (one,) = (each for each in catalogue.load("levi2024", figure).claims if each.name == claim)
    found = judge(one, "laptop", Results("laptop", {}, Store("nowhere"), {}))
    assert found.verdict == ("fails" if one.because else "holds")
