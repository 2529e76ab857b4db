"""Which theories there are, and which of them covers a plan."""

from groklab.errors import InvalidSetting
from groklab.predictions.base import Prediction, Uncovered
from groklab.predictions.construction import CONSTRUCTION
from groklab.predictions.features import FEATURES
from groklab.predictions.linear import LINEAR
from groklab.training import Plan

THEORIES = (LINEAR, CONSTRUCTION, FEATURES)
KNOWN = "linear-teacher (with model bias-free), quadratic, curve, and model=random-features on numbers"


def predict(plan: Plan) -> Prediction:
    """Return what the theory of a plan says. Raises `InvalidSetting` where none covers it."""
    for theory in THEORIES:
        if theory.belongs(plan):
            try:
                return theory.predict(plan)
            except Uncovered as reason:
                raise InvalidSetting(f"theory covers this task and model only with {reason}.") from None
    raise InvalidSetting(f"no theory here covers {plan.task.name} with this model. Known: {KNOWN}.")
