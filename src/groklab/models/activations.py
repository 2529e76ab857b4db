"""Nonlinearities by name."""

import jax
import jax.numpy as jnp

ACTIVATIONS = {"relu": jax.nn.relu, "gelu": jax.nn.gelu, "quadratic": jnp.square, "tanh": jnp.tanh}
