"""The measures of the figures of Power et al. 2022, on small datasets made by hand."""

import json
import math

import numpy as np
import pytest
import xarray
from matplotlib import pyplot as plt

from groklab.errors import InvalidSetting
from groklab.papers.claims import at_least, at_most, judge
from groklab.papers.figure import Results
from groklab.papers.power2022 import (
    fig1_center,
    fig2_left,
    fig2_right,
    fig3_left,
    fig3_right,
    outliers,
    setups,
    sharpness,
)
from groklab.store import Store
from groklab.training import encode

INF, NAN = math.inf, math.nan
STEPS = [0, 10, 100]
FRACTIONS = [0.6, 0.8, 0.9]
OTHERS = ("Adam, full batch", "Adam", "Adam, dropout 0.1")


@pytest.fixture
def results(tmp_path):
    store, plan = Store(str(tmp_path)), json.dumps(encode(setups.LAPTOP))
    return lambda name, data, scale="laptop": Results(scale, {name: data.assign_attrs(plan=plan)}, store, {})


def dataset(axes, best, **columns):
    """Return runs whose best validation accuracies are given, one for each point of the axes."""
    names = tuple(axes)
    shape = tuple(map(len, axes.values()))
    curves = np.broadcast_to(best, shape)[..., None] * np.array([0, 1, 0.9])
    given = {name: (names, np.broadcast_to(np.asarray(values, float), shape)) for name, values in columns.items()}
    return xarray.Dataset({"validation_accuracy": ((*names, "step"), curves), **given}, {**axes, "step": STEPS})


def claim_of(module, name):
    return next(claim for claim in module.FIGURE.claims if claim.name == name)


def needing(seeds):
    """Return best accuracies by fraction and seed: 99 % from a fraction on, or nowhere."""
    return (np.array(FRACTIONS)[:, None] >= np.array(seeds)).astype(float)


def everywhere(names, fraction):
    return {name: [fraction] * 3 for name in names}


def interventions(needs):
    axes = {"intervention": list(needs), "fraction": FRACTIONS, "seed": [0, 1, 2]}
    return dataset(axes, np.stack([needing(each) for each in needs.values()]))


def test_the_data_saved_is_a_ratio_of_medians_whose_sides_both_vary(results):
    data = interventions(
        {"AdamW": [0.6, 0.6, 0.6], OTHERS[0]: [0.8, 0.9, 0.9], OTHERS[1]: [0.8, 0.8, 0.9], OTHERS[2]: [0.9, 0.9, 0.9]}
    )
    found = fig2_left.data_saved(results("interventions", data))
    assert found == pytest.approx((0.6 / 0.9, 0.6 / 0.9, 0.6 / 0.8, 12))


def test_the_data_saved_is_an_upper_bound_where_the_others_need_more_than_there_is(results):
    data = interventions({"AdamW": [0.6, 0.6, 0.8]} | everywhere(OTHERS, INF))
    found = fig2_left.data_saved(results("interventions", data))
    assert found == pytest.approx((0.6 / 0.9, 0, 0.8 / 0.9, 12))
    assert at_least(0.5).verdict(found) == "undecided"
    assert at_most(0.9).verdict(found) == "holds"


def test_the_data_saved_is_a_lower_bound_where_decay_needs_more_than_there_is(results):
    data = interventions({"AdamW": [INF, INF, INF]} | everywhere(OTHERS, 0.6))
    found = fig2_left.data_saved(results("interventions", data))
    assert found == (INF, pytest.approx(0.9 / 0.6), INF, 12)
    assert at_most(0.5).verdict(found) == "fails"


def test_of_the_data_saved_nothing_is_known_where_none_generalized(results):
    data = interventions(everywhere(["AdamW", *OTHERS], INF))
    found = fig2_left.data_saved(results("interventions", data))
    assert math.isnan(found.value)
    assert (found.low, found.high) == (-INF, INF)


def at_the_largest(left, right):
    """Return two interventions by their accuracies at the largest fraction; at the others both are at 2 %."""
    axes = {"intervention": ["left", "right"], "fraction": FRACTIONS, "seed": [0, 1, 2]}
    best = np.full((2, 3, 3), 0.02)
    best[:, -1] = left, right
    return dataset(axes, best)


