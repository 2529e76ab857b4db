"""Sweeps of linear students, in theory and on drawn data."""

import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.predictions import over, students
from groklab.predictions.students import descent
from groklab.tasks import LinearTeacher
from groklab.theory import LinearStudent, loss_at, losses, times


def test_theory_over_a_grid_is_theory_point_by_point():
    found = over({"ratio": [0.5, 0.9], "weight_decay": [0.0, 1e-3, 0.1], "tolerance": [1e-3, 1e-2]}, steps=[0, 300])
    assert dict(found.sizes) == {"ratio": 2, "weight_decay": 3, "tolerance": 2, "step": 2}
    one = LinearStudent(0.9, 1e-3)
    at = found.sel(ratio=0.9, weight_decay=1e-3)
    np.testing.assert_allclose(at.generalized_at, times(one, np.array([1e-3, 1e-2])).generalized_at)
    np.testing.assert_allclose(at.delay, at.generalized_at - at.memorized_at)
    np.testing.assert_allclose(at.validation_loss, losses(one, [0, 300]).validation)
    assert np.isinf(found.generalized_at.sel(ratio=0.9, weight_decay=0.1)).all()


def test_descents_over_a_grid_share_what_they_have_in_common(monkeypatch):
    taken = []
    original = students.modes_of
    monkeypatch.setattr(students, "modes_of", lambda examples: taken.append(examples.shape) or original(examples))
    students.modes.cache_clear()
    axes = {"ratio": [0.5, 0.8], "alpha": [1.0, 3.0], "outputs": [1, 2], "noise": [0.0, 0.1], "weight_decay": [0, 0.01]}
    found = over(axes, inputs=20, seeds=(4, 5), steps=[0, 50])
    assert dict(found.sizes) == dict.fromkeys(("seed", *axes, "step"), 2)
    assert sorted(taken) == [(25, 20), (25, 20), (40, 20), (40, 20)]
    one = descent(LinearStudent(0.5, 0.01, 2, alpha=3.0, noise=0.1), 5, 20)
    point = found.sel(seed=5, ratio=0.5, alpha=3, outputs=2, noise=0.1, weight_decay=0.01)
    np.testing.assert_allclose(point.train_loss, one.losses([0, 50]).train)
    assert float(point.generalized_at) == pytest.approx(float(one.times(loss_at(0.95, np.array([1e-3]), 2))[1][0]))
    assert "seed" not in over({"ratio": [0.5]}).sizes


def test_the_examples_are_those_of_the_task():
    one = descent(LinearStudent(0.5), 7, 10)
    given = LinearTeacher(inputs=10, size=20, validation=3).examples(seed=7)
    np.testing.assert_array_equal(one.data.examples, given.inputs[:20])
    np.testing.assert_allclose(one.data.labels, given.targets[:20, 0])


@pytest.mark.parametrize(
    ("axes", "words"),
    [
        ({"ratio": [0.5], "decay": [0.1]}, "`decay` is not a setting of a linear student. Did you mean `weight_decay`"),
        ({"outputs": [1]}, "`ratio` must be among the settings"),
        ({"ratio": [0.0]}, "`ratio` must be above 0, got 0"),
        ({"ratio": [0.5], "outputs": [0]}, "`outputs` must be at least 1, got 0"),
        ({"ratio": [0.5], "weight_decay": [-1]}, "`weight_decay` must be at least 0, got -1"),
        ({"ratio": [0.5], "tolerance": [0]}, "`tolerance` must be above 0, got 0"),
    ],
)
def test_what_is_outside_is_refused(axes, words):
    with pytest.raises(InvalidSetting, match=words):
        over(axes)
