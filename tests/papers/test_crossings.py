"""When losses fall below a level, with runs that never do."""

import numpy as np
import pytest
import xarray

from groklab.papers import crossings

STEPS = [0, 10, 100, 1000]
NAN = np.nan


def data(train, validation, budget=1000.0):
    names = ("seed", "step")
    return xarray.Dataset(
        {
            "train_loss": (names, np.array(train, float)),
            "validation_loss": (names, np.array(validation, float)),
            "budget": ("seed", np.full(len(train), budget)),
        },
        {"seed": range(len(train)), "step": STEPS},
    )


TWO = data(train=[[5, 0.05, 0.01, 0.01], [5, 5, 0.05, 0.01]], validation=[[5, 9, 9, 0.05], [5, 9, NAN, 3]])


def test_the_first_step_below_and_infinity_where_there_is_none():
    assert crossings.first_below(TWO, "train_loss").values.tolist() == [10, 100]
    assert crossings.first_below(TWO, "validation_loss").values.tolist() == [1000, np.inf]
    assert crossings.first_below(TWO, "validation_loss", 4.0).values.tolist() == [1000, 1000]


def test_a_run_that_never_fell_is_censored_at_its_budget():
    found = crossings.time_below(TWO, "validation_loss")
    assert (found.value, found.high, found.count) == (1000, np.inf, 2)


def test_the_delay_is_the_median_of_ratios():
    three = data(train=[[5, 0.05, 0, 0]] * 3, validation=[[5, 9, 0.05, 0], [5, 9, 9, 0.05], [5, 9, 9, 9]])
    found = crossings.delay_ratio(three)
    assert found.value == 100
    assert (found.low, found.high) == (10, np.inf)


def test_a_run_that_never_memorized_cannot_make_a_delay_hold():
    unknown = data(train=[[5, 5, 5, 5]] * 3, validation=[[5, 9, 9, 9]] * 3)
    found = crossings.delay_ratio(unknown)
    assert found.low == 0
    assert found.high == np.inf


def test_an_unknown_beginning_makes_no_ratio_known():
    late, soon = np.array([2800.0] * 3), np.array([np.inf] * 3)
    found = crossings.times_later(late, soon, np.array([3000.0] * 3))
    assert (found.value, found.low, found.high) == (np.inf, 0, np.inf)


@pytest.mark.parametrize(("level", "expected"), [(0.06, 1000), (10.0, 0)])
def test_the_levels_of_both_losses_can_differ(level, expected):
    one = data(train=[[5, 0.05, 0, 0]], validation=[[5, 9, 9, 0.05]])
    ratio = crossings.delay_ratio(one, level).value
    assert ratio == expected / 10
