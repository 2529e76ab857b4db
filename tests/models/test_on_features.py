"""Linear maps of features: polynomials, and random ones."""

import numpy as np
import pytest
from kinds import small_plan

from groklab.errors import InvalidSetting
from groklab.models import Polynomial, RandomFeatures
from groklab.objectives import SquaredError
from groklab.tasks import Curve, TeacherStudent
from groklab.theory.least_squares import decompose
from groklab.theory.least_squares import legendre as exact
from groklab.training import prepare, train
from groklab.training.presets import EXACT
from groklab.wide import float64

TASK = Curve(size=8, validation=30)


def plan(**changes):
    return small_plan(**{"task": TASK, "objective": SquaredError(), "batch_size": "full", "precision": EXACT} | changes)


def features_of(model):
    setup, member, examples = prepare(plan(model=model))
    with float64(True):
        return np.asarray(model.feature_map(member.inputs, "float64", setup.precision.products)), examples


@pytest.mark.parametrize("degree", [0, 1, 40])
def test_polynomials_are_legendre_s(degree):
    found, examples = features_of(Polynomial(degree))
    np.testing.assert_allclose(found, exact(examples.inputs[:, 0], degree) / np.sqrt(degree + 1), atol=1e-12)


def test_random_features_have_biases_and_one_mean_square():
    found, examples = features_of(RandomFeatures(20_000))
    places = examples.inputs[:, 0]
    # E relu(wx + b)² for standard normal w, b
    np.testing.assert_allclose((found**2).sum(1), (1 + places**2) / 2, rtol=0.06)


def test_descent_from_zero_ends_at_the_least_weights():
    model = Polynomial(60)
    found, examples = features_of(model)
    seen = train(plan(model=model, optimizer=small_plan().optimizer.replace(**plain(0.2)), steps=3000))
    least = decompose(found[: TASK.size]).solve(examples.targets[: TASK.size, 0])
    np.testing.assert_allclose(np.asarray(seen.weights), least, atol=1e-7)


def plain(rate):
    from groklab.optimizers import Momentum

    return {"rule": Momentum(), "learning_rate": rate, "weight_decay": 0.0, "warmup": "none"}


def test_a_polynomial_reads_one_number():
    with pytest.raises(InvalidSetting, match="`model` polynomial reads one number, got a task of 3"):
        train(plan(task=TeacherStudent(inputs=3), model=Polynomial()))


def test_the_curve_is_seen_with_noise_and_asked_without():
    examples = TASK.examples(seed=4)
    asked = TASK.answers(examples.inputs[:, 0])
    assert np.abs(examples.targets[:8, 0, 0] - asked[:8]).min() > 0
    np.testing.assert_array_equal(examples.targets[8:, 0, 0], asked[8:])
    assert (examples.inputs[8, 0], examples.inputs[-1, 0]) == (-1, 1)
