"""When a linear student memorizes and generalizes, against numbers that were worked out before."""

import numpy as np
import pytest

from groklab.theory import LinearStudent, asymptotics, critical_weight_decay, delay, loss_at, times

# λ: steps of memorizing and of generalizing at a tolerance of 1e-3
WORKED_OUT = {0.1: (271.5, 294.7), 0.5: (717.7, 1147.5), 0.9: (2353.4, 22634), 0.99: (2643.0, 9.828e5)}


@pytest.mark.parametrize("ratio", WORKED_OUT)
def test_times_of_the_table(ratio):
    assert times(LinearStudent(ratio), 1e-3) == pytest.approx(WORKED_OUT[ratio], rel=2e-4)


def test_more_inputs_than_examples_never_generalize():
    found = times(LinearStudent(1.5), [1e-3, 2.0])
    assert found.memorized_at[0] == pytest.approx(765.5, abs=0.1)
    assert np.isinf(found.generalized_at[0])
    assert np.isfinite(found.generalized_at[1])  # where an error of 1/3 counts as right
    assert np.isinf(found.delay[0])


def test_at_equal_numbers_it_takes_ever_so_long_and_no_longer():
    """L* = 1/√(πs) at λ = 1, so t = 1 / (4πη L*²)."""
    assert times(LinearStudent(1.0), 1e-3).generalized_at == pytest.approx(
        1 / (0.04 * np.pi * loss_at(0.95, 1e-3) ** 2), rel=1e-6
    )


# By adaptive quadrature over the same law. What was worked out before differs near 1, by up to a third.
@pytest.mark.parametrize(("ratio", "expected"), [(0.995, 2.704976e6), (0.999, 1.944844e7), (1.0001, 1.866219e8)])
def test_the_delay_grows_beyond_equal_numbers(ratio, expected):
    assert times(LinearStudent(ratio), 1e-3).generalized_at == pytest.approx(expected, rel=1e-6)


def test_the_delay_ends_where_the_zero_mode_is_too_much():
    edge = 1 / (1 - float(loss_at(0.95, 1e-3)))
    assert np.isinf(times(LinearStudent(edge + 1e-5), 1e-3).generalized_at)
    assert np.isfinite(times(LinearStudent(edge - 1e-5), 1e-3).generalized_at)


@pytest.mark.parametrize(("alpha", "expected"), [(0, 16831), (2, 24716), (5, 31702), (10, 36176)])
def test_larger_weights_are_later(alpha, expected):
    assert times(LinearStudent(0.9, alpha=alpha), 1e-3).delay == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(("outputs", "expected"), [(2, 31200), (25, 72013), (700, 5489), (1073, 0)])
def test_the_delay_over_outputs_rises_and_falls(outputs, expected):
    assert times(LinearStudent(0.9, outputs=outputs), 1e-3).delay == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(("decay", "expected"), [(1e-5, 20296), (1e-3, 24724), (1.5e-3, 35760), (2e-3, np.inf)])
def test_decay_makes_it_later_and_then_impossible(decay, expected):
    assert times(LinearStudent(0.9, decay), 1e-3).delay == pytest.approx(expected, rel=1e-3)


def test_where_decay_is_too_much():
    level = float(loss_at(0.95, 1e-3))
    assert critical_weight_decay(0.9, level) == pytest.approx(1.659e-3, rel=1e-3)
    assert critical_weight_decay(0.5, level) == pytest.approx(1.694e-2, rel=1e-3)
    assert critical_weight_decay(1.5, level) == 0
    assert critical_weight_decay(0.5, 1.0) == np.inf  # the teacher itself is an error of 1/2


def test_of_noise_the_first_crossing_counts():
    """With noisy labels validation loss falls below the level, and rises again."""
    early, late, never = times(LinearStudent(0.9, noise=0.2), [0.8, 0.6, 0.5]).generalized_at
    assert 0 < early < late < 821  # where it is lowest, 0.1432
    assert np.isinf(never)  # 0.1302 is asked


def test_many_delays_at_once_equal_single_ones():
    ratios, tolerances = np.array([0.3, 0.9]), np.geomspace(1e-6, 1e-2, 5)
    found = delay(ratios, tolerances, weight_decay=1e-5)
    assert found.shape == (2, 5)
    assert found[1, 3] == pytest.approx(times(LinearStudent(0.9, 1e-5), tolerances[3]).delay, rel=1e-9)
    assert (np.diff(found[0]) < 0).all()


def test_the_paper_s_closed_form_is_far_above_at_its_own_tolerance():
    worked_out = {1e-2: 0.164, 1e-3: 0.360, 1e-6: 0.755, 1e-15: 0.933}
    ratios = delay(0.9, list(worked_out))[0] / asymptotics.delay(0.9)
    assert ratios == pytest.approx(list(worked_out.values()), abs=2e-3)
    train, validation = asymptotics.times(0.5, 1e-3)
    assert validation - train == pytest.approx(490.3, rel=1e-3)


def test_what_the_paper_calls_the_delay_with_decay_lies_between_plateaus():
    """Each loss comes to twice what decay leaves of it; the difference is within 5 % of the formula."""
    from groklab.theory import losses, plateau

    steps, problem, left = np.geomspace(1e2, 1e4, 4000), LinearStudent(0.5, 1e-8), plateau(0.5, 1e-8)
    train, validation = (
        steps[(curve < 2 * end).argmax()] for curve, end in zip(losses(problem, steps), left, strict=True)
    )
    assert validation - train == pytest.approx(asymptotics.plateau_delay(0.5), rel=0.05)
