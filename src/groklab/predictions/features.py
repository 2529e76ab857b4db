"""A linear map of features that are not trained: gradient descent on its very data, from one eigendecomposition."""

import numpy as np
from jaxtyping import Float

from groklab.models import OnFeatures
from groklab.objectives import SquaredError
from groklab.predictions.base import Prediction, Theory, Uncovered, require_plain_descent, steps_of
from groklab.theory import DataSet, Descent
from groklab.training import Plan, Program, prepare
from groklab.types import Numbers
from groklab.wide import float64

FAR, RATIO = 1e6, 1.02  # how much longer than the run it is followed, and the ratio of successive steps there
PARTS = ("train", "validation")
Rows = Float[np.ndarray, "_ _"]
Curve = Float[np.ndarray, "steps"]


def belongs(plan: Plan) -> bool:
    """Whether a plan is of such a model at all, and one number or some are asked for."""
    return isinstance(plan.model, OnFeatures)


def predict(plan: Plan) -> Prediction:
    """Return both losses, accuracies and times; raise `Uncovered` where training is no descent on squared error."""
    require_plain_descent(plan)
    if not isinstance(plan.objective, SquaredError):
        raise Uncovered("squared error: objective=squared-error")
    features, targets, start, size = laid_out(plan)
    descent = _descent(plan, DataSet(features[:size], targets[:size]), start)
    steps = steps_of(plan)
    later = np.geomspace(plan.steps, FAR * plan.steps, int(np.log(FAR) / np.log(RATIO)) + 1)[1:]
    every = np.concatenate([steps, later, [np.inf]])
    columns, times = {"step": steps}, []
    levels = (plan.record.memorized_from, plan.record.generalized_from)
    for part, rows, level in zip(PARTS, (slice(size), slice(size, None)), levels, strict=True):
        errors = _errors(descent, features[rows], targets[rows], every)
        right = (errors < float(plan.objective.tolerance)).mean(1)
        columns |= {f"{part}_loss": errors.mean(1)[: steps.size], f"{part}_accuracy": right[: steps.size]}
        times.append(_first(every, right >= float(level)))
    words = "gradient descent on these features and examples, from one eigendecomposition (Levi et al. 2024, section 3)"
    validity = "Exact for this data set and these features, up to the rounding of the run."
    memorized, generalized = times
    return Prediction(words, columns, memorized, generalized, validity)


def laid_out(plan: Plan) -> tuple[Rows, Rows, Rows, int]:
    """Return features and targets of all examples, those to train on first, the weights at first, and how many are."""
    setup, member, examples = prepare(plan)
    if not isinstance(examples.shape.answers, Numbers):
        raise Uncovered("numbers to answer with")
    assert isinstance(plan.model, OnFeatures)
    with float64(plan.precision.needs_float64):
        start = Program([setup], [member]).start().weights
        known = examples.order[: examples.known_size]
        features = plan.model.feature_map(member.inputs, plan.precision.parameters, plan.precision.products)
    targets = examples.targets.reshape(len(examples.targets), -1)
    return np.asarray(features, float)[known], targets[known], np.asarray(start, float), examples.train_size


def _descent(plan: Plan, data: DataSet, start: Rows) -> Descent:
    """Return the descent; its rate and decay are divided by the number of outputs, a plan's are not."""
    outputs, rate = start.shape[1], float(plan.optimizer.learning_rate)
    decay = float(plan.optimizer.weight_decay) * outputs
    return Descent(data, start, learning_rate=rate, weight_decay=decay)


def _errors(descent: Descent, features: Rows, targets: Rows, steps: Curve) -> Float[np.ndarray, "steps examples"]:
    """Return the mean squared error of every answer."""
    return ((descent.answers(features, steps) - targets) ** 2).mean(-1)


def _first(steps: Curve, reached: np.ndarray) -> float:
    """Return the first step, ∞ where it is not even reached in the end, nan where only beyond what is followed."""
    if reached[:-1].any():
        return float(steps[reached.argmax()])
    return np.nan if reached[-1] else np.inf


FEATURES = Theory(belongs, predict)
