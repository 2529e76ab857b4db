"""Reduced losses, where they turn, and the phases of learning, on datasets made by hand."""

import math

import numpy as np
import pytest
import xarray

from groklab.errors import InvalidSetting
from groklab.landscapes import PHASES, critical_alpha, learning_phases, least_fitting_alpha, reduced

INF, NAN = math.inf, math.nan
ALPHAS = np.geomspace(0.1, 10, 9)


def over_alpha(*curves, **others):
    """Return a landscape over α and seeds, with a curve of validation losses for each seed."""
    names = ("alpha", "seed")
    data = {"validation_loss": (names, np.stack(curves, axis=1)), **others}
    return xarray.Dataset(data, {"alpha": ALPHAS, "seed": range(len(curves))})


def u(bottom, depth=1e-3):
    """Return a loss that is a parabola in ln α and ln loss."""
    return depth * np.exp(np.log(ALPHAS / bottom) ** 2)


def test_the_bottom_of_a_parabola_is_found_between_the_points():
    found = critical_alpha(over_alpha(u(0.9), u(1.2), u(1.0)))
    assert found == pytest.approx((1.0, 0.9, 1.2, 3))


def test_the_order_of_the_axis_does_not_matter():
    data = over_alpha(u(0.9), u(1.2), u(1.0))
    assert critical_alpha(data.isel(alpha=[3, 1, 0, 2, 8, 7, 6, 5, 4])) == pytest.approx(critical_alpha(data))
    assert critical_alpha(data.transpose("seed", "alpha")) == pytest.approx(critical_alpha(data))


def test_a_minimum_at_an_end_is_unknown():
    found = critical_alpha(over_alpha(u(0.01), u(1.2), u(1.0)))
    assert (found.low, found.high) == (0, INF)
    assert found.value == pytest.approx(1.1)
    assert math.isnan(critical_alpha(over_alpha(u(0.01))).value)


def test_a_minimum_beside_a_run_that_diverged_is_unknown():
    curve = u(1.0)
    curve[5:] = NAN
    assert math.isnan(critical_alpha(over_alpha(curve)).value)
    curve = u(0.3)
    curve[6:] = NAN
    assert critical_alpha(over_alpha(curve)).value == pytest.approx(0.3)


def test_one_seed_without_an_axis_of_seeds_will_do():
    data = over_alpha(u(0.9)).isel(seed=0)
    assert critical_alpha(data) == pytest.approx((0.9, 0.9, 0.9, 1))


def test_other_axes_are_refused_in_a_sentence():
    data = over_alpha(u(1.0)).expand_dims(size=[50, 100])
    with pytest.raises(InvalidSetting, match="must vary alpha alone, and seeds, got size, alpha, seed"):
        critical_alpha(data)
    with pytest.raises(InvalidSetting, match="got no axis"):
        critical_alpha(data.isel(size=0, alpha=0, seed=0))


def test_where_the_l_bends():
    line = (ALPHAS / 0.5) ** -4.0  # 1 at α = 0.5
    data = over_alpha(line, train_loss=(("alpha", "seed"), line[:, None]))
    assert least_fitting_alpha(data, 1.0).value == pytest.approx(0.5)
    assert math.isnan(least_fitting_alpha(data, 1e6).value)  # passed before the first
    assert least_fitting_alpha(data, 1e-9).value == INF


def test_an_l_that_rises_again_bends_after_its_last_rise():
    line = np.array([9, 9, 0.1, 0.1, 9, 0.1, 0.1, 0.1, 0.1])
    data = over_alpha(line, train_loss=(("alpha", "seed"), line[:, None]))
    assert ALPHAS[4] < least_fitting_alpha(data, 1.0).value < ALPHAS[5]


def swept(train, validation, budget):
    """Return a sweep over α as `dataset` gives it; curves are recorded at steps 0, 10 and 20."""
    names = ("alpha", "step")
    curves = {
        "train_loss": (names, np.array(train, float)),
        "validation_loss": (names, np.array(validation, float)),
        "train_accuracy": (names, 1 - np.array(train, float)),
        "validation_accuracy": (names, 1 - np.array(validation, float)),
        "weight_norm": (names, np.full((2, 3), 4.0)),
    }
    single = {"run": ("alpha", ["a", "b"]), "budget": ("alpha", np.array(budget, float))}
    return xarray.Dataset({**curves, **single}, {"alpha": [1.0, 2.0], "step": [0, 10, 20]}, {"plan": "{}"})


def test_last_and_best_are_those_of_every_run_by_itself():
    data = swept([[1, 0.5, 0.2], [1, 0.1, NAN]], [[1, 0.3, 0.6], [1, 0.7, NAN]], [20, 10])
    found = reduced(data)
    assert found.train_loss.values.tolist() == [0.2, 0.1]
    assert found.validation_loss.values.tolist() == [0.6, 0.7]
    assert found.best_validation_loss.values.tolist() == [0.3, 0.7]
    assert found.best_validation_accuracy.values.tolist() == pytest.approx([0.7, 0.3])
    assert found.norm.values.tolist() == [4, 4]
    assert "step" not in found.coords
    assert found.attrs == {"plan": "{}"}


def test_a_run_that_diverged_has_no_last_loss():
    data = swept([[1, 0.5, 0.2], [1, 0.1, NAN]], [[1, 0.3, 0.6], [1, 0.7, NAN]], [20, 20])
    assert math.isnan(reduced(data).train_loss[1])


@pytest.mark.parametrize(
    ("memorized", "generalized", "phase"),
    [
        (INF, INF, "confusion"),
        (INF, 100, "confusion"),
        (100, INF, "memorization"),
        (100, 1200, "grokking"),
        (100, 1099, "comprehension"),
        (1200, 100, "comprehension"),
    ],
)
def test_the_phase_of_a_run(memorized, generalized, phase):
    data = xarray.Dataset({"memorized_at": ("seed", [memorized]), "generalized_at": ("seed", [generalized])})
    shares = learning_phases(data.astype(float), steps=100_000)
    assert shares.sel(phase=phase).item() == 1
    assert shares.sum() == 1


def test_seeds_share_a_point():
    names = ("alpha", "seed")
    data = xarray.Dataset(
        {"memorized_at": (names, [[100.0] * 3, [INF] * 3]), "generalized_at": (names, [[9e4, 1e2, INF], [INF] * 3])}
    )
    shares = learning_phases(data, steps=100_000)
    assert shares.dims == ("phase", "alpha")
    assert shares.isel(alpha=0).values.tolist() == pytest.approx([0, 1 / 3, 1 / 3, 1 / 3])
    assert dict(zip(PHASES, shares.isel(alpha=1).values, strict=True))["confusion"] == 1
