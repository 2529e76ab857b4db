"""How large the weights and their updates are."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, PyTree

from groklab.measures.base import Measure, Observation
from groklab.paths import dotted
from groklab.types import Scalar


class WeightNorm(Measure):
    """Euclidean norm of all weights together, and of every tensor (`weight_norm.blocks.0.up`)."""

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        paths = jax.tree_util.tree_leaves_with_path(seen.weights)
        each = {f"weight_norm.{dotted(path)}": jnp.linalg.norm(leaf.reshape(-1)) for path, leaf in paths}
        return {"weight_norm": norm(seen.weights), **each}


class UpdateNorm(Measure):
    """Euclidean norm of the update that the next step makes."""

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        return {"update_norm": norm(seen.update)}


def norm(tree: PyTree[Array]) -> Scalar:
    """Return √Σw² over all arrays of a tree."""
    return jnp.sqrt(sum(jnp.square(leaf).sum() for leaf in jax.tree.leaves(tree)))
