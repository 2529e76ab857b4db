"""The form of TransformerLens: there and back, and what is refused."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from groklab.errors import InvalidModel, InvalidSetting
from groklab.models import Transformer
from groklab.models.transformer.lens import from_lens, to_lens
from groklab.types import Classes, Shape, Tokens

SHAPE = Shape(Tokens(5, 7, (3, 4)), Classes(6))
WIDE = {"depth": 2, "width": 8, "heads": 2, "positions": "learned"}
MODELS = (
    Transformer(**WIDE, norm="none", bias="feed-forward", initial="normal"),
    Transformer(**WIDE, norm="pre", bias="all", activation="gelu"),
    Transformer(**WIDE, norm="none", head_width=3, feed_forward=False),
)


def moved(model, key):
    """Initial weights with something added everywhere, so that biases and norms count too."""
    weights = model.initialize(SHAPE, key=key)
    leaves, structure = jax.tree.flatten(weights)
    keys = jax.random.split(key, len(leaves))
    return jax.tree.unflatten(
        structure, [leaf + 0.1 * jax.random.normal(k, leaf.shape) for leaf, k in zip(leaves, keys, strict=True)]
    )


@pytest.mark.parametrize("model", MODELS, ids=str)
@pytest.mark.parametrize("is_known", [True, False])
def test_there_and_back(model, is_known, getkey):
    weights = moved(model, getkey())
    arrays, config = to_lens(model, weights, SHAPE)
    found, again = from_lens(arrays, config, model if is_known else None)
    tokens = jnp.asarray(np.random.default_rng(0).integers(0, 7, (9, 5)), jnp.int32)
    assert jnp.array_equal(model.plain_logits(weights, tokens, SHAPE), found.plain_logits(again, tokens, SHAPE))
    if is_known:
        assert jax.tree.structure(again) == jax.tree.structure(weights)


def test_fixed_positions_come_back_as_trained_ones(getkey):
    model = Transformer(depth=1, width=8, heads=2, norm="none")
    weights = moved(model, getkey())
    found, again = from_lens(*to_lens(model, weights, SHAPE))
    assert found.positions == "learned"
    tokens = jnp.arange(5, dtype=jnp.int32)[None]
    np.testing.assert_allclose(
        model.plain_logits(weights, tokens, SHAPE), found.plain_logits(again, tokens, SHAPE), rtol=1e-6
    )


def test_shapes_are_those_of_the_table(getkey):
    model = MODELS[0]
    arrays, config = to_lens(model, moved(model, getkey()), SHAPE)
    assert arrays["blocks.1.attn.W_Q"].shape == (2, 8, 4)
    assert arrays["blocks.1.attn.W_O"].shape == (2, 4, 8)
    assert arrays["blocks.0.mlp.W_in"].shape == (8, 32)
    assert arrays["unembed.W_U"].shape == (8, 6)
    assert not arrays["blocks.0.attn.b_Q"].any()
    assert config["n_ctx"] == 5
    assert config["normalization_type"] is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"norm": "post"}, "`norm=post` has no counterpart in TransformerLens. Train with model.norm=pre or"),
        ({"activation": "quadratic", "norm": "none"}, "`activation=quadratic` has no counterpart"),
        ({"smeared": True, "norm": "none"}, "`smeared=true` has no counterpart"),
        ({"doubled": True, "norm": "none"}, "`doubled=true` has no counterpart"),
        ({"cosine": 10.0, "norm": "none"}, "`cosine=10` has no counterpart"),
    ],
)
def test_a_network_without_counterpart_is_refused(changes, message, getkey):
    model = Transformer(**WIDE).replace(**changes)
    with pytest.raises(InvalidSetting, match=message):
        to_lens(model, model.initialize(SHAPE, key=getkey()), SHAPE)


def test_missing_and_misshapen_tensors_are_named(getkey):
    model = MODELS[0]
    arrays, config = to_lens(model, moved(model, getkey()), SHAPE)
    without = {name: array for name, array in arrays.items() if name != "blocks.0.attn.W_V"}
    with pytest.raises(InvalidModel, match=r"`blocks.0.attn.W_V` must have shape \(2, 8, 4\), got none"):
        from_lens(without, config)
    with pytest.raises(InvalidModel, match=r"`unembed.W_U` must have shape \(8, 6\), got shape \(6, 8\)"):
        from_lens(arrays | {"unembed.W_U": arrays["unembed.W_U"].T}, config)
    with pytest.raises(InvalidModel, match=r"`config` must have .* got none of d_head"):
        from_lens(arrays, {name: value for name, value in config.items() if name != "d_head"})
    with pytest.raises(InvalidModel, match="`act_fn` must be one of relu, gelu_new, None, got solu_ln"):
        from_lens(arrays, config | {"act_fn": "solu_ln"})


@pytest.mark.parametrize("is_known", [True, False])
def test_what_describes_another_network_is_refused(is_known, getkey):
    model = MODELS[0]
    arrays, config = to_lens(model, moved(model, getkey()), SHAPE)
    known = model if is_known else None
    with pytest.raises(InvalidModel, match="`attention_dir` must be causal, got bidirectional"):
        from_lens(arrays, config | {"attention_dir": "bidirectional"}, known)
    with pytest.raises(InvalidModel, match=r"`blocks.2.attn.W_Q` must not be there"):
        from_lens(arrays | {"blocks.2.attn.W_Q": arrays["blocks.1.attn.W_Q"]}, config, known)
    with pytest.raises(InvalidModel, match=r"`embed.W_E` must hold floating-point numbers, got int32"):
        from_lens(arrays | {"embed.W_E": arrays["embed.W_E"].astype(np.int32)}, config, known)
    buffers = {"blocks.0.attn.mask": np.ones((5, 5), bool), "blocks.0.attn.IGNORE": np.float32(-np.inf)}
    from_lens(arrays | buffers, config | {"attention_dir": "causal"}, known)
