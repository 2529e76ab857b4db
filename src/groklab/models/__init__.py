"""What learns. A new model is one file here and its name in `KINDS`."""

from groklab.models.base import Model, ModelInputs
from groklab.models.bias_free import BiasFree
from groklab.models.embedding_sum import EmbeddingSum
from groklab.models.graph_convolution import GraphConvolution
from groklab.models.lstm import LSTM
from groklab.models.matching import matched
from groklab.models.mlp import MLP
from groklab.models.nearly_linear import NearlyLinear
from groklab.models.on_features import OnFeatures
from groklab.models.polynomial import Polynomial
from groklab.models.quadratic import Quadratic
from groklab.models.random_features import RandomFeatures
from groklab.models.transformer import Transformer

KINDS = (
    Transformer,
    MLP,
    RandomFeatures,
    Polynomial,
    LSTM,
    GraphConvolution,
    EmbeddingSum,
    BiasFree,
    Quadratic,
    NearlyLinear,
)

__all__ = [
    "KINDS",
    "LSTM",
    "MLP",
    "BiasFree",
    "EmbeddingSum",
    "GraphConvolution",
    "Model",
    "ModelInputs",
    "NearlyLinear",
    "OnFeatures",
    "Polynomial",
    "Quadratic",
    "RandomFeatures",
    "Transformer",
    "matched",
]
