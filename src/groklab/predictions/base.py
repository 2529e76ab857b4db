"""What a prediction is, and what theories ask of a plan alike."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from groklab.optimizers import Free, Momentum, Unfiltered
from groklab.store import Columns
from groklab.training import Plan

Curve = Float[np.ndarray, "steps"]


class Prediction(NamedTuple):
    """What a theory says of a run before a step is made.

    `columns` are those of a run's record: losses and accuracies at its steps, none where theory knows no time. Times
    are steps, ∞ for what never comes, nan for what theory does not know; they may lie beyond the end of the run.
    """

    theory: str
    columns: Columns
    memorized_at: float
    generalized_at: float
    validity: str


class Theory(NamedTuple):
    """Which plans belong to a theory by their task and model, and what it says of them, or why it does not."""

    belongs: Callable[[Plan], bool]
    predict: Callable[[Plan], Prediction]  # raises `Uncovered`


class Uncovered(Exception):
    """Says why a theory does not cover a plan to whose task and model it belongs."""


def require_plain_descent(plan: Plan) -> None:
    """Raise `Uncovered` unless a plan is full-batch gradient descent with nothing added but weight decay."""
    optimizer = plan.optimizer
    if not isinstance(optimizer.rule, Momentum) or float(optimizer.rule.momentum) > 0:
        raise Uncovered("gradient descent without momentum: optimizer=sgd")
    if plan.batch_size != "full":
        raise Uncovered("all examples in each step: batch_size=full")
    if float(optimizer.weight_decay) > 0 and optimizer.decay == "initialization":  # the others are one without a rule
        raise Uncovered("weight decay towards the origin: decay=origin")
    if optimizer.warmup != "none":
        raise Uncovered("the full rate from the first step on: warmup=none")
    if float(optimizer.update_noise) > 0:
        raise Uncovered("no noise on updates: update_noise=0")
    if not isinstance(optimizer.filter, Unfiltered) or not isinstance(optimizer.constraint, Free):
        raise Uncovered("gradients and weights as they are: filter=unfiltered constraint=free")


def steps_of(plan: Plan) -> Curve:
    """Return the steps that a run of a plan records."""
    return np.asarray(plan.record.steps(plan.steps), float)
