"""Random numbers that a seed alone decides, whatever the environment makes JAX's default.

`JAX_DEFAULT_PRNG_IMPL` and `JAX_THREEFRY_PARTITIONABLE` would give the same seeds another meaning without a trace.
"""

from contextlib import AbstractContextManager
from typing import Any

import jax

GENERATOR = "threefry2x32"


def key_of(seed: int) -> jax.Array:
    """Return the key of a seed."""
    return jax.random.key(seed, impl=GENERATOR)


def partitionable() -> AbstractContextManager[Any]:
    """Return a context in which numbers are drawn from a key by the one form of the generator that plans rely on."""
    return jax.threefry_partitionable(True)
