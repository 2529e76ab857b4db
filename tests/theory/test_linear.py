"""The linear student on paper: quadrature, closed forms, a descent carried out, and numbers worked out before."""

import itertools

import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.theory import (
    LinearStudent,
    accuracy,
    asymptotics,
    closed_forms,
    loss_at,
    losses,
    marchenko_pastur,
    plateau,
)

RATIOS = (0.1, 0.5, 0.9, 1.5)


@pytest.mark.parametrize("ratio", RATIOS)
def test_the_law_has_its_moments(ratio):
    for power, moment in ((0, 1), (1, 1), (2, 1 + ratio)):
        assert marchenko_pastur.mean(lambda values, n=power: values**n, ratio) == pytest.approx(moment, rel=1e-12)
    if ratio < 1:
        for power, moment in ((-1, 1 / (1 - ratio)), (-2, 1 / (1 - ratio) ** 3)):
            assert marchenko_pastur.mean(lambda values, n=power: values**n, ratio) == pytest.approx(moment, rel=1e-12)


@pytest.mark.parametrize("ratio", [0.5, 1.0, 1.5])
def test_the_density_is_that_of_eigenvalues(ratio):
    inputs = 600
    examples = np.random.default_rng(0).normal(size=(round(inputs / ratio), inputs))
    values = np.linalg.eigvalsh(examples.T @ examples / len(examples))
    low, high = marchenko_pastur.edges(ratio)
    bins = np.linspace(max(low, 0.1), high, 6)
    fine = np.linspace(bins[0], bins[-1], 50_001)
    expected = [
        np.trapezoid(marchenko_pastur.density(fine[here], ratio), fine[here])
        for here in ((fine >= a) & (fine <= b) for a, b in itertools.pairwise(bins))
    ]
    assert np.histogram(values, bins)[0] / inputs == pytest.approx(expected, abs=0.01)
    assert (values < 1e-9).mean() == pytest.approx(float(marchenko_pastur.zero_mode(ratio)), abs=0.01)


@pytest.mark.parametrize("ratio", [*RATIOS, 1.0])
def test_closed_forms_equal_the_quadrature(ratio):
    clock = np.geomspace(0.01, 200, 30)
    found = losses(LinearStudent(ratio), clock / 0.04)
    assert closed_forms.train_loss(clock, ratio) == pytest.approx(found.train, rel=1e-12)
    assert closed_forms.validation_loss(clock, ratio) == pytest.approx(found.validation, rel=1e-11)
    if ratio != 1:
        early = clock < 20
        by_marcum = closed_forms.validation_loss_by_marcum(clock[early], ratio)
        assert by_marcum == pytest.approx(found.validation[early], rel=1e-9)


def test_losses_begin_at_one_over_the_outputs():
    assert losses(LinearStudent(0.9, outputs=5), 0) == pytest.approx((0.2, 0.2))
    assert closed_forms.train_loss(0, 0.9) == pytest.approx(1)


def test_validation_loss_falls_as_fast_as_training_loss_is_high():
    """dL_gen/dt = −4η L_tr, the equation 21 of Levi et al."""
    before, at, after = (losses(LinearStudent(0.9), 500 + change) for change in (-0.1, 0, 0.1))
    slope = (after.validation - before.validation) / 0.2
    assert slope == pytest.approx(-0.04 * at.train, rel=1e-6)


@pytest.mark.parametrize(("steps", "train", "validation"), [(1e2, 0.03581, 0.2479), (1e4, 1.330e-5, 2.502e-3)])
def test_the_curves_of_figure_1(steps, train, validation):
    assert losses(LinearStudent(0.9), steps) == pytest.approx((train, validation), rel=5e-4)


