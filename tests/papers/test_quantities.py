import math

import numpy as np
import pytest
import xarray

from groklab.errors import InvalidSetting
from groklab.papers.power2022 import quantities

INF, NAN = math.inf, math.nan
STEPS = [0, 1, 10, 100, 1000]


def runs(*, memorized, generalized=None, budget=1000, axes=None, **curves):
    """Return a dataset as a sweep gives it; a curve is one for every run, or one for each."""
    memorized = np.asarray(memorized, float)
    names = tuple(axes or {"seed": range(len(memorized))})
    shape = memorized.shape
    full = lambda values: (names, np.full(shape, values, float))  # noqa: E731
    variables = {"memorized_at": full(memorized), "budget": full(budget)}
    variables["generalized_at"] = full(memorized if generalized is None else generalized)
    variables["run"] = (names, np.arange(memorized.size).reshape(shape).astype(str))
    for name, values in curves.items():
        variables[name] = ((*names, "step"), np.broadcast_to(np.asarray(values, float), (*shape, len(STEPS))))
    return xarray.Dataset(variables, {**(axes or {"seed": range(len(memorized))}), "step": STEPS})


def by_fraction(validation_accuracy, fractions):
    """Return runs whose best validation accuracies are given, a row for each fraction."""
    best = np.asarray(validation_accuracy, float)
    axes = {"fraction": fractions, "seed": range(best.shape[1])}
    rising = best[..., None] * np.array([0, 0.1, 0.5, 1, 0.9])  # it falls again at the end
    return runs(memorized=np.full(best.shape, 10), axes=axes, validation_accuracy=rising)


def test_a_time_is_the_median_over_runs():
    data = runs(memorized=[10, 20, 40], generalized=[100, 300, 900])
    assert quantities.time(data, "memorized_at")[:3] == (20, 10, 40)
    assert quantities.time(data, "generalized_at")[:3] == (300, 100, 900)


def test_a_run_that_never_got_there_counts_as_late():
    found = quantities.time(runs(memorized=[10, 20, INF]), "memorized_at")
    assert (found.value, found.high, found.count) == (20, INF, 3)
    never = quantities.time(runs(memorized=[INF, INF], budget=[500, 1000]), "memorized_at")
    assert never.value == never.high == INF
    assert never.low == 500


def test_the_delay_is_that_of_every_run_by_itself():
    found = quantities.delay_ratio(runs(memorized=[10, 20, 50], generalized=[100, 600, 1000]))
    assert found[:3] == (20, 10, 30)


def test_a_delay_is_at_least_the_budget_over_memorizing():
    found = quantities.delay_ratio(runs(memorized=[10, 20], generalized=[INF, INF], budget=[1000, 1000]))
    assert (found.value, found.low, found.high) == (INF, 50, INF)


def test_a_run_that_did_not_memorize_has_no_delay():
    found = quantities.delay_ratio(runs(memorized=[10, 20, INF], generalized=[100, 400, INF]))
    assert (found.low, found.high, found.count) == (10, 20, 2)
    with pytest.raises(InvalidSetting, match="one number or more"):
        quantities.delay_ratio(runs(memorized=[INF, INF]))


def test_the_accuracy_later_is_read_at_the_next_recorded_step():
    data = runs(memorized=[1, 2, 10], validation_accuracy=[0, 0.1, 0.2, 0.4, 0.8])
    assert quantities.accuracy_at(data.isel(seed=[0]), 10).value == 0.2
    assert quantities.accuracy_at(data.isel(seed=[1]), 10).value == 0.4  # step 20 was not recorded; 100 was
    assert quantities.accuracy_at(data, 10)[:3] == (0.4, 0.2, 0.4)


def test_the_accuracy_later_skips_what_was_not_recorded_and_runs_that_ended_before():
    data = runs(memorized=[1, 10, INF], budget=[1000, 50, 1000], validation_accuracy=[0, 0.1, NAN, 0.4, 0.8])
    found = quantities.accuracy_at(data, 10)
    assert found == (0.4, 0.4, 0.4, 1)
    with pytest.raises(InvalidSetting, match="one number or more"):
        quantities.accuracy_at(data.isel(seed=[1, 2]), 10)


def test_the_best_accuracy_is_that_of_any_step():
    assert quantities.best(by_fraction([[0.7], [1]], [0.3, 0.5])).values.tolist() == [[0.7], [1]]


