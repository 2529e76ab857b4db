"""Whether the softmax has collapsed: training examples of which nothing is learnt any more (Prieto et al. 2025)."""

from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Bool, PyTree

from groklab.errors import InvalidSetting
from groklab.measures.base import Measure, Observation
from groklab.types import Examples, Scalar


class Collapse(Measure):
    """Shares of training examples with `zero_gradient` at their right class, and with `zero_loss`, in the loss's dtype.

    The first are those whose softmax of the right class rounds to 1: where it is more than about 16 above all others in
    float32, 7 in float16, 36 in float64. Wrong classes may still have gradients there.
    """

    def check(self, examples: Examples, weights: PyTree[Any]) -> None:
        if examples.shape.classes > examples.shape.outputs:
            raise InvalidSetting(
                "`measures` collapse needs an output for each class, got one for two. Use objective=cross-entropy."
            )

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        logits = seen.inside()[0].astype(seen.each.dtype)
        powers = jnp.exp(logits - logits.max(-1, keepdims=True))
        right = jnp.take_along_axis(powers, jnp.maximum(seen.targets, 0)[..., None], -1)[..., 0] / powers.sum(-1)
        asked = seen.asked & seen.is_training[:, None]

        def share(holds: Bool[Array, "examples scored"]) -> Scalar:
            return (holds & asked).sum().astype(seen.losses.dtype) / asked.sum().astype(seen.losses.dtype)

        return {"zero_gradient": share(right == 1), "zero_loss": share(seen.each == 0)}
