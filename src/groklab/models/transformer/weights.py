"""The transformer's weights and how they are drawn."""

from collections.abc import Callable
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from groklab.models.base import normal, uniform, zeros
from groklab.types import PRNGKey


class Norm(eqx.Module):
    """Scale and shift of one layer normalization."""

    scale: Float[Array, "width"]
    shift: Float[Array, "width"]


class Biases(eqx.Module):
    """The biases of one block; None where a matrix has none."""

    query: Float[Array, "inner"] | None
    key: Float[Array, "inner"] | None
    value: Float[Array, "inner"] | None
    output: Float[Array, "width"] | None
    up: Float[Array, "hidden"] | None
    down: Float[Array, "width"] | None


class Block(eqx.Module):
    """One layer: attention, then a feed-forward network unless `up` and `down` are None.

    Matrices act from the right: `x @ query`. The columns of `query`, `key` and `value` and the rows of `output` go head
    by head. `smear` mixes each key with the one before it; it is None where keys stand alone.
    """

    query: Float[Array, "width inner"]
    key: Float[Array, "width inner"]
    value: Float[Array, "width inner"]
    output: Float[Array, "inner width"]
    up: Float[Array, "width hidden"] | None
    down: Float[Array, "hidden width"] | None
    attention_norm: Norm | None
    mlp_norm: Norm | None
    bias: Biases | None
    smear: Float[Array, "heads"] | None


class Weights(eqx.Module):
    """All that is trained. `positions` is None where they are fixed or absent, `head` where it is tied."""

    embedding: Float[Array, "vocabulary width"]
    positions: Float[Array, "inputs width"] | None
    blocks: tuple[Block, ...]
    final_norm: Norm | None
    head: Float[Array, "width classes"] | None
    head_bias: Float[Array, "classes"] | None


class Sizes(NamedTuple):
    """The sizes and parts of a block; `hidden` is 0 where there is no feed-forward network."""

    width: int
    heads: int
    head_width: int
    hidden: int
    normed: bool
    bias: str
    smeared: bool


Draw = Callable[[PRNGKey, int, int], Float[Array, "rows columns"]]


class Drawing(NamedTuple):
    """How each kind of matrix is drawn, from a key, its rows and its columns."""

    embedding: Draw
    projection: Draw  # queries, keys and values
    matrix: Draw  # all others within a block
    head: Draw


def drawing(kind: str, width: int, head_width: int, scale: Any) -> Drawing:
    """Return a way to draw: `uniform` as the common frameworks do, `normal` as Nanda et al. 2023.

    In the latter a standard deviation is 1/√width, of the head 1/√classes; with `normal-heads` it is 1/√head_width for
    queries, keys and values.
    """
    if kind == "uniform":

        def plain(key: PRNGKey, rows: int, columns: int) -> Array:
            return uniform(key, rows, columns, scale)

        return Drawing(_normal(scale, 1), plain, plain, plain)

    def head(key: PRNGKey, rows: int, columns: int) -> Array:
        return _normal(scale, columns)(key, rows, columns)

    common = _normal(scale, width)
    return Drawing(common, _normal(scale, head_width) if kind == "normal-heads" else common, common, head)


def _normal(scale: Any, over: int) -> Draw:
    def draw(key: PRNGKey, rows: int, columns: int) -> Array:
        return normal(key, rows, columns, scale) / np.float32(over**0.5)

    return draw


def draw_block(sizes: Sizes, draw: Drawing, *, key: PRNGKey) -> Block:
    """Draw a block: norms are at identity, biases at 0, keys smeared by half."""
    keys = jax.random.split(key, 6)
    width, hidden, inner = sizes.width, sizes.hidden, sizes.heads * sizes.head_width
    return Block(
        query=draw.projection(keys[0], width, inner),
        key=draw.projection(keys[1], width, inner),
        value=draw.projection(keys[2], width, inner),
        output=draw.matrix(keys[3], inner, width),
        up=draw.matrix(keys[4], width, hidden) if hidden else None,
        down=draw.matrix(keys[5], hidden, width) if hidden else None,
        attention_norm=identity_norm(width) if sizes.normed else None,
        mlp_norm=identity_norm(width) if sizes.normed and hidden else None,
        bias=None if sizes.bias == "none" else zero_biases(sizes),
        smear=zeros(sizes.heads) if sizes.smeared else None,
    )


def zero_biases(sizes: Sizes) -> Biases:
    """Biases that add nothing, where the settings ask for them."""
    width, inner, attends = sizes.width, sizes.heads * sizes.head_width, sizes.bias == "all"
    return Biases(
        query=zeros(inner) if attends else None,
        key=zeros(inner) if attends else None,
        value=zeros(inner) if attends else None,
        output=zeros(width) if attends else None,
        up=zeros(sizes.hidden) if sizes.hidden else None,
        down=zeros(width) if sizes.hidden else None,
    )


def identity_norm(width: int) -> Norm:
    """A layer normalization that neither scales nor shifts."""
    return Norm(jnp.ones(width, jnp.float32), zeros(width))


def sinusoidal(length: int, width: int) -> Float[np.ndarray, "inputs width"]:
    """Return sin(position / 10000^(i/width)) in the even columns i, the cosine of the same in the odd ones."""
    even = np.arange(width) // 2 * 2
    angle = np.arange(length)[:, None] / 10000 ** (even / width)[None]
    return np.where(np.arange(width) % 2 == 0, np.sin(angle), np.cos(angle)).astype(np.float32)
