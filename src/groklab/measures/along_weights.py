"""Whether descent only makes weights longer: outputs grow, and what is answered stays (Prieto et al. 2025)."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, PyTree

from groklab.measures.base import Measure, Observation
from groklab.trees import dotted, in_a_row, norm
from groklab.types import Scalar


class AlongWeights(Measure):
    """cos(−g, θ) of the gradient g of the training loss and the weights θ: `along_weights`, and for every tensor.

    Near 1, descent scales the outputs of a homogeneous network and changes no answer. NaN where either is 0.
    """

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        slope = seen.slope(seen.weights)
        paths = jax.tree_util.tree_leaves_with_path(seen.weights)
        each = {
            f"along_weights.{dotted(path)}": _cosine(leaf, along)
            for (path, leaf), along in zip(paths, jax.tree.leaves(slope), strict=True)
        }
        return {"along_weights": _cosine(seen.weights, slope), **each}


def _cosine(weights: PyTree[Array], slope: PyTree[Array]) -> Scalar:
    one, other = in_a_row(weights), in_a_row(slope)
    other = other / jnp.abs(other).max()  # whose squares would be rounded to 0, late
    return -(one * other).sum() / (norm(one) * norm(other))
