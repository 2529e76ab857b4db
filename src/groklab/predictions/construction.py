"""A quadratic network on a table: weights that are right without training (Gromov 2023), but not when they come."""

import numpy as np

from groklab.models import Quadratic
from groklab.predictions.base import Prediction, Theory, Uncovered
from groklab.tasks import BinaryTable, Modular
from groklab.theory import gromov
from groklab.training import Plan

OPERATIONS = ("addition", "subtraction")


def belongs(plan: Plan) -> bool:
    """Whether a plan is of such a network at all."""
    return isinstance(plan.model, Quadratic)


def predict(plan: Plan) -> Prediction:
    """Return which share of all sums the best known weights tell; raise `Uncovered` for another table."""
    model = plan.model
    assert isinstance(model, Quadratic)
    operation = plan.task.operation if isinstance(plan.task, BinaryTable) else None
    if not isinstance(operation, Modular) or operation.operation not in OPERATIONS:
        raise Uncovered("addition or subtraction modulo p: quadratic operation=addition")
    share = gromov.accuracy(gromov.weights(operation.p, model.hidden, seed=plan.seeds.init))
    words = f"weights in closed form tell {share:.1%} of the whole table with {model.hidden:,} units (Gromov 2023)"
    validity = "Theory knows that such weights exist, not whether or when descent finds them."
    return Prediction(words, {}, np.nan, np.nan, validity)


CONSTRUCTION = Theory(belongs, predict)
