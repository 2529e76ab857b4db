"""Nonlinearities by name."""

from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
from jaxtyping import Array

ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "relu": jax.nn.relu,
    "leaky-relu": partial(jax.nn.leaky_relu, negative_slope=0.2),
    "gelu": jax.nn.gelu,
    "quadratic": jnp.square,
    "tanh": jnp.tanh,
}
