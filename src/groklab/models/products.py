"""The few array functions whose gradient is worth writing by hand.

Measured on two cores at batch 512 and width 128, with the gradients that autodiff derives a step takes about a
tenth longer: it keeps more intermediate arrays and passes over them more often. Tests hold each against autodiff.
"""

from collections.abc import Callable
from functools import reduce
from typing import Any, TypeVar, cast

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

Function = TypeVar("Function", bound=Callable[..., Any])
EPSILON = 1e-5


def with_gradient(
    forward: Callable[..., Any], backward: Callable[..., Any], *, static: tuple[int, ...] = ()
) -> Callable[[Function], Function]:
    """Give a function its gradient: `forward` also returns what `backward` needs."""

    def decorate(function: Function) -> Function:
        wrapped = jax.custom_vjp(function, nondiff_argnums=static)
        wrapped.defvjp(forward, backward)
        return cast(Function, wrapped)

    return decorate


def _dot(left: Array, right: Array, dtype: str, axes: tuple[int, int]) -> Array:
    dimensions = (((axes[0],), (axes[1],)), ((), ()))
    return jax.lax.dot_general(left.astype(dtype), right.astype(dtype), dimensions, preferred_element_type=left.dtype)


def _product_forward(left: Array, right: Array, dtype: str) -> tuple[Array, Any]:
    return _dot(left, right, dtype, (1, 0)), (left, right)


def _product_backward(dtype: str, saved: Any, gradient: Array) -> tuple[Array, Array]:
    left, right = saved
    return _dot(gradient, right, dtype, (1, 1)), _dot(left, gradient, dtype, (0, 0))


@with_gradient(_product_forward, _product_backward, static=(2,))
def product(
    left: Float[Array, "rows inner"], right: Float[Array, "inner columns"], dtype: str
) -> Float[Array, "rows columns"]:
    """Multiply two matrices with operands of `dtype`, accumulating and answering in the dtype of `left`."""
    return _dot(left, right, dtype, (1, 0))


def _lookup_forward(table: Array, index: Array) -> tuple[Array, Any]:
    return table[index], (index, table.shape[0])


def _lookup_backward(saved: Any, gradient: Array) -> tuple[Array, None]:
    index, rows = saved
    selects = (index[None, :] == jnp.arange(rows, dtype=index.dtype)[:, None]).astype(gradient.dtype)
    return selects @ gradient, None


@with_gradient(_lookup_forward, _lookup_backward)
def lookup(table: Float[Array, "rows width"], index: Int[Array, "batch"]) -> Float[Array, "batch width"]:
    """Return `table[index]`; its gradient is a one-hot product, faster than a scatter and the same on every run."""
    return table[index]


def _normalize_forward(values: Array, scale: Array, shift: Array) -> tuple[Array, Any]:
    mean = values.mean(-1, keepdims=True)
    centered = values - mean
    inverse = jax.lax.rsqrt((centered * centered).mean(-1, keepdims=True) + EPSILON)
    return centered * inverse * scale[None] + shift[None], (values, mean, inverse, scale)


def _normalize_backward(saved: Any, gradient: Array) -> tuple[Array, Array, Array]:
    values, mean, inverse, scale = saved
    unit = (values - mean) * inverse
    scaled = gradient * scale[None]
    along = (scaled * unit).mean(-1, keepdims=True)
    to_values = inverse * (scaled - scaled.mean(-1, keepdims=True) - unit * along)
    ones = jnp.ones((1, gradient.shape[0]), gradient.dtype)  # a product sums columns faster than a reduction
    return to_values, (ones @ (gradient * unit))[0], (ones @ gradient)[0]


@with_gradient(_normalize_forward, _normalize_backward)
def normalize(
    values: Float[Array, "rows width"], scale: Float[Array, "width"], shift: Float[Array, "width"]
) -> Float[Array, "rows width"]:
    """Layer normalization of each row, ε = 1e-5."""
    return _normalize_forward(values, scale, shift)[0]


def _attend_forward(query: Array, keys: Any, values: Any, heads: int) -> tuple[Array, Any]:
    rows = max(array.shape[0] for array in (query, *keys))
    scale = (query.shape[1] // heads) ** -0.5
    scores = [jnp.broadcast_to(_per_head(query * key, heads), (rows, heads)) for key in keys]
    weights = jax.nn.softmax(jnp.stack(scores, -1) * scale, -1)
    mixed = [_per_column(weights[..., i], query.shape[1]) * value for i, value in enumerate(values)]
    return reduce(jnp.add, mixed), (query, keys, values, weights)


def _attend_backward(heads: int, saved: Any, gradient: Array) -> tuple[Any, ...]:
    query, keys, values, weights = saved
    width = query.shape[1]
    to_weights = jnp.stack([_per_head(gradient * value, heads) for value in values], -1)
    centered = to_weights - (weights * to_weights).sum(-1, keepdims=True)
    to_scores = weights * centered * (width // heads) ** -0.5
    spread = [_per_column(to_scores[..., i], width) for i in range(len(keys))]
    to_query = _like(sum(score * key for score, key in zip(spread, keys, strict=True)), query)
    to_keys = tuple(_like(score * query, key) for score, key in zip(spread, keys, strict=True))
    to_values = tuple(_like(_per_column(weights[..., i], width) * gradient, value) for i, value in enumerate(values))
    return to_query, to_keys, to_values


Rows = Float[Array, "_ width"]


@with_gradient(_attend_forward, _attend_backward, static=(3,))
def attend(query: Rows, keys: tuple[Rows, ...], values: tuple[Rows, ...], heads: int) -> Rows:
    """Let one position of every row attend to a few others: softmax(q·k/√d) mixes the values, head by head.

    An operand with a single row stands for that row everywhere.
    """
    return _attend_forward(query, keys, values, heads)[0]


def _per_head(values: Array, heads: int) -> Array:  # (rows, width) -> (rows, heads)
    return values.reshape(values.shape[0], heads, -1).sum(-1)


def _per_column(values: Array, width: int) -> Array:  # (rows, heads) -> (rows, width)
    rows, heads = values.shape
    return jnp.broadcast_to(values[:, :, None], (rows, heads, width // heads)).reshape(rows, width)


def _like(gradient: Any, operand: Array) -> Array:
    return gradient if gradient.shape == operand.shape else gradient.sum(0, keepdims=True)
