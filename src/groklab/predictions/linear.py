"""A linear student, of one layer or two, of a linear teacher (Levi, Beck and Bar-Sinai 2024)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from groklab.models import BiasFree
from groklab.objectives import SquaredError
from groklab.predictions.base import Prediction, Theory, Uncovered, require_plain_descent, steps_of
from groklab.tasks import LinearTeacher
from groklab.theory import LinearStudent, Losses, accuracy, losses, times
from groklab.theory.crossings import Times
from groklab.theory.marchenko_pastur import edges
from groklab.theory.two_layers import TwoLayers, frozen_losses, frozen_times
from groklab.training import Plan

MANY = 400  # inputs from which on single data sets are near the limit of infinitely many


def belongs(plan: Plan) -> bool:
    """Whether a plan is of these networks at all."""
    return isinstance(plan.task, LinearTeacher) and isinstance(plan.model, BiasFree)


def predict(plan: Plan) -> Prediction:
    """Return both losses, accuracies and times; raise `Uncovered` where the theory does not hold."""
    task, model, objective = plan.task, plan.model, plan.objective
    assert isinstance(task, LinearTeacher)
    assert isinstance(model, BiasFree)
    require_plain_descent(plan)
    if not isinstance(objective, SquaredError):
        raise Uncovered("squared error: objective=squared-error")
    rate, decay = float(plan.optimizer.learning_rate), float(plan.optimizer.weight_decay)
    ratio = task.inputs / task.size
    most = task.outputs / (float(edges(ratio)[1]) + task.outputs * decay / 2)
    if model.depth == 1:  # of two layers each is as slow as the other is small
        most *= 2 * task.outputs
    if rate >= most:
        raise Uncovered(f"a rate at which steps do not diverge: learning_rate below {most:.3g}")
    if model.depth == 0 and task.hidden == 0:
        return _one_layer(plan, ratio, rate, decay * task.outputs, float(objective.tolerance))
    if model.depth == 1 and task.hidden and decay == 0 and float(task.noise) == 0 and float(plan.alpha) == 1:
        return _two_layers(plan, ratio, rate, float(objective.tolerance))
    raise Uncovered(
        "a student of one layer of a teacher of one (depth=0, task.hidden=0), or of two of two without decay, noise "
        "and alpha (depth=1, task.hidden above 0)"
    )


def _one_layer(plan: Plan, ratio: float, rate: float, decay: float, tolerance: float) -> Prediction:
    task = plan.task
    assert isinstance(task, LinearTeacher)
    noise, alpha = float(task.noise), float(plan.alpha)
    problem = LinearStudent(ratio, decay, task.outputs, rate, alpha, noise)
    few = "" if task.inputs >= MANY else f" Of {task.inputs} inputs single data sets are far apart."
    noisy = " Accuracies are those of normal errors, also of noisy labels." if noise else ""
    return _prediction(
        plan,
        "linear student (Levi et al. 2024, equations 8, 13 and 15)",
        lambda steps: losses(problem, steps),
        lambda level: times(problem, tolerance, level),
        f"Exact for ever more inputs and small rates; with 1,000 delays of single runs are within 30 %.{few}{noisy}",
    )


def _two_layers(plan: Plan, ratio: float, rate: float, tolerance: float) -> Prediction:
    task, model = plan.task, plan.model
    assert isinstance(task, LinearTeacher)
    assert isinstance(model, BiasFree)
    problem = TwoLayers(ratio, model.hidden, task.outputs, rate)
    slope = max(float(task.slope), float(model.slope))
    bent = slope**2 / (2 * model.hidden)
    steep = f" Of tanh {slope:g} times as steep it holds while {bent:.2g} is small against 1." if slope else ""
    return _prediction(
        plan,
        "two layers as one at the rate η/2d² (Levi et al. 2024, section 4)",
        lambda steps: frozen_losses(problem, steps),
        lambda level: frozen_times(problem, tolerance, level),
        f"For many hidden units, few outputs and as wide a teacher; within a tenth of a decade at 1,000 inputs.{steep}",
    )


def _prediction(
    plan: Plan,
    theory: str,
    losses_at: Callable[[ArrayLike], Losses],
    times_of: Callable[[float], Times],
    validity: str,
) -> Prediction:
    assert isinstance(plan.task, LinearTeacher)
    assert isinstance(plan.objective, SquaredError)
    steps, tolerance = steps_of(plan), float(plan.objective.tolerance)
    found = losses_at(steps)
    columns = {"step": steps}
    for part in ("train", "validation"):
        loss = getattr(found, part)
        columns |= {f"{part}_loss": loss, f"{part}_accuracy": accuracy(loss, tolerance, plan.task.outputs)}
    memorized = float(times_of(float(plan.record.memorized_from)).memorized_at)
    generalized = float(times_of(float(plan.record.generalized_from)).generalized_at)
    if float(plan.task.noise):
        memorized = generalized = np.nan
    return Prediction(theory, columns, memorized, generalized, validity)


LINEAR = Theory(belongs, predict)