def test_the_least_fraction_needed_by_each_seed():
    data = by_fraction([[0.5, 0.99, 0.2], [0.99, 0.4, 0.3], [1, 1, 0.4]], [0.3, 0.5, 0.7])
    assert quantities.needed(data).tolist() == [0.5, 0.3, INF]
    assert quantities.needed(data, 0.4).tolist() == [0.3, 0.3, 0.7]
    assert quantities.needed(data.transpose("seed", "fraction", "step")).tolist() == [0.5, 0.3, INF]


def test_the_difference_of_areas_is_that_of_means_over_fractions():
    left, right = by_fraction([[0.4, 0.6], [0.8, 1]], [0.3, 0.5]), by_fraction([[0.2, 0.2], [0.4, 0.4]], [0.3, 0.5])
    assert quantities.area(left) == pytest.approx([0.6, 0.8])
    found = quantities.area_difference(left, right)
    assert found == pytest.approx((0.4, 0.3, 0.5, 4))
    assert quantities.area_difference(right, left).value == pytest.approx(-0.4)


def test_the_share_that_memorized():
    found = quantities.memorized(runs(memorized=[10, 20, INF, 40]))
    assert (found.value, found.count) == (0.75, 4)
    assert 0.3 < found.low < 0.75 < found.high < 1
    assert quantities.memorized(runs(memorized=[INF, INF])).value == 0


def test_the_peak_of_the_loss_over_its_start():
    loss = [[2, 2, 8, 4, 1], [4, 5, 4, 3, NAN], [3, 3, 3, 9, 3]]
    ended = [[0, 0, 0, 0, 0], [0, 0, 0, 0, NAN], [0, 0, 0, 0, 0]]
    found = quantities.loss_peak(runs(memorized=[10, 10, 10], validation_loss=loss, train_accuracy=ended))
    assert found[:3] == (3, 1.25, 4)


def test_a_loss_that_diverged_is_infinite():
    loss = [[2, 3, 3, 3, NAN]]
    data = runs(memorized=[10], validation_loss=loss, train_accuracy=[[0, 0, 0, 0, 0]])
    assert quantities.last_loss(data).value == INF
    assert quantities.loss_peak(data).value == INF


def test_the_last_loss_is_that_of_the_last_recorded_step():
    loss = [[2, 2, 8, 4, 1], [4, 5, 4, 3, NAN], [3, NAN, 3, NAN, 2]]
    seen = [[0, 0, 0, 0, 0], [0, 0, 0, 0, NAN], [0, NAN, 0, NAN, 0]]
    found = quantities.last_loss(runs(memorized=[10, 10, 10], validation_loss=loss, train_accuracy=seen))
    assert found[:3] == (2, 1, 3)


def times_of(rate, fractions, spread=(1,)):
    steps = 1000 * np.exp(rate * 100 * (np.asarray(fractions) - fractions[0]))
    axes = {"fraction": fractions, "seed": range(len(spread))}
    return runs(memorized=steps[:, None] * np.array(spread), axes=axes, budget=1e9)


def test_the_slope_of_times_is_that_per_percentage_point():
    found = quantities.slope_of_times(times_of(-0.4, [0.25, 0.26, 0.28, 0.3]), "generalized_at")
    assert found == pytest.approx((-0.4, -0.4, -0.4, 4))


def test_the_slope_is_of_medians_and_its_interval_of_seeds():
    data = times_of(-0.4, [0.25, 0.26, 0.27, 0.28, 0.29, 0.3], (0.5, 1, 3))
    found = quantities.slope_of_times(data, "generalized_at")
    assert found.value == pytest.approx(-0.4)
    assert found.low < -0.45 < -0.35 < found.high
    other_way_round = quantities.slope_of_times(data.transpose("seed", ...), "generalized_at")
    assert other_way_round == pytest.approx(found)


def test_fractions_whose_median_run_never_got_there_are_left_out():
    data = times_of(-0.4, [0.2, 0.25, 0.26, 0.27], (1, 1, 1))
    data.generalized_at[0, :2] = INF  # two of three: the median never did
    data.generalized_at[1, 0] = INF  # one of three: it did
    found = quantities.slope_of_times(data, "generalized_at")
    assert found.value == pytest.approx(-0.4)
    assert found.count == 12


@pytest.mark.parametrize("never", [2, 3, 4])
def test_fewer_than_three_medians_have_no_slope(never):
    data = times_of(-0.4, [0.2, 0.25, 0.26, 0.27], (1, 1))
    data.generalized_at[:never] = INF
    found = quantities.slope_of_times(data, "generalized_at")
    assert math.isnan(found.value)
    assert (found.low, found.high) == (-INF, INF)
