"""64-bit floats where they are asked for, whatever JAX's global setting."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import jax


def float64(is_needed: bool) -> AbstractContextManager[Any]:
    """Allow 64-bit floats inside, whatever the global setting."""
    return jax.enable_x64(True) if is_needed else nullcontext()
