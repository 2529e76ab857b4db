"""Patterns that are fitted to curves they made."""

import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.theory.patterns import Pattern, fit, train_accuracy, validation_accuracy

TIMES = np.linspace(0, 10, 80)
FAST, SLOW = Pattern(0.95, 3.0, 2.0, 0.1), Pattern(0.9, 2.0, 7.0, 1.0)


def test_what_patterns_made_is_fitted():
    both = [told([FAST, SLOW], TIMES) for told in (train_accuracy, validation_accuracy)]
    found = fit(TIMES, *both, count=2, starts=4)
    assert found.distance < 1e-6
    np.testing.assert_allclose(np.array(found.patterns), np.array([FAST, SLOW]), rtol=1e-3)


def test_one_pattern_is_not_enough_for_two():
    both = [told([FAST, SLOW], TIMES) for told in (train_accuracy, validation_accuracy)]
    assert fit(TIMES, *both, count=1, starts=4).distance > 0.1


def test_a_fit_needs_a_pattern():
    with pytest.raises(InvalidSetting, match="`count` must be at least 1, got 0"):
        fit(TIMES, TIMES, TIMES, count=0)