@pytest.mark.parametrize(
    "problem",
    [LinearStudent(0.5, 0.01, noise=0.3), LinearStudent(1.5, 0.01, 3, 0.02, 2.0), LinearStudent(0.5, noise=1)],
)
def test_a_descent_that_is_carried_out_comes_close(problem):
    """The mean over many students of one large data set, in steps that are not infinitely small."""
    random, inputs, students = np.random.default_rng(1), 200, 60 * problem.outputs
    examples = random.normal(size=(round(inputs / problem.ratio), inputs))
    scale = np.sqrt(1 / (2 * inputs * problem.outputs))
    teacher, student = (random.normal(size=(inputs, students)) * scale for _ in range(2))
    student, labels = problem.alpha * student, examples @ teacher
    labels = labels + problem.noise * random.normal(size=labels.shape)
    covariance, target = (examples.T @ each / len(examples) for each in (examples, labels))
    for _ in range(400):
        student = student - problem.rate * (2 * (covariance @ student - target) + problem.weight_decay * student)
    found = ((examples @ student - labels) ** 2).mean(), ((student - teacher) ** 2).sum() / students
    assert losses(problem, 400) == pytest.approx(found, rel=0.06)


def test_accuracy_is_the_share_of_small_errors():
    random = np.random.default_rng(0)
    for outputs in (1, 5):
        errors = (random.normal(size=(100_000, outputs)) ** 2 * 0.02).mean(1)
        assert accuracy(0.02, 0.01, outputs) == pytest.approx((errors < 0.01).mean(), abs=0.005)
    assert accuracy(0.0, 1e-3) == 1
    assert accuracy(loss_at(0.95, 1e-3, [1, 5]), 1e-3, [1, 5]) == pytest.approx(0.95)
    expected = [0.26032, 0.33381, 0.45165, 0.74069, 0.80423, 0.91784, 0.93051]
    assert loss_at(0.95, 1, [1, 2, 5, 50, 100, 700, 1000]) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("decay", [1e-5, 1e-2])
def test_what_decay_leaves_is_where_losses_end(ratio, decay):
    end = losses(LinearStudent(ratio, decay), 40 / (0.01 * decay))
    assert plateau(ratio, decay) == pytest.approx(np.asarray(end), rel=1e-8)


def test_small_decay_leaves_half_of_what_equation_16_says():
    left = plateau(0.9, 1e-5)
    assert left.train == pytest.approx(1e-10 / 8 / 0.1, rel=0.01)
    assert left.validation == pytest.approx(1e-10 / 8 / 0.1**3, rel=0.01)


def test_late_times_are_off_by_what_was_worked_out():
    exact = losses(LinearStudent(0.9), 1000 / 0.04)
    assert asymptotics.train_loss(1000, 0.9) / exact.train - 1 == pytest.approx(2.0e-4, rel=0.1)
    assert asymptotics.validation_loss(1000, 0.9) / exact.validation - 1 == pytest.approx(1.6e-4, rel=0.1)
    assert asymptotics.latest_validation_loss(1000, 0.9) / exact.validation - 1 == pytest.approx(0.46, rel=0.1)


REFUSED = {
    "ratio": (lambda: losses(LinearStudent(0.0), 1), "`ratio` must be above 0, got 0."),
    "decay": (lambda: losses(LinearStudent(0.5, -1.0), 1), "`weight_decay` must be at least 0, got -1."),
    "outputs": (lambda: losses(LinearStudent(0.5, outputs=0), 1), "`outputs` must be at least 1, got 0."),
    "steps": (lambda: losses(LinearStudent(0.5), [1, -2]), "`steps` must be at least 0, got -2."),
    "tolerance": (lambda: accuracy(1.0, 0.0), "`tolerance` must be above 0, got 0."),
    "share": (lambda: loss_at(1.0, 1e-3), "`share` must be below 1, got 1."),
    "late": (
        lambda: asymptotics.delay(1.0),
        "`ratio` must be below 1, since late times are those of the least eigenvalue above 0, got 1.",
    ),
    "marcum": (
        lambda: closed_forms.validation_loss_by_marcum(1.0, 1.0),
        "`ratio` must not be 1 in this form, got 1. Use `validation_loss`.",
    ),
    "plateau": (
        lambda: plateau(0.5, 0.0),
        "`weight_decay` must be above 0, since without it nothing but the zero mode is left, got 0.",
    ),
    "not a number": (lambda: losses(LinearStudent(np.nan), 1), "`ratio` must be above 0, got nan."),
}


@pytest.mark.parametrize(("call", "message"), REFUSED.values(), ids=REFUSED)
def test_what_no_formula_holds_for_is_refused(call, message):
    with pytest.raises(InvalidSetting) as caught:
        call()
    assert str(caught.value) == message
