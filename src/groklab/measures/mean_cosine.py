"""Whether all classes are pushed one way: the mean weight of the classifier against the mean feature."""

from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, PyTree

from groklab.errors import InvalidSetting
from groklab.measures.base import Measure, Observation
from groklab.trees import head_in, head_of
from groklab.types import Examples, Scalar


class MeanCosine(Measure):
    """cos(W_G, μ_G) of the classifier's mean weight over classes and the mean feature that it reads (`mean_cosine`).

    Where the gradient of right classes is rounded away, the two become opposed and grow (Liu et al. 2026). The mean
    feature over training examples is the gradient of a mean logit: no name of a layer is needed.
    """

    def check(self, examples: Examples, weights: PyTree[Any]) -> None:
        if examples.shape.classes > examples.shape.outputs:
            raise InvalidSetting(
                "`measures` mean-cosine needs an output for each class, got one for two. Use objective=cross-entropy."
            )
        head_in(weights, examples.shape.outputs)

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        def mean_logit(weights: PyTree[Array]) -> Scalar:
            logits = seen.inside(weights=weights)[0][..., 0]
            asked = seen.asked & seen.is_training[:, None]
            return jnp.where(asked, logits, 0).sum() / asked.sum().astype(logits.dtype)

        feature = head_of(jax.grad(mean_logit)(seen.weights), seen.shape.outputs)[:, 0]
        weight = head_of(seen.weights, seen.shape.outputs).mean(1)
        length = jnp.linalg.norm(weight) * jnp.linalg.norm(feature)
        return {
            "mean_cosine": (weight * feature).sum() / length,
            "mean_weight": jnp.linalg.norm(weight),
            "mean_feature": jnp.linalg.norm(feature),
        }
