"""How steep the loss is around a point (Keskar et al. 2016, equation 4; Power et al. 2022, appendix A.5)."""

from collections.abc import Callable

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from groklab.memory_maps import MEMORY_MAPS
from groklab.types import PRNGKey, Scalar

Loss = Callable[[Float[Array, "weights"]], Scalar]


def sharpness(
    loss: Loss,
    weights: Float[Array, "weights"],
    *,
    epsilon: float = 1e-3,
    dimensions: int = 10,
    iterations: int = 10,
    key: PRNGKey,
) -> float:
    """Return φ = 100 · (max L(x + A y) − L(x)) / (1 + L(x)) over the box |yᵢ| ≤ ε (|(A⁺x)ᵢ| + 1).

    A is the pseudo-inverse of A⁺, whose `dimensions` rows are drawn uniformly from [−1, 1] and scaled to length 1.
    The maximum is sought by at most `iterations` of L-BFGS-B from y = 0, on the negative loss. A loss that is a pytree,
    such as `jax.tree_util.Partial(function, data)`, is compiled once for all data of one shape.
    """
    from scipy import optimize  # half a second, and few runs need it

    MEMORY_MAPS.make_room()  # a loss that closes over its data is a program of its own
    inverse = jax.random.uniform(key, (dimensions, weights.shape[0]), weights.dtype, minval=-1.0, maxval=1.0)
    inverse = inverse / jnp.linalg.norm(inverse, axis=1, keepdims=True)
    directions = jnp.linalg.pinv(inverse)
    bounds = np.asarray(epsilon * (jnp.abs(inverse @ weights) + 1), np.float64)

    def objective(y: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = _fall(loss, weights, directions, jnp.asarray(y, weights.dtype))
        return float(value), np.asarray(slope, np.float64)

    found = optimize.minimize(
        objective,
        np.zeros(dimensions),
        jac=True,
        method="L-BFGS-B",
        bounds=list(zip(-bounds, bounds, strict=True)),
        options={"maxiter": iterations},
    )
    here = -float(_fall(loss, weights, directions, jnp.zeros(dimensions, weights.dtype))[0])
    return 100 * max(-found.fun - here, 0.0) / (1 + here)


@eqx.filter_jit
def _fall(loss: Loss, weights: Array, directions: Array, y: Array) -> tuple[Scalar, Array]:
    return jax.value_and_grad(lambda y: -loss(weights + directions @ y))(y)
