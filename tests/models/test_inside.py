"""Looking inside a transformer: every activation has a name, and can be replaced."""

import jax.numpy as jnp
import numpy as np
import pytest
from kinds import SMALL

from groklab.errors import InvalidSetting
from groklab.models import Transformer
from groklab.models.transformer.plain import smeared
from groklab.models.transformer.sequences import tokens_of
from groklab.tasks import BinaryTable, Modular

TASK = BinaryTable(Modular("addition", 7), profile="nanda")
MODEL = Transformer(**SMALL, norm="none", positions="learned")


def looked(model, key):
    examples = TASK.examples(seed=0)
    weights = model.initialize(examples.shape, key=key)
    batch = model.arrange(examples.inputs, examples.shape).rows(jnp.arange(5, dtype=jnp.int32))
    logits, cache = model.inside(weights, batch, examples.shape, matmul_dtype="float32")
    return weights, batch, examples.shape, logits, cache


@pytest.mark.parametrize("model", [MODEL, MODEL.replace(feed_forward=False), MODEL.replace(head_width=3)], ids=str)
def test_activations_have_the_names_and_layouts_of_transformer_lens(model, getkey):
    _, _, _, _, cache = looked(model, getkey())
    each, width = model.sizes.head_width, model.width
    shapes = {
        "hook_embed": (5, 3, width),
        "hook_pos_embed": (5, 3, width),
        "blocks.1.hook_resid_pre": (5, 3, width),
        "blocks.1.attn.hook_q": (5, 3, 2, each),
        "blocks.1.attn.hook_k": (5, 3, 2, each),
        "blocks.1.attn.hook_v": (5, 3, 2, each),
        "blocks.1.attn.hook_z": (5, 3, 2, each),
        "blocks.1.attn.hook_attn_scores": (5, 2, 3, 3),
        "blocks.1.attn.hook_pattern": (5, 2, 3, 3),
        "blocks.1.hook_attn_out": (5, 3, width),
        "blocks.1.hook_resid_post": (5, 3, width),
    }
    if model.feed_forward:
        shapes |= {f"blocks.1.mlp.hook_{name}": (5, 3, 4 * width) for name in ("pre", "post")}
        shapes |= {f"blocks.1.{name}": (5, 3, width) for name in ("hook_resid_mid", "hook_mlp_out")}
    assert {name: cache[name].shape for name in shapes} == shapes
    assert {name for name in cache if name.startswith("blocks.1.")} == {n for n in shapes if n.startswith("blocks.1.")}
    np.testing.assert_allclose(cache["blocks.0.attn.hook_pattern"].sum(-1), 1, rtol=1e-6)
    assert jnp.array_equal(jnp.triu(cache["blocks.0.attn.hook_pattern"], 1), jnp.zeros((5, 2, 3, 3)))


def test_the_residual_stream_adds_up(getkey):
    weights, batch, shape, logits, cache = looked(MODEL, getkey())
    parts = ["hook_embed", "hook_pos_embed"]
    parts += [f"blocks.{layer}.{name}" for layer in (0, 1) for name in ("hook_attn_out", "hook_mlp_out")]
    np.testing.assert_allclose(sum(cache[name] for name in parts), cache["blocks.1.hook_resid_post"], atol=1e-5)
    np.testing.assert_allclose(cache["blocks.1.hook_resid_post"][:, 2] @ weights.head, logits[:, 0], atol=1e-5)
    np.testing.assert_allclose(MODEL.outputs(weights, batch, shape, matmul_dtype="float32"), logits, atol=1e-5)


def test_a_hook_replaces_what_passes_through_it(getkey):
    examples = TASK.examples(seed=0)
    weights, _, shape, logits, cache = looked(MODEL, getkey())
    tokens = jnp.asarray(examples.inputs[:5])

    def patch(wanted, by):
        return lambda name, value: by(value) if name == wanted else value

    silent = MODEL.plain_logits(weights, tokens, shape, hook=patch("blocks.1.hook_mlp_out", jnp.zeros_like))
    np.testing.assert_allclose(silent[:, 0], cache["blocks.1.hook_resid_mid"][:, 2] @ weights.head, atol=1e-5)
    same = MODEL.plain_logits(weights, tokens, shape, hook=patch("blocks.0.attn.hook_z", lambda value: value))
    assert jnp.array_equal(same, logits)
    other = jnp.roll(cache["blocks.0.hook_resid_post"], 1, axis=0)  # the stream of another example, from there on
    swapped = MODEL.plain_logits(weights, tokens, shape, hook=patch("blocks.0.hook_resid_post", lambda value: other))
    np.testing.assert_allclose(swapped, jnp.roll(logits, 1, axis=0), atol=1e-5)


def test_a_hook_may_only_look(getkey):
    weights, batch, shape, logits, cache = looked(MODEL, getkey())
    seen = {}
    again = MODEL.plain_logits(weights, tokens_of(batch), shape, hook=seen.__setitem__)  # returns None
    assert jnp.array_equal(again, logits)
    assert seen.keys() == cache.keys()


@pytest.mark.parametrize("change", [lambda value: value[0], lambda value: value[:, :1], lambda _: 0.0])
def test_a_hook_keeps_the_shape(change, getkey):
    weights, batch, shape, _, _ = looked(MODEL, getkey())
    with pytest.raises(InvalidSetting, match=r"`hook` must return `hook_embed` in shape \(5, 3, 8\), or None, got"):
        MODEL.plain_logits(weights, tokens_of(batch), shape, hook=lambda _, value: change(value))


def test_smeared_keys_mix_with_the_one_before():
    keys = jnp.arange(12, dtype=jnp.float32).reshape(1, 3, 2, 2)
    mixed = smeared(keys, jnp.array([0.0, jnp.inf]))
    np.testing.assert_allclose(mixed[0, :, 0], [keys[0, 0, 0], keys[0, :2, 0].mean(0), keys[0, 1:, 0].mean(0)])
    assert jnp.array_equal(mixed[:, :, 1], keys[:, :, 1])


def test_the_doubled_residual_counts_the_stream_twice(getkey):
    model = MODEL.replace(doubled=True, feed_forward=False)
    _, _, _, _, cache = looked(model, getkey())
    expected = 2 * cache["blocks.0.hook_resid_pre"] + cache["blocks.0.hook_attn_out"]
    np.testing.assert_allclose(cache["blocks.0.hook_resid_post"], expected, atol=1e-6)
