"""What we look at. A new measure is one file here and its name in `KINDS`."""

from groklab.measures.base import Measure, Observation
from groklab.measures.circuits.heads import Heads
from groklab.measures.circuits.neurons import Neurons
from groklab.measures.circuits.progress import Progress
from groklab.measures.circuits.spectrum import Spectrum
from groklab.measures.collapse import Collapse
from groklab.measures.fit import Accuracy, Loss
from groklab.measures.in_context import InContext
from groklab.measures.norms import UpdateNorm, WeightNorm
from groklab.measures.participation import Participation
from groklab.measures.parts import PartialAccuracies, PartialLosses
from groklab.measures.sharpness import sharpness

KINDS = (
    Accuracy,
    Loss,
    WeightNorm,
    UpdateNorm,
    PartialLosses,
    PartialAccuracies,
    Spectrum,
    Progress,
    Neurons,
    Heads,
    InContext,
    Participation,
    Collapse,
)

__all__ = [
    "KINDS",
    "Accuracy",
    "Collapse",
    "Heads",
    "InContext",
    "Loss",
    "Measure",
    "Neurons",
    "Observation",
    "PartialAccuracies",
    "PartialLosses",
    "Participation",
    "Progress",
    "Spectrum",
    "UpdateNorm",
    "WeightNorm",
    "sharpness",
]
