"""What the measures of circuits on residues share (Nanda et al. 2023): what they need, maps, and key frequencies.

Two rules say which frequencies are key. By `norm`, those with more than a quarter of the greatest norm in the map from
neurons to logits: that map is the paper's choice, which names no threshold, and the quarter is from its first author's
notebook. By `neurons`, each that explains more of at least one neuron's variance than any other does: as in the code
beside the paper (`calculate_key_freqs`), except that this never looks at the highest frequency. A single neuron that
belongs nowhere makes its frequency key there, so that a network that is not cleaned up has many.
"""

import abc
from typing import Any

import numpy as np
from jaxtyping import Array, Bool, Float, PyTree

from groklab.errors import InvalidSetting
from groklab.measures.base import Inside, Measure, Observation
from groklab.measures.circuits import fourier, tables
from groklab.types import Examples, Scalar

OPERANDS = 2
SIGNS = {"sum": 1, "difference": -1}  # what a circuit computes of a and b
RULES = ("norm", "neurons")
RULE = (
    "which frequencies are key: norm, more than 1/4 of the greatest in the output map; neurons, the best of any neuron"
)


class Circuit(Measure):
    """They need all pairs of residues, and one answer for each."""

    @abc.abstractmethod
    def __call__(self, seen: Observation) -> dict[str, Scalar]: ...

    def check(self, examples: Examples, weights: PyTree[Any]) -> None:
        name = type(self).__name__
        p = round(len(examples.inputs) ** 0.5)
        columns = [column for column in examples.inputs.T if len(np.unique(column)) > 1]
        pairs = np.stack(np.divmod(np.arange(p * p), max(p, 1)))
        if len(columns) != OPERANDS or not np.array_equal(columns, pairs) or len(examples.shape.tokens.scored) != 1:
            raise InvalidSetting(
                f"`{name}` measures networks that see all pairs of residues modulo p and give one answer. "
                "Try addition or subtraction with profile paper or nanda."
            )
        if getattr(weights, "blocks", None) is None or weights.blocks[-1].down is None or weights.head is None:
            raise InvalidSetting(
                f"`{name}` needs a transformer with a feed-forward layer and a head of its own. "
                "Use model=transformer feed_forward=true tied=false."
            )


def modulus(seen: Observation) -> int:
    """Return p, of the p² examples that a circuit's measures see."""
    return round(seen.losses.shape[0] ** 0.5)


def output_map(weights: PyTree[Array], p: int) -> Float[Array, "p neurons"]:
    """Return the matrix from the last block's neurons to the logits of the residues."""
    return (weights.blocks[-1].down @ weights.head[:, :p]).T


def neurons_at_end(weights: PyTree[Array], p: int, cache: dict[str, Array]) -> Float[Array, "p p neurons"]:
    """Return what the last block's neurons say at the last position, for every pair."""
    return cache[f"blocks.{len(weights.blocks) - 1}.mlp.hook_post"][:, -1].reshape(p, p, -1)


def key_frequencies(rule: str, weights: PyTree[Array], p: int, inside: Inside) -> Bool[Array, "frequencies"]:
    """Return which frequencies are key, by one of `RULES`."""
    if rule == "norm":
        return by_norm(weights, p)
    return tables.best_of_some(neurons_at_end(weights, p, inside()[1]))


def by_norm(weights: PyTree[Array], p: int) -> Bool[Array, "frequencies"]:
    """Return which frequencies are key by the rule `norm`."""
    return fourier.standing_out(fourier.frequency_norms(output_map(weights, p)))


def numbered(name: str, values: Float[Array, "n"], first: int = 1) -> dict[str, Scalar]:
    """Return numbers by a name that ends in their number."""
    return {f"{name}.{at + first}": value for at, value in enumerate(values)}
