"""Displacements of walks whose law is known."""

import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.motion import drift_share, exponent, mean_square_displacement, sum_of_squares

STEPS = np.arange(0, 3_000)


def walk(seed=0, drift=0.0, pull=0.0, weights=200):
    random = np.random.default_rng(seed)
    updates = random.standard_normal((len(STEPS) - 1, weights)) + drift
    positions = np.zeros((len(STEPS), weights))
    for at, update in enumerate(updates):
        positions[at + 1] = (1 - pull) * positions[at] + update
    return positions, updates


KEPT = np.unique(np.geomspace(1, 2_999, 80).astype(int))


def test_a_random_walk_diffuses():
    positions, updates = walk()
    gaps, squares = mean_square_displacement(STEPS[::20], positions[::20])
    np.testing.assert_allclose(squares / gaps, 200, rtol=0.1)
    assert exponent(STEPS[::20], positions[::20]) == pytest.approx(1, abs=0.05)
    assert exponent(STEPS[KEPT], positions[KEPT]) == pytest.approx(1, abs=0.1)  # also at uneven steps
    share = drift_share(np.linalg.norm(positions[-1]), len(updates), np.square(updates).sum())
    assert share == pytest.approx(1 / len(updates), rel=0.3)


def test_a_straight_line_is_one():
    positions, updates = walk(drift=30.0)
    assert exponent(STEPS[::20], positions[::20]) == pytest.approx(2, abs=0.02)
    share = drift_share(np.linalg.norm(positions[-1]), len(updates), np.square(updates).sum())
    assert share == pytest.approx(1, abs=0.02)


def test_what_is_pulled_back_is_confined():
    positions, _ = walk(pull=0.05)
    late = slice(200, None, 10)
    assert exponent(STEPS[late], positions[late]) < 0.3


def test_squares_between_recordings():
    lengths = np.linspace(1, 3, 101) ** 0.5  # whose squares are a line
    whole = np.square(np.interp(np.arange(100), np.arange(101), lengths)).sum()
    assert sum_of_squares(np.array([0, 30, 100]), lengths[[0, 30, 100]]) == pytest.approx(whole, rel=1e-3)


def test_too_few_positions_are_refused():
    with pytest.raises(InvalidSetting, match="Keep weights more often"):
        exponent(np.arange(0, 50, 10), np.arange(5.0)[:, None])
    with pytest.raises(InvalidSetting, match="`steps` must be at least 4"):
        mean_square_displacement(np.arange(3), np.zeros((3, 2)))
