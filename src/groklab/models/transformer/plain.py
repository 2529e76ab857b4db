"""The textbook forward pass: every position of every sequence, in full.

It is what the shared pass is tested against, and what training uses with dropout, which no two examples share.
"""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from groklab.models.activations import ACTIVATIONS
from groklab.models.products import EPSILON
from groklab.models.transformer.shared import Form
from groklab.models.transformer.weights import Block, Norm, Weights

Factors = Float[Array, "inputs width"] | None


def forward(
    weights: Weights,
    positions: Array | None,
    tokens: Int[Array, "inputs"],
    form: Form,
    *,
    dropped: Sequence[tuple[Factors, Factors]] = (),
) -> Float[Array, "inputs width"]:
    """Return the last block's output at every position of one sequence.

    `dropped` holds for each block the factors of dropout on what attention and the feed-forward layer give.
    """
    values = weights.embedding[tokens]
    values = values if positions is None else values + positions
    kept = dropped or [(None, None)] * len(weights.blocks)
    for block, (on_attention, on_mlp) in zip(weights.blocks, kept, strict=True):
        attended = _attention(block, _norm(block.attention_norm, values, form.norm == "pre"), form)
        values = _norm(block.attention_norm, values + _times(attended, on_attention), form.norm == "post")
        hidden = _mlp(block, _norm(block.mlp_norm, values, form.norm == "pre"), form)
        values = _norm(block.mlp_norm, values + _times(hidden, on_mlp), form.norm == "post")
    return _norm(weights.final_norm, values, True)


def _times(values: Array, factors: Factors) -> Array:
    return values if factors is None else values * factors


def _attention(block: Block, values: Array, form: Form) -> Array:
    length, width = values.shape
    heads = (length, form.heads, width // form.heads)
    query, key, value = (_dense(values, block, name, form).reshape(heads) for name in ("query", "key", "value"))
    scores = jnp.einsum("ihd,jhd->hij", query, key) * (width // form.heads) ** -0.5
    causal = jnp.tril(jnp.ones((length, length), bool))
    weights = jax.nn.softmax(jnp.where(causal[None], scores, -jnp.inf), axis=-1)
    return _dense(jnp.einsum("hij,jhd->ihd", weights, value).reshape(length, width), block, "output", form)


def _mlp(block: Block, values: Array, form: Form) -> Array:
    return _dense(ACTIVATIONS[form.activation](_dense(values, block, "up", form)), block, "down", form)


def _dense(values: Array, block: Block, name: str, form: Form) -> Array:
    left, right = values.astype(form.products), getattr(block, name).astype(form.products)
    outputs = jnp.matmul(left, right, preferred_element_type=values.dtype)
    return outputs if block.bias is None else outputs + getattr(block.bias, name)[None]


def _norm(norm: Norm | None, values: Array, acts: bool) -> Array:
    if norm is None or not acts:
        return values
    centered = values - values.mean(-1, keepdims=True)
    deviation = jnp.sqrt(jnp.square(centered).mean(-1, keepdims=True) + EPSILON)
    return centered / deviation * norm.scale[None] + norm.shift[None]
