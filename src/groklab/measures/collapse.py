"""Whether the softmax has collapsed: training examples of which nothing is learnt any more (Prieto et al. 2025)."""

from typing import Any

import jax.numpy as jnp
from jaxtyping import PyTree

from groklab.measures.base import Measure, Observation
from groklab.types import Examples, Scalar


class Collapse(Measure):
    """Shares of training examples with `zero_gradient` at their right class, and with `zero_loss`, in the loss's dtype.

    The first are those whose softmax of the right class rounds to 1: where it is more than 16 above all others, in
    float32. Wrong classes may still have gradients there.
    """

    def check(self, examples: Examples, weights: PyTree[Any]) -> None:
        _ = examples.shape.classes

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        logits = seen.inside()[0].astype(seen.each.dtype)
        chosen = seen.targets[..., None] == jnp.arange(logits.shape[-1], dtype=seen.targets.dtype)[None, None]
        powers = jnp.exp(logits - logits.max(-1, keepdims=True))
        right = jnp.where(chosen, powers, 0).sum(-1) / powers.sum(-1)
        asked = seen.asked & seen.is_training[:, None]
        count = asked.sum().astype(logits.dtype)
        return {
            "zero_gradient": ((right == 1) & asked).sum().astype(logits.dtype) / count,
            "zero_loss": ((seen.each == 0) & asked).sum().astype(logits.dtype) / count,
        }
