"""A linear student, trained step by step, is what theory says of its data set."""

import numpy as np
import pytest

from groklab.models import BiasFree
from groklab.runner import execute, weights_at
from groklab.store import Store
from groklab.tasks import LinearTeacher
from groklab.theory import DataSet, Descent
from groklab.training import Record
from groklab.training.presets import plan_named

STEPS = 200


def trained(tmp_path, **changes):
    """Return a plan, the weights that it begins with, and what it recorded."""
    preset = plan_named("linear-teacher")
    plan = preset.replace(steps=STEPS, record=Record(growth=2.0, snapshots=2.0), **changes)
    (run,) = execute([plan], Store(str(tmp_path)))
    return plan, weights_at(run, 0), run.metrics()


@pytest.mark.parametrize("decay", [0.0, 0.05])
def test_the_loop_equals_the_spectral_formula(tmp_path, decay):
    task = LinearTeacher(inputs=30, outputs=3, size=20, validation=40, noise=0.2)
    optimizer = plan_named("linear-teacher").optimizer.replace(weight_decay=decay / task.outputs, decay="coupled")
    plan, weights, seen = trained(tmp_path, task=task, optimizer=optimizer)
    given = task.examples(seed=plan.seeds.split)
    (teacher,) = task.teacher(seed=plan.seeds.split)
    data = DataSet(given.inputs[: task.size], given.targets[: task.size, 0], teacher)
    descent = Descent(data, np.asarray(weights[0], np.float64), learning_rate=0.01, weight_decay=decay)
    expected = descent.losses(seen["step"])
    np.testing.assert_allclose(seen["train_loss"], expected.train, rtol=1e-9)
    wrong = [given.inputs[task.size :] @ (descent.weights(int(step)) - teacher) for step in seen["step"]]
    np.testing.assert_allclose(seen["validation_loss"], [(each**2).mean() for each in wrong], rtol=1e-9)


def test_teachers_and_students_are_of_the_size_that_theory_takes(tmp_path):
    task = LinearTeacher(inputs=60, outputs=2, size=30, validation=10)
    (teacher,) = task.teacher(seed=0)
    assert (teacher**2).sum() == pytest.approx(0.5, rel=0.3)
    _, weights, _ = trained(
        tmp_path, task=task, model=BiasFree(depth=1, hidden=40), objective=plan_named("linear-teacher").objective
    )
    assert [float((each**2).sum()) for each in weights] == pytest.approx([0.5, 0.5], rel=0.3)


def test_noise_is_on_what_is_trained_on_only():
    clean, noisy = (
        LinearTeacher(inputs=5, size=50, validation=20, noise=noise).examples(seed=1) for noise in (0.0, 1.0)
    )
    np.testing.assert_array_equal(clean.inputs, noisy.inputs)
    np.testing.assert_array_equal(clean.targets[50:], noisy.targets[50:])
    assert np.std(noisy.targets[:50] - clean.targets[:50]) == pytest.approx(1, rel=0.3)


def test_a_teacher_with_a_steep_hidden_layer_is_not_linear():
    task = LinearTeacher(inputs=5, outputs=2, hidden=4, size=5, validation=5)
    teacher, x = task.teacher(seed=0), np.random.default_rng(0).normal(size=(9, 5))
    linear, steep = task.answers(x, teacher), task.replace(slope=20.0).answers(x, teacher)
    np.testing.assert_allclose(linear, x @ teacher[0] @ teacher[1])
    assert np.abs(steep).max() < np.abs(linear).max()
