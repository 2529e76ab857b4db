"""Floats of 64 bits where they are asked for, whatever JAX's global setting, and sums of at least 32."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import jax
import jax.numpy as jnp


def float64(is_needed: bool) -> AbstractContextManager[Any]:
    """Allow 64-bit floats inside, whatever the global setting."""
    return jax.enable_x64(True) if is_needed else nullcontext()


def at_least_single(dtype: Any) -> Any:
    """Return the dtype in which numbers of a dtype are added up: 16 bits are too few."""
    return jnp.float32 if jnp.finfo(dtype).bits < 32 else dtype
