"""What counts as wrong, and by how much. A new objective is one file here and its name in `KINDS`."""

from groklab.objectives.base import NO_ANSWER, Objective, OfClasses, OfTwoClasses
from groklab.objectives.binary_cross_entropy import BinaryCrossEntropy
from groklab.objectives.collapsed import Collapsed
from groklab.objectives.cross_entropy import CrossEntropy
from groklab.objectives.hinge import Hinge
from groklab.objectives.one_hot_squared_error import OneHotSquaredError
from groklab.objectives.squared_error import SquaredError
from groklab.objectives.stablemax import StableMax

KINDS = (CrossEntropy, SquaredError, OneHotSquaredError, BinaryCrossEntropy, Hinge, StableMax, Collapsed)

__all__ = [
    "KINDS",
    "NO_ANSWER",
    "BinaryCrossEntropy",
    "Collapsed",
    "CrossEntropy",
    "Hinge",
    "Objective",
    "OfClasses",
    "OfTwoClasses",
    "OneHotSquaredError",
    "SquaredError",
    "StableMax",
]