def test_an_intervention_is_ahead_by_its_area(results):
    data = at_the_largest([0.5, 0.8, 0.2], [0.2, 0.2, 0.2])
    found = fig2_left.ahead(results("interventions", data), "left", "right")
    assert found == pytest.approx((0.1, 0, 0.2, 6))
    assert fig2_left.ahead(results("interventions", data), "right", "left").value == pytest.approx(-0.1)


@pytest.mark.parametrize("left", [[0.05, 0.05, 0.05], [0.09, 0.09, 0.9], [0, 0, 0]])  # diverged: never right
def test_where_neither_leaves_chance_nothing_is_compared(results, left):
    data = at_the_largest(left, [0.04, 0.04, 0.04])
    with pytest.raises(InvalidSetting, match="3 times chance") as refused:
        fig2_left.ahead(results("interventions", data), "left", "right")
    assert f"{np.median(left):.1%} and 4.0%" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_one_that_leaves_chance_is_enough_to_compare(results):
    data = at_the_largest([0.04, 0.04, 0.04], [0.1, 0.1, 0.05])
    assert fig2_left.ahead(results("interventions", data), "left", "right").value < 0


def test_more_data_needed_is_open_where_a_seed_generalized_nowhere(results):
    axes = {"operation": ["x − y", "x + y"], "fraction": FRACTIONS, "seed": [0, 1, 2]}
    data = dataset(axes, np.stack([needing([0.8, 0.9, INF]), needing([0.6, 0.6, 0.6])]))
    found = fig2_right.more_needed("x − y", "x + y").measure(results("operations", data))
    assert found == pytest.approx((0.3, 0.2, INF, 6))
    never = dataset(axes, np.zeros((2, 3, 3)))
    found = fig2_right.more_needed("x − y", "x + y").measure(results("operations", never))
    assert math.isnan(found.value)
    assert (found.low, found.high) == (-INF, INF)


def test_what_is_never_generalized_is_sought_at_every_fraction(results):
    operation = "x³ + xy² + y"
    best = np.array([[[0.1, 0.1, 0.1], [0.9, 0.95, 1], [0.1, 0.1, 0.1]]])
    data = dataset({"operation": [operation], "fraction": FRACTIONS, "seed": [0, 1, 2]}, best)
    judged = judge(claim_of(fig2_right, "one-never-generalizes"), "laptop", results("operations", data))
    assert judged.found[:3] == (0.95, 0.9, 1)
    assert judged.verdict == "fails"


def fractions(memorized, best=1.0, scale="laptop"):
    at = fig1_center.FRACTIONS[scale]
    columns = {"memorized_at": memorized, "generalized_at": INF, "budget": 8000}
    return dataset({"fraction": list(at), "seed": range(4)}, best, **columns)


def test_memorizing_is_judged_at_the_fraction_worst_for_the_claim(results):
    memorized = np.full((5, 4), 200.0)
    memorized[3] = 5000, 5100, 5200, 5300
    claim = claim_of(fig1_center, "memorizing-time-stays")
    found = judge(claim, "laptop", results("fractions", fractions(memorized))).found
    assert found == (5100, 5000, 5300, 4)
    memorized[1] = INF  # 8,000 steps did not suffice: worse still, but not known to what extent
    found = judge(claim, "laptop", results("fractions", fractions(memorized))).found
    assert found == (INF, 8000, INF, 4)


def test_converging_is_judged_at_the_worst_fraction_from_30_percent_on(results):
    at = fig1_center.FRACTIONS["paper"]
    best = np.ones((len(at), 4))
    best[at.index(0.29)] = 0.5
    data = fractions(200, best, "paper")
    claim = claim_of(fig1_center, "converged-accuracy")
    assert judge(claim, "paper", results("fractions", data, "paper")).found[:3] == (1, 1, 1)
    best[at.index(0.4)] = 0.6
    data = fractions(200, best, "paper")
    assert judge(claim, "paper", results("fractions", data, "paper")).found == (0.6, 0.6, 0.6, 4)


def test_converging_on_a_laptop_is_judged_at_the_largest_fraction(results):
    best = np.full((5, 4), 0.5)
    best[-1] = 0.98, 1, 1, 1
    claim = claim_of(fig1_center, "converged-accuracy")
    found = judge(claim, "laptop", results("fractions", fractions(200, best))).found
    assert found == (1, 0.98, 1, 4)


