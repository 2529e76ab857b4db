"""How much the gradients of single examples differ: what makes batches noisy."""

import jax
import jax.numpy as jnp
from jaxtyping import Array

from groklab.measures.base import Measure, Observation
from groklab.settings import setting
from groklab.trees import in_a_row
from groklab.types import Scalar

AT_ONCE = 32  # gradients of single examples that are held in memory


class GradientNoise(Measure):
    """Trace of the covariance C of the gradients of single examples (`gradient_noise`), from some drawn once.

    The gradient of a batch of B examples, drawn with replacement, has a mean square of `gradient_square` + tr(C) / B,
    the first being that of the gradient of all.
    """

    examples: int = setting(256, "training examples that it is estimated from", at_least=2)

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        rows, counts = seen.probe(self.examples)
        missing = -rows.shape[0] % AT_ONCE
        chunks = jnp.pad(rows, (0, missing)).reshape(-1, AT_ONCE), jnp.pad(counts, (0, missing)).reshape(-1, AT_ONCE)

        def add(total: tuple[Scalar, Array], chunk: tuple[Array, Array]) -> tuple[tuple[Scalar, Array], None]:
            gradients = jax.vmap(lambda row: in_a_row(seen.slope(seen.weights, rows=row[None])))(chunk[0])
            gradients = jnp.where(chunk[1][:, None], gradients, 0)
            return (total[0] + jnp.square(gradients).sum(), total[1] + gradients.sum(0)), None

        whole = in_a_row(seen.slope(seen.weights))
        (squares, together), _ = jax.lax.scan(add, (jnp.zeros((), whole.dtype), jnp.zeros_like(whole)), chunks)
        count = counts.sum().astype(whole.dtype)
        return {
            "gradient_noise": (squares - jnp.square(together).sum() / count) / (count - 1),
            "gradient_square": jnp.square(whole).sum(),
        }
