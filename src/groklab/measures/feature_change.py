"""How much the next update changes what a network computes on the way to its answer."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool

from groklab.errors import InvalidSetting
from groklab.measures.base import Measure, Observation
from groklab.settings import setting
from groklab.types import Scalar


class FeatureChange(Measure):
    """‖h(θ + u) − h(θ)‖ / ‖h(θ)‖ of each layer h, on a fixed batch, for the update u to come (Thilak et al. 2022).

    `feature_change.hidden.0` and so on; of a transformer, the residual stream after each block.
    """

    examples: int = setting(128, "training examples of the batch", at_least=1)

    needs_update = True

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        rows, counts = seen.probe(self.examples)
        moved = jax.tree.map(jnp.add, seen.weights, seen.update)
        before, after = (seen.inside(rows=rows, weights=weights)[1] for weights in (seen.weights, moved))
        layers = [name for name in before if name.startswith("hidden.") or name.endswith("hook_resid_post")]
        if not layers:
            raise InvalidSetting("`measures` feature-change needs a model with named activations, such as an mlp.")
        return {f"feature_change.{name}": _change(before[name], after[name], counts) for name in layers}


def _change(before: Array, after: Array, counts: Bool[Array, "probe"]) -> Scalar:
    def size(values: Array) -> Scalar:
        return jnp.sqrt(jnp.where(counts[:, None], jnp.square(values.reshape(counts.shape[0], -1)), 0).sum())

    return size(after - before) / size(before)
