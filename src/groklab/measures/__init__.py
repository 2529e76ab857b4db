"""What we look at. A new measure is one file here and its name in `KINDS`."""

from groklab.measures.along_weights import AlongWeights
from groklab.measures.base import Measure, Observation
from groklab.measures.circuits.heads import Heads
from groklab.measures.circuits.neurons import Neurons
from groklab.measures.circuits.progress import Progress
from groklab.measures.circuits.spectrum import Spectrum
from groklab.measures.collapse import Collapse
from groklab.measures.curvature import Curvature, UpdateSharpness
from groklab.measures.distance import Distance
from groklab.measures.feature_change import FeatureChange
from groklab.measures.fit import Accuracy, Loss
from groklab.measures.gradient_noise import GradientNoise
from groklab.measures.in_context import InContext
from groklab.measures.mean_cosine import MeanCosine
from groklab.measures.norms import HeadNorm, UpdateNorm, WeightNorm
from groklab.measures.participation import Participation
from groklab.measures.parts import PartialAccuracies, PartialLosses
from groklab.measures.sharpness import sharpness

KINDS = (
    Accuracy,
    Loss,
    WeightNorm,
    UpdateNorm,
    HeadNorm,
    PartialLosses,
    PartialAccuracies,
    Spectrum,
    Progress,
    Neurons,
    Heads,
    InContext,
    Participation,
    Collapse,
    MeanCosine,
    Curvature,
    UpdateSharpness,
    FeatureChange,
    Distance,
    GradientNoise,
    AlongWeights,
)

__all__ = [
    "KINDS",
    "Accuracy",
    "AlongWeights",
    "Collapse",
    "Curvature",
    "Distance",
    "FeatureChange",
    "GradientNoise",
    "HeadNorm",
    "Heads",
    "InContext",
    "Loss",
    "MeanCosine",
    "Measure",
    "Neurons",
    "Observation",
    "PartialAccuracies",
    "PartialLosses",
    "Participation",
    "Progress",
    "Spectrum",
    "UpdateNorm",
    "UpdateSharpness",
    "WeightNorm",
    "sharpness",
]
