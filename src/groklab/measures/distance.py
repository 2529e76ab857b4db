"""How far the weights are from where they began."""

from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, PyTree

from groklab.measures.base import Measure, Observation
from groklab.trees import dotted, head_in, in_a_row, norm
from groklab.types import Examples, Scalar


class Distance(Measure):
    """‖θ − θ₀‖ (`moved`), and 1 − cos(θ, θ₀) of the matrix that answers, `turned.head`, and of all else.

    The latter is `turned.representation` (Thilak et al. 2022).
    """

    def check(self, examples: Examples, weights: PyTree[Any]) -> None:
        head_in(weights, examples.shape.outputs)

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        initial = seen.initial()
        head = head_in(seen.weights, seen.shape.outputs)
        paths = jax.tree_util.tree_leaves_with_path(seen.weights)
        pairs = [(dotted(path), now, then) for (path, now), then in zip(paths, jax.tree.leaves(initial), strict=True)]
        return {
            "moved": norm(jax.tree.map(jnp.subtract, seen.weights, initial)),
            "turned.head": _turned([pair[1:] for pair in pairs if pair[0] == head]),
            "turned.representation": _turned([pair[1:] for pair in pairs if pair[0] != head]),
        }


def _turned(pairs: list[tuple[Array, Array]]) -> Scalar:
    now, then = (in_a_row([pair[place] for pair in pairs]) for place in (0, 1))
    return 1 - (now * then).sum() / (norm(now) * norm(then))
