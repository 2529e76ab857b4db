"""The textbook forward pass: every position of every sequence, in full, each activation under a name.

It is what the shared pass is tested against, what long sequences and training with dropout use, and where one can look
inside. Activations have the names and layouts of TransformerLens: `blocks.0.attn.hook_pattern` and so on.
"""

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from groklab.errors import InvalidSetting
from groklab.models.activations import ACTIVATIONS
from groklab.models.products import EPSILON, lookup, product
from groklab.models.transformer.shared import Form
from groklab.models.transformer.weights import Block, Norm, Weights

Factors = Float[Array, "batch inputs width"] | None
Hook = Callable[[str, Array], Array | None]
_Passage = Callable[[str, Array], Array]


def untouched(name: str, value: Array) -> Array:
    """Leave an activation as it is."""
    return value


def forward(
    weights: Weights,
    positions: Array | None,
    tokens: Int[Array, "batch inputs"],
    form: Form,
    *,
    hook: Hook = untouched,
    dropped: Sequence[tuple[Factors, Factors]] = (),
) -> Float[Array, "batch inputs width"]:
    """Return the last block's output at every position.

    Every activation passes through `hook`, by name: what it returns takes the activation's place, and None leaves it as
    it is. `dropped` holds for each block the factors of dropout on what attention and the feed-forward layer give.
    Raise `InvalidSetting` where a hook returns another shape.
    """
    passed = _passage(hook)
    values = passed("hook_embed", lookup(weights.embedding, tokens.reshape(-1)).reshape(*tokens.shape, -1))
    if positions is not None:
        values = values + passed("hook_pos_embed", jnp.broadcast_to(positions[None], values.shape))
    kept = dropped or [(None, None)] * len(weights.blocks)
    for number, (block, factors) in enumerate(zip(weights.blocks, kept, strict=True)):
        values = _block(block, values, form, factors, _within(passed, f"blocks.{number}."))
    return _norm(weights.final_norm, values, True)


def _passage(hook: Hook) -> _Passage:
    def passed(name: str, value: Array) -> Array:
        new = hook(name, value)
        if new is not None and jnp.shape(new) != value.shape:
            raise InvalidSetting(
                f"`hook` must return `{name}` in shape {value.shape}, or None, got {jnp.shape(new)}. Keep every axis."
            )
        return value if new is None else new

    return passed


def _within(hook: _Passage, place: str) -> _Passage:
    return lambda name, value: hook(place + name, value)


def _block(block: Block, values: Array, form: Form, factors: tuple[Factors, Factors], hook: _Passage) -> Array:
    before = form.norm == "pre"
    values = hook("hook_resid_pre", values)
    attended = _attention(block, _norm(block.attention_norm, values, before), form, _within(hook, "attn."))
    attended = hook("hook_attn_out", _times(attended, factors[0]))
    values = (values + values if form.doubled else values) + attended
    values = _norm(block.attention_norm, values, not before)
    if block.up is None:
        return hook("hook_resid_post", values)
    values = hook("hook_resid_mid", values)
    hidden = _mlp(block, _norm(block.mlp_norm, values, before), form, _within(hook, "mlp."))
    values = values + hook("hook_mlp_out", _times(hidden, factors[1]))
    return hook("hook_resid_post", _norm(block.mlp_norm, values, not before))


def _times(values: Array, factors: Factors) -> Array:
    return values if factors is None else values * factors


def _attention(block: Block, values: Array, form: Form, hook: _Passage) -> Array:
    batch, length, _ = values.shape

    def project(name: str) -> Array:
        return hook(f"hook_{name[0]}", dense(values, block, name, form).reshape(batch, length, form.heads, -1))

    query, key, value = project("query"), project("key"), project("value")
    key = key if block.smear is None else smeared(key, block.smear)
    scores = jnp.einsum("bihd,bjhd->bhij", query, key) * query.shape[-1] ** -0.5
    causal = jnp.tril(jnp.ones((length, length), bool))[None, None]
    scores = hook("hook_attn_scores", jnp.where(causal, scores, -jnp.inf))
    pattern = hook("hook_pattern", jax.nn.softmax(scores, axis=-1))
    mixed = hook("hook_z", jnp.einsum("bhij,bjhd->bihd", pattern, value))
    return dense(mixed.reshape(batch, length, -1), block, "output", form)


def smeared(key: Float[Array, "batch inputs heads each"], smear: Float[Array, "heads"]) -> Array:
    """Mix each key with the one before it: σ(α) kⱼ + (1 − σ(α)) kⱼ₋₁ (Olsson et al. 2022); the first stays."""
    share = jax.nn.sigmoid(smear)[None, None, :, None]
    before = jnp.concatenate([key[:, :1], key[:, :-1]], axis=1)
    return share * key + (1 - share) * before


def _mlp(block: Block, values: Array, form: Form, hook: _Passage) -> Array:
    up = hook("hook_pre", dense(values, block, "up", form))
    return dense(hook("hook_post", ACTIVATIONS[form.activation](up)), block, "down", form)


def dense(values: Float[Array, "batch inputs _"], block: Block, name: str, form: Form) -> Array:
    """Apply one matrix of a block, with its bias if it has one, at every position."""
    rows = product(values.reshape(-1, values.shape[-1]), getattr(block, name), form.matmul_dtype)
    bias = None if block.bias is None else getattr(block.bias, name)
    rows = rows if bias is None else rows + bias[None]
    return rows.reshape(*values.shape[:-1], -1)


def _norm(norm: Norm | None, values: Array, acts: bool) -> Array:
    if norm is None or not acts:
        return values
    centered = values - values.mean(-1, keepdims=True)
    deviation = jnp.sqrt(jnp.square(centered).mean(-1, keepdims=True) + EPSILON)
    return centered / deviation * norm.scale[None, None] + norm.shift[None, None]
