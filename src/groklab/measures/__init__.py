"""What we look at. A new measure is one file here and its name in `KINDS`."""

from groklab.measures.base import Measure, Observation
from groklab.measures.fit import Accuracy, Loss
from groklab.measures.norms import UpdateNorm, WeightNorm
from groklab.measures.sharpness import sharpness

KINDS = (Accuracy, Loss, WeightNorm, UpdateNorm)

__all__ = ["KINDS", "Accuracy", "Loss", "Measure", "Observation", "UpdateNorm", "WeightNorm", "sharpness"]
