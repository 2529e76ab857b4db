"""What learns. A new model is one file here and its name in `KINDS`."""

from groklab.models.base import Model, ModelInputs
from groklab.models.mlp import MLP
from groklab.models.random_features import RandomFeatures
from groklab.models.transformer import Transformer

KINDS = (Transformer, MLP, RandomFeatures)

__all__ = ["KINDS", "MLP", "Model", "ModelInputs", "RandomFeatures", "Transformer"]
