"""How large the weights and their updates are."""

from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import PyTree

from groklab.measures.base import Measure, Observation
from groklab.trees import dotted, head_in, head_of, norm
from groklab.types import Examples, Scalar


class WeightNorm(Measure):
    """Euclidean norm of all weights together, and of every tensor (`weight_norm.blocks.0.up`)."""

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        paths = jax.tree_util.tree_leaves_with_path(seen.weights)
        each = {f"weight_norm.{dotted(path)}": jnp.linalg.norm(leaf.reshape(-1)) for path, leaf in paths}
        return {"weight_norm": norm(seen.weights), **each}


class HeadNorm(Measure):
    """Euclidean norm of the matrix that gives the outputs (`head_norm`), of which a tied network has none."""

    def check(self, examples: Examples, weights: PyTree[Any]) -> None:
        head_in(weights, examples.shape.outputs)

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        return {"head_norm": norm(head_of(seen.weights, seen.shape.outputs))}


class UpdateNorm(Measure):
    """Euclidean norm of the update that the next step makes."""

    needs_update = True

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        return {"update_norm": norm(seen.update)}
