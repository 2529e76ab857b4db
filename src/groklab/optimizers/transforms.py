"""Gradient transformations that Optax lacks, each of them a few lines.

A strength that is the plain number 0 gives the identity: a part that is switched off costs nothing.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jaxtyping import Array, Int, PyTree

from groklab.types import Scalar


class Count(NamedTuple):
    """The number of updates made so far."""

    updates: Int[Array, ""]


class Anchor(NamedTuple):
    """The weights at the first update."""

    initial: PyTree[Array]


def decay(strength: Any, towards: str) -> optax.GradientTransformation:
    """Add λ(w − w*) to the direction; w* is 0 (`"origin"`) or the initial weights (`"initialization"`)."""
    if isinstance(strength, float) and strength == 0.0:
        return optax.identity()
    if towards != "initialization":
        return optax.add_decayed_weights(strength)

    def init(params: Any) -> Anchor:
        return Anchor(params)

    def update(updates: Any, state: Any, params: Any = None) -> tuple[Any, Any]:
        pull = jax.tree.map(lambda g, w, w0: g + strength * (w - w0), updates, params, state.initial)
        return pull, state

    return optax.GradientTransformation(init, update)


def update_noise(
    strength: Any, bias_correction: Callable[[Int[Array, ""]], Scalar] | None
) -> optax.GradientTransformationExtraArgs:
    """Add ν·z, z ~ N(0, I), to the normalized direction, before the learning rate.

    The released code of Power et al. 2022 divides by Adam's bias correction after the noise, which makes it ten
    times larger at the first update: pass `bias_correction` for that form.
    """
    if isinstance(strength, float) and strength == 0.0:
        return optax.with_extra_args_support(optax.identity())

    def init(params: Any) -> Count:
        return Count(jnp.zeros((), jnp.int32))

    def update(updates: Any, state: Any, params: Any = None, **extra: Any) -> tuple[Any, Any]:
        count = state.updates + 1
        factor = strength if bias_correction is None else strength * bias_correction(count)
        leaves, structure = jax.tree.flatten(updates)
        keys = jax.random.split(extra["key"], len(leaves))
        noisy = [
            leaf + jnp.asarray(factor, leaf.dtype) * jax.random.normal(leaf_key, leaf.shape, leaf.dtype)
            for leaf, leaf_key in zip(leaves, keys, strict=True)
        ]
        return jax.tree.unflatten(structure, noisy), Count(count)

    return optax.GradientTransformationExtraArgs(init, update)


def descend(learning_rate: Any, warmup: str, warmup_steps: int) -> optax.GradientTransformation:
    """Multiply by minus the learning rate, warmed up linearly."""

    def init(params: Any) -> Count:
        return Count(jnp.zeros((), jnp.int32))

    def update(updates: Any, state: Any, params: Any = None) -> tuple[Any, Any]:
        def scale(leaf: Any) -> Any:
            share = warmup_factor(state.updates, warmup, warmup_steps, leaf.dtype)
            return -jnp.asarray(learning_rate, leaf.dtype) * jnp.asarray(share, leaf.dtype) * leaf

        scaled = jax.tree.map(scale, updates)
        return scaled, Count(state.updates + 1)

    return optax.GradientTransformation(init, update)


def warmup_factor(count: Int[Array, ""], warmup: str, steps: int, dtype: Any = jnp.float32) -> Scalar | float:
    """Return the share of the full rate at update `count`, counted from 0, in a dtype."""
    if warmup == "none":
        return 1.0
    made = count if warmup == "official" else count + 1
    return jnp.minimum(made.astype(dtype) / steps, 1.0)


def mixing_dtypes(transformation: optax.GradientTransformation) -> optax.GradientTransformation:
    """Let a transformation of Optax mix dtypes (Adam's raises a float to an int) where mixing is otherwise refused."""

    def update(updates: Any, state: Any, params: Any = None) -> tuple[Any, Any]:
        with jax.numpy_dtype_promotion("standard"):
            return transformation.update(updates, state, params)

    return optax.GradientTransformation(transformation.init, update)
