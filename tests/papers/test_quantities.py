import math

import numpy as np
import pytest
import xarray

from groklab.estimates import Estimate
from groklab.papers import quantities
from groklab.papers.claims import at_most
from groklab.papers.power2022 import needs

INF, NAN = math.inf, math.nan
STEPS = [0, 1, 10, 100, 1000]


def runs(*, memorized, generalized=None, settled=INF, budget=1000, axes=None, **curves):
    """Return a dataset as a sweep gives it; a curve is one for every run, or one for each."""
    memorized = np.asarray(memorized, float)
    names = tuple(axes or {"seed": range(len(memorized))})
    shape = memorized.shape
    full = lambda values: (names, np.full(shape, values, float))  # noqa: E731
    variables = {"memorized_at": full(memorized), "budget": full(budget), "settled_at": full(settled)}
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


def test_a_run_that_did_not_memorize_leaves_the_delay_open():
    found = quantities.delay_ratio(runs(memorized=[10, 20, INF], generalized=[100, 400, INF]))
    assert found == (10, 0, INF, 3)
    one_of_twenty = quantities.delay_ratio(runs(memorized=[10] * 19 + [INF], generalized=[*range(50, 1000, 50), INF]))
    assert one_of_twenty.value == 50
    assert 5 < one_of_twenty.low < 50 < one_of_twenty.high < INF


def test_a_run_that_memorized_at_once_leaves_the_delay_open():
    assert quantities.delay_ratio(runs(memorized=[10, 20, 0], generalized=[100, 400, 300]))[1:] == (0, INF, 3)


def test_without_any_run_that_memorized_the_delay_is_unknown():
    found = quantities.delay_ratio(runs(memorized=[INF, INF, INF]))
    assert math.isnan(found.value)
    assert found[1:] == (0, INF, 3)


def test_the_accuracy_later_is_read_at_the_next_recorded_step():
    data = runs(memorized=[1, 2, 10], validation_accuracy=[0, 0.1, 0.2, 0.4, 0.8])
    assert quantities.accuracy_at(data.isel(seed=[0]), 10).value == 0.2
    assert quantities.accuracy_at(data.isel(seed=[1]), 10).value == 0.4  # step 20 was not recorded; 100 was
    assert quantities.accuracy_at(data, 10)[:3] == (0.4, 0.2, 0.4)


def test_a_run_that_settled_and_ended_before_counts_with_its_last_accuracy():
    # 10 and 20 steps on, the first two were still at chance; the third was right everywhere before 10 times 50.
    curves = [[0, 0, 0.1, 0.1, 0.1], [0, 0, 0.1, 0.1, 0.1], [0, 0, 0.1, 1, NAN]]
    data = runs(memorized=[1, 2, 50], budget=[1000, 1000, 100], settled=[INF, INF, 100], validation_accuracy=curves)
    assert quantities.accuracy_at(data, 10) == (0.1, 0.1, 1, 3)
    assert at_most(0.2).verdict(quantities.accuracy_at(data, 10)) == "undecided"
    early = quantities.accuracy_at(data.isel(seed=[2, 2, 2]), 10)
    assert early == (1, 1, 1, 3)
    assert at_most(0.2).verdict(early) == "fails"


@pytest.mark.parametrize(("memorized", "budget"), [(INF, 1000), (200, 1000), (10, 50)])
def test_the_accuracy_later_is_unknown_without_memorizing_and_where_the_budget_is_too_short(memorized, budget):
    data = runs(memorized=[1, 1, memorized], budget=[1000, 1000, budget], validation_accuracy=[0, 0.1, 0.2, 0.4, 0.8])
    assert quantities.accuracy_at(data, 10) == (0.2, 0, 1, 3)
    nothing = quantities.accuracy_at(data.isel(seed=[2, 2, 2]), 10)
    assert math.isnan(nothing.value)
    assert nothing[1:] == (0, 1, 3)


def test_the_accuracy_later_skips_what_was_not_recorded():
    data = runs(memorized=[1, 1, 1], validation_accuracy=[0, 0.1, NAN, 0.4, 0.8])
    assert quantities.accuracy_at(data, 10).value == 0.4


def test_the_best_accuracy_is_that_of_any_step():
    assert needs.best(by_fraction([[0.7], [1]], [0.3, 0.5])).values.tolist() == [[0.7], [1]]


def test_the_least_fraction_needed_by_each_seed():
    data = by_fraction([[0.5, 0.99, 0.2], [0.99, 0.4, 0.3], [1, 1, 0.4]], [0.3, 0.5, 0.7])
    assert needs.needed(data).tolist() == [0.5, 0.3, INF]
    assert needs.needed(data, 0.4).tolist() == [0.3, 0.3, 0.7]
    assert needs.needed(data.transpose("seed", "fraction", "step")).tolist() == [0.5, 0.3, INF]


def test_the_difference_of_areas_is_that_of_means_over_fractions():
    left, right = by_fraction([[0.4, 0.6], [0.8, 1]], [0.3, 0.5]), by_fraction([[0.2, 0.2], [0.4, 0.4]], [0.3, 0.5])
    assert needs.area(left) == pytest.approx([0.6, 0.8])
    found = needs.area_difference(left, right)
    assert found == pytest.approx((0.4, 0.3, 0.5, 4))
    assert needs.area_difference(right, left).value == pytest.approx(-0.4)


def test_the_share_that_memorized():
    found = quantities.memorized(runs(memorized=[10, 20, INF, 40]))
    assert (found.value, found.count) == (0.75, 4)
    assert 0.3 < found.low < 0.75 < found.high < 1
    assert quantities.memorized(runs(memorized=[INF, INF])).value == 0


