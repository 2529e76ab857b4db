"""Matrix products alone, forward and backward: what a training step cannot do without."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np
from timing import Timed

Shape = tuple[int, int, int]  # rows, inner, columns


def bare_products(shapes: Sequence[Shape], dtype: str = "float32") -> Timed:
    """Return a loop of the given products, each with the two of its gradient, accumulated in float32."""
    random = np.random.default_rng(0)

    def draw(*shape: int):
        return jnp.asarray(random.normal(size=shape), dtype)

    operands = [(draw(m, k), draw(k, n), draw(m, n)) for m, k, n in shapes]

    @jax.jit
    def run(operands):
        accumulate = {"preferred_element_type": jnp.float32}
        return [
            (
                jnp.matmul(x, w, **accumulate),
                jax.lax.dot_general(g, w, (((1,), (1,)), ((), ())), **accumulate),
                jax.lax.dot_general(x, g, (((0,), (0,)), ((), ())), **accumulate),
            )
            for x, w, g in operands
        ]

    def timed(count: int) -> None:
        for _ in range(count):
            jax.block_until_ready(run(operands))

    return timed
