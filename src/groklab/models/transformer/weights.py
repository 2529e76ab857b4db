"""The transformer's weights and how they are drawn."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from groklab.models.base import uniform, zeros
from groklab.types import PRNGKey


class Norm(eqx.Module):
    """Scale and shift of one layer normalization."""

    scale: Float[Array, "width"]
    shift: Float[Array, "width"]


class Biases(eqx.Module):
    """The biases of one block."""

    query: Float[Array, "width"]
    key: Float[Array, "width"]
    value: Float[Array, "width"]
    output: Float[Array, "width"]
    up: Float[Array, "hidden"]
    down: Float[Array, "width"]


class Block(eqx.Module):
    """One layer: attention, then a feed-forward network. Matrices act from the right: `x @ query`."""

    query: Float[Array, "width width"]
    key: Float[Array, "width width"]
    value: Float[Array, "width width"]
    output: Float[Array, "width width"]
    up: Float[Array, "width hidden"]
    down: Float[Array, "hidden width"]
    attention_norm: Norm | None
    mlp_norm: Norm | None
    bias: Biases | None


class Weights(eqx.Module):
    """All that is trained. `positions` is None where they are fixed or absent, `head` where it is tied."""

    embedding: Float[Array, "vocabulary width"]
    positions: Float[Array, "inputs width"] | None
    blocks: tuple[Block, ...]
    final_norm: Norm | None
    head: Float[Array, "width classes"] | None
    head_bias: Float[Array, "classes"] | None


def draw_block(width: int, hidden: int, *, norm: bool, bias: bool, scale: Any, key: PRNGKey) -> Block:
    """Draw a block: matrices uniform in ±1/√fan_in, norms at identity, biases at 0."""
    keys = jax.random.split(key, 6)
    return Block(
        query=uniform(keys[0], width, width, scale),
        key=uniform(keys[1], width, width, scale),
        value=uniform(keys[2], width, width, scale),
        output=uniform(keys[3], width, width, scale),
        up=uniform(keys[4], width, hidden, scale),
        down=uniform(keys[5], hidden, width, scale),
        attention_norm=identity_norm(width) if norm else None,
        mlp_norm=identity_norm(width) if norm else None,
        bias=zero_biases(width, hidden) if bias else None,
    )


def zero_biases(width: int, hidden: int) -> Biases:
    """Biases that add nothing."""
    of_width = {name: zeros(width) for name in ("query", "key", "value", "output", "down")}
    return Biases(up=zeros(hidden), **of_width)


def identity_norm(width: int) -> Norm:
    """A layer normalization that neither scales nor shifts."""
    return Norm(jnp.ones(width, jnp.float32), zeros(width))


def sinusoidal(length: int, width: int) -> Float[np.ndarray, "inputs width"]:
    """Return sin(position / 10000^(i/width)) in the even columns i, the cosine of the same in the odd ones."""
    even = np.arange(width) // 2 * 2
    angle = np.arange(length)[:, None] / 10000 ** (even / width)[None]
    return np.where(np.arange(width) % 2 == 0, np.sin(angle), np.cos(angle)).astype(np.float32)