def unending(**curves):
    """Return runs that memorized and never generalized."""
    count = len(curves["validation_loss"])
    return runs(memorized=[10] * count, generalized=[INF] * count, **curves)


def test_the_peak_of_the_loss_over_its_start():
    loss = [[2, 2, 8, 4, 1], [4, 5, 4, 3, NAN], [3, 3, 3, 9, 3]]
    ended = [[0, 0, 0, 0, 0], [0, 0, 0, 0, NAN], [0, 0, 0, 0, 0]]
    found = quantities.loss_peak(unending(validation_loss=loss, train_accuracy=ended))
    assert found[:3] == (3, 1.25, 4)


def test_the_peak_of_the_loss_is_sought_until_generalizing():
    data = runs(memorized=[10], generalized=[10], validation_loss=[2, 4, 6, 8, NAN], train_accuracy=[0] * 5)
    assert quantities.loss_peak(data).value == 3
    data.generalized_at[:] = INF
    assert quantities.loss_peak(data).value == INF


def peaks(generalized, loss):
    return runs(memorized=[1] * 3, generalized=generalized, validation_loss=loss, train_accuracy=[0] * 5)


def test_the_step_of_the_peak_over_that_of_generalizing():
    losses = [[2, 8, 4, 4, 1], [2, 3, 8, 4, 1], [2, 3, 4, 4, 8]]
    found = quantities.peak_before(peaks([100, 100, 100], losses))
    assert found[:3] == (0.1, 0.01, 10)
    assert at_most(1).verdict(found) == "undecided"


def test_a_peak_is_unknown_where_a_run_did_not_generalize():
    loss = [2, 8, 4, 3, 1]
    assert quantities.peak_before(peaks([100, 100, 100], loss))[:3] == (0.01, 0.01, 0.01)
    assert quantities.peak_before(peaks([100, 100, INF], loss)) == (0.01, 0, INF, 3)
    never = quantities.peak_before(peaks([INF] * 3, loss))
    assert math.isnan(never.value)
    assert never[1:] == (0, INF, 3)
    assert at_most(1).verdict(never) == "undecided"


def test_a_loss_that_diverged_is_the_peak():
    found = quantities.peak_before(peaks([10, 10, 10], [2, 8, 4, NAN, NAN]))
    assert found[:3] == (10, 10, 10)
    assert at_most(1).verdict(found) == "fails"


def test_a_loss_that_diverged_is_infinite():
    loss = [[2, 3, 3, 3, NAN]]
    data = unending(validation_loss=loss, train_accuracy=[[0, 0, 0, 0, 0]])
    assert quantities.last_loss(data).value == INF
    assert quantities.loss_peak(data).value == INF


def test_the_last_loss_is_that_of_the_last_recorded_step():
    loss = [[2, 2, 8, 4, 1], [4, 5, 4, 3, NAN], [3, NAN, 3, NAN, 2]]
    seen = [[0, 0, 0, 0, 0], [0, 0, 0, 0, NAN], [0, NAN, 0, NAN, 0]]
    found = quantities.last_loss(unending(validation_loss=loss, train_accuracy=seen))
    assert found[:3] == (2, 1, 3)


def times_of(rate, fractions, spread=(1,)):
    steps = 1000 * np.exp(rate * 100 * (np.asarray(fractions) - fractions[0]))
    axes = {"fraction": fractions, "seed": range(len(spread))}
    return runs(memorized=steps[:, None] * np.array(spread), axes=axes, budget=1e9)


def test_the_slope_of_times_is_that_per_percentage_point():
    found = quantities.slope_of_times(times_of(-0.4, [0.25, 0.26, 0.28, 0.3]), "generalized_at")
    assert found == pytest.approx((-0.4, -0.4, -0.4, 4))


def test_the_interval_of_a_slope_is_that_of_seeds():
    data = times_of(-0.4, [0.25, 0.26, 0.27, 0.28, 0.29, 0.3], (0.5, 1, 3))
    found = quantities.slope_of_times(data, "generalized_at")
    assert found.value == pytest.approx(-0.4)
    assert found.low < -0.45 < -0.35 < found.high
    other_way_round = quantities.slope_of_times(data.transpose("seed", ...), "generalized_at")
    assert other_way_round == pytest.approx(found)


def test_runs_that_never_got_there_count_for_the_slope():
    data = times_of(-0.4, [0.2, 0.25, 0.26, 0.27], (0.8, 1, 1.25))
    data["budget"] = data.generalized_at.max("seed") * xarray.ones_like(data.budget)
    data.generalized_at[0] = INF  # later than any that is known
    found = quantities.slope_of_times(data, "generalized_at")
    assert found.value < -0.4
    assert found.high < 0
    assert found.count == 12


def test_where_no_run_got_there_the_slope_is_unknown():
    data = times_of(-0.4, [0.2, 0.25, 0.26, 0.27], (1, 1))
    data.generalized_at[:] = INF
    found = quantities.slope_of_times(data, "generalized_at")
    assert math.isnan(found.value)
    assert found[1:] == (-INF, INF, 8)


def test_a_ratio_of_estimates_is_open_where_something_never_came():
    some, never = Estimate(20, 10, 40, 3), Estimate(INF, 100, INF, 3)
    assert quantities.over(Estimate(60, 30, 80, 3), some) == (3, 0.75, 8, 3)
    assert quantities.over(never, some)[:3] == (INF, 2.5, INF)
    assert quantities.over(some, never)[1:3] == (0, 0.4)
    assert math.isnan(quantities.over(some, never).value)
