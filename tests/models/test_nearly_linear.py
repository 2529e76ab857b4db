"""Nearly linear units, and the square of a projection that they learn."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from kinds import small_plan

from groklab.errors import InvalidSetting
from groklab.models import NearlyLinear
from groklab.objectives import SquaredError
from groklab.tasks import KernelEigenvector, PolynomialTeacher, TeacherStudent
from groklab.theory.polynomial import alignment, tangent_kernel, terms
from groklab.training import prepare, train

TASK = PolynomialTeacher(inputs=6, size=20, validation=10)
MODEL = NearlyLinear(hidden=9, laziness=2.0, curvature=0.4)


def plan(**changes):
    return small_plan(**{"task": TASK, "model": MODEL, "objective": SquaredError(), "batch_size": "full", **changes})


def test_its_answers_are_what_has_come_since_the_start():
    setup, member, _ = prepare(plan())
    start, moved = np.asarray(member.inputs.fixed), np.random.default_rng(0).normal(size=(6, 9)).astype(np.float32)
    given = np.asarray(member.inputs.examples).reshape(30, 6)
    answers = MODEL.outputs(jnp.asarray(moved), member.inputs, setup.shape, matmul_dtype="float32")
    before, after = given @ start, given @ (start + moved)
    expected = 2.0 * (after + 0.2 * after**2 - before - 0.2 * before**2).mean(1)
    np.testing.assert_allclose(answers[:, 0, 0], expected, rtol=1e-4, atol=1e-5)
    assert (MODEL.initialize(setup.shape, key=jax.random.key(0)) == 0).all()


def test_three_terms_are_the_loss_of_what_has_come_since_the_start():
    random = np.random.default_rng(1)
    start, rows = random.normal(size=(2, 40, 6))
    teacher = TASK.teacher(seed=0)
    inputs = random.normal(size=(400_000, 6)) / np.sqrt(6)
    before, after = inputs @ start.T, inputs @ rows.T
    answers = 2.0 * (after + 0.2 * after**2 - before - 0.2 * before**2).mean(1)
    loss = ((answers - (inputs @ teacher) ** 2 / 2) ** 2).mean()
    assert terms(rows, teacher, alpha=2.0, curvature=0.4, start=start).loss == pytest.approx(loss, rel=0.03)


def test_the_teacher_squares_a_projection():
    given = TASK.examples(seed=3)
    np.testing.assert_allclose(given.targets[:, 0, 0], (given.inputs @ TASK.teacher(seed=3)) ** 2 / 2)
    assert np.linalg.norm(TASK.teacher(seed=3)) ** 2 == pytest.approx(6)
    assert (given.train_size, given.known_size) == (20, 30)


def test_it_is_trained_and_answers_with_one_number():
    assert np.isfinite(train(plan(steps=3)).dataset.train_loss).all()
    with pytest.raises(InvalidSetting, match="nearly-linear answers with one number, got a task that asks for 5"):
        prepare(plan(task=TeacherStudent(size=8, validation=4)))


def test_labels_along_an_eigenvector():
    task = KernelEigenvector(inputs=5, which=3, bend=0.5, size=20, validation=15)
    given = task.examples(seed=2)
    kernel, labels = tangent_kernel(given.inputs, 0.5), given.targets[:, 0, 0]
    value = np.linalg.eigvalsh(kernel)[-3]
    np.testing.assert_allclose(kernel @ labels, value * labels, atol=1e-10)
    assert (labels**2).mean() == pytest.approx(1)
    assert labels.mean() >= 0
    assert alignment(kernel, labels) == pytest.approx(value / np.linalg.norm(kernel))
    with pytest.raises(InvalidSetting, match="`which` must be at most the number of examples, 35, got 36"):
        task.replace(which=36)


def test_the_kernel_is_that_of_many_units():
    random = np.random.default_rng(3)
    inputs, units = random.normal(size=(6, 4)), random.normal(size=(4, 400_000))
    slopes = 1 + 0.4 * inputs @ units
    kernel = slopes @ slopes.T / units.shape[1] * (inputs @ inputs.T)
    np.testing.assert_allclose(tangent_kernel(inputs, 0.4), kernel, rtol=0.02, atol=0.02)