def test_a_slope_is_that_near_30_percent_at_paper_scale_and_of_all_on_a_laptop(results):
    for scale, chosen in (("laptop", 20), ("paper", 24)):
        at = np.array(fig1_center.FRACTIONS[scale])
        memorized = 200 * np.exp(2 * at)[:, None] * np.array([0.9, 1, 1, 1.1])
        memorized[at < 0.25] = INF
        found = fig1_center.slope(results("fractions", fractions(memorized, scale=scale), scale), "memorized_at")
        assert found.value == pytest.approx(0.02)
        assert found.count == chosen


def test_where_no_run_generalized_the_slope_is_unknown_and_the_picture_is_drawn(results):
    these = results("fractions", fractions(200))
    assert math.isnan(fig1_center.slope(these, "generalized_at").value)
    picture = fig1_center.draw(these)
    assert picture.axes[0].get_title(loc="left") == ""
    plt.close(picture)


def with_outliers(best):
    axes = {"outliers": list(outliers.COUNTS["laptop"]), "fraction": [0.65, 0.85], "seed": [0, 1, 2]}
    curves = np.stack([np.zeros_like(best), best], axis=1)
    return dataset(axes, curves)


def test_accuracy_falls_with_outliers_by_whole_seeds(results):
    falling = np.linspace(1, 0.3, 7)[:, None] - np.array([0, 0.01, 0.02])
    found = outliers.falls(results("outliers", with_outliers(falling)))
    assert found.value < -0.9
    assert found.low == pytest.approx(-1)
    assert found.count == 21
    rising = outliers.falls(results("outliers", with_outliers(falling[::-1])))
    assert at_most(-0.5).verdict(rising) == "fails"


def test_where_every_run_diverged_the_correlation_is_refused(results):
    these = results("outliers", with_outliers(np.zeros((7, 3))))
    judged = judge(claim_of(outliers, "more-is-worse"), "laptop", these)
    assert judged.verdict == "undecided"
    assert "different values" in judged.why


def test_what_outliers_cost(results):
    best = np.ones((7, 3))
    best[-1] = 0.2, 0.3, 0.4
    assert outliers.lost(results("outliers", with_outliers(best)), 240) == pytest.approx((-0.7, -0.8, -0.6, 6))


@pytest.mark.parametrize(
    ("phi", "accuracy", "title"),
    [
        ([1, 2, 3], [0.9, 0.5, 0.1], "3 seeds: Spearman ρ = -1.00 (p = 0.3)"),
        ([1, 2, 3], [1, 1, 1], "3 seeds"),
        ([2, 2, 2], [0.9, 0.5, 0.1], "3 seeds"),
        ([1, NAN, 3], [0.9, 0.5, 0.1], "3 seeds"),
    ],
)
def test_sharpness_is_drawn_with_its_correlation_if_there_is_one(results, monkeypatch, phi, accuracy, title):
    monkeypatch.setattr(sharpness, "sharpness_and_accuracy", lambda results: np.array([phi, accuracy], float).T)
    picture = sharpness.draw(results("seeds", xarray.Dataset()))
    picture.canvas.draw()
    assert picture.axes[0].get_title(loc="left") == title
    plt.close(picture)


@pytest.mark.parametrize(("module", "name", "count"), [(fig3_left, "s5", 120), (fig3_right, "addition", 97)])
def test_rows_that_are_not_finite_are_drawn_without_numbers(results, monkeypatch, module, name, count):
    rows = np.random.default_rng(0).normal(size=(count, 4))
    data = xarray.Dataset(coords={"seed": [7, 8]})
    monkeypatch.setattr(module, "rows_of", lambda results: [rows, rows * NAN])
    picture = module.draw(results(name, data))
    picture.canvas.draw()
    drawn, refused = picture.axes[0], picture.axes[1]
    assert drawn.collections
    assert not refused.collections
    (words,) = refused.texts
    assert " ".join(words.get_text().split()).startswith(f"`rows` must be finite, got {count} of {count} that are not.")
    assert refused.get_title() == "seed 8"
    plt.close(picture)
    for claim in module.FIGURE.claims:
        if "best" not in claim.quantity.words:
            judged = judge(claim, "laptop", results(name, xarray.Dataset()))
            assert (judged.verdict, judged.found.count) == ("undecided", 0)
            assert "finite" in judged.why
