"""What theory says of a plan before a step is made. A new theory is one file here and its name in `THEORIES`."""

from groklab.predictions.base import Prediction
from groklab.predictions.foretold import THEORIES, predict
from groklab.predictions.students import over

__all__ = ["THEORIES", "Prediction", "over", "predict"]
