"""The shared pass against the plain one, and what the released code fixes."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from kinds import MODELS, SMALL, TASKS

from groklab.errors import InvalidSetting
from groklab.models import Transformer
from groklab.models.transformer.sequences import prefix_length, tokens_of
from groklab.models.transformer.weights import sinusoidal
from groklab.objectives import CrossEntropy
from groklab.tasks import BinaryTable, Group, Modular
from groklab.types import Classes, Shape, Tokens

PLAIN = [model for model in MODELS if isinstance(model, Transformer) and model.dropout == 0]


@eqx.filter_jit
def draw(model, shape, key):
    """Initial weights with something added everywhere, so that biases and norms count too."""
    weights = model.initialize(shape, key=key)
    leaves, structure = jax.tree.flatten(weights)
    keys = jax.random.split(key, len(leaves))
    moved = [leaf + 0.1 * jax.random.normal(k, leaf.shape) for leaf, k in zip(leaves, keys, strict=True)]
    return jax.tree.unflatten(structure, moved)


def compare(model, task, getkey, rows=20):
    examples = task.examples(seed=0)
    weights = draw(model, examples.shape, getkey())
    chosen = jnp.asarray(np.random.default_rng(0).integers(0, len(examples.inputs), rows), jnp.int32)
    batch = model.arrange(examples.inputs, examples.shape).rows(chosen)
    targets = jnp.asarray(examples.targets)[chosen]
    tokens = jnp.asarray(examples.inputs)[chosen]

    def shared(weights):
        logits = model.outputs(weights, batch, examples.shape, matmul_dtype="float32")
        return CrossEntropy().losses(logits, targets, "float32").sum(), logits

    def plain(weights):
        logits = model.plain_logits(weights, tokens, examples.shape)
        return CrossEntropy().losses(logits, targets, "float32").sum(), logits

    (_, logits), gradient = jax.jit(jax.value_and_grad(shared, has_aux=True))(weights)
    (_, expected), expected_gradient = jax.jit(jax.value_and_grad(plain, has_aux=True))(weights)
    np.testing.assert_allclose(logits, expected, rtol=2e-4, atol=2e-5)
    scale = max(float(jnp.abs(leaf).max()) for leaf in jax.tree.leaves(expected_gradient))
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, atol=2e-5 * scale), gradient, expected_gradient)


@pytest.mark.parametrize("model", PLAIN, ids=str)
def test_nothing_computed_twice_changes_nothing(model, getkey):
    compare(model, BinaryTable(Modular("division", 7)), getkey)


@pytest.mark.parametrize("task", TASKS, ids=str)
def test_nothing_computed_twice_changes_nothing_on_any_task(task, getkey):
    compare(Transformer(**SMALL), task, getkey)


def test_sequences_that_share_nothing_are_handled_too(getkey):
    inputs = np.array([[0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 2, 1]])
    shape = Shape(Tokens(3, 3, (1, 2)), Classes(3))
    model = Transformer(**SMALL)
    weights = model.initialize(shape, key=getkey())
    assert prefix_length(inputs, 1) == 0
    logits = model.outputs(weights, model.arrange(inputs, shape), shape, matmul_dtype="float32")
    np.testing.assert_allclose(logits, model.plain_logits(weights, jnp.asarray(inputs), shape), rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize("task", TASKS, ids=str)
def test_arranging_keeps_every_token(task):
    examples = task.examples(seed=0)
    arranged = Transformer().arrange(examples.inputs, examples.shape)
    assert np.array_equal(tokens_of(arranged), examples.inputs)


def test_a_table_shares_the_prefixes_of_its_rows():
    examples = BinaryTable(Modular("division", 97)).examples(seed=0)
    arranged = Transformer().arrange(examples.inputs, examples.shape)
    assert [len(tokens) for tokens in arranged.shared.tokens] == [97, 1, 96, 1]
    assert len(arranged.shared.prefix_rows) == 2


def count(model, shape):
    weights = jax.eval_shape(lambda key: model.initialize(shape, key=key), jax.random.key(0))
    blocks = sum(leaf.size for leaf in jax.tree.leaves(weights.blocks))
    return blocks, sum(leaf.size for leaf in jax.tree.leaves(weights))


@pytest.mark.parametrize(
    ("task", "total"),
    [
        (BinaryTable(Modular("division", 97), profile="official"), 455_424),
        (BinaryTable(Modular("division", 97)), 419_584),
        (BinaryTable(Group("S5")), 425_472),
    ],
)
def test_parameter_counts_of_the_released_form(task, total):
    blocks, all_of_them = count(Transformer(), task.examples(seed=0).shape)
    assert blocks == 394_240
    assert all_of_them == total


@pytest.mark.parametrize(("profile", "expected"), [("paper", 4.76), ("official", 5.64)])
def test_initial_loss_is_ln_v_and_a_sixth(profile, expected):
    examples = BinaryTable(Modular("division", 97), profile=profile).examples(seed=0)
    model = Transformer()
    batch = model.arrange(examples.inputs, examples.shape).rows(jnp.arange(0, 9312, 9, dtype=jnp.int32))
    answer = jnp.asarray(examples.targets)[::9, :1]

    @jax.jit
    def loss(key):
        logits = model.outputs(model.initialize(examples.shape, key=key), batch, examples.shape, matmul_dtype="float32")
        return CrossEntropy().losses(logits[:, :1], answer, "float32").mean()

    assert np.mean([loss(jax.random.key(seed)) for seed in range(4)]) == pytest.approx(expected, abs=0.06)


def test_the_answer_token_cannot_be_seen_at_the_equals_sign(getkey):
    examples = BinaryTable(Modular("division", 97), profile="official").examples(seed=0)
    model = Transformer(**SMALL)
    weights = draw(model, examples.shape, getkey())
    tokens = jnp.asarray(examples.inputs[:9])
    changed = tokens.at[:, 5].set((tokens[:, 5] + 1) % 239)
    logits = jax.jit(lambda tokens: model.plain_logits(weights, tokens, examples.shape))
    first, second = logits(tokens), logits(changed)
    assert jnp.array_equal(first[:, 0], second[:, 0])
    assert not jnp.allclose(first[:, 1], second[:, 1])


def test_relabelling_tokens_relabels_the_logits(getkey):
    examples = BinaryTable(Modular("addition", 7)).examples(seed=0)
    model = Transformer(**SMALL)
    weights = model.initialize(examples.shape, key=getkey())
    order = jax.random.permutation(getkey(), examples.shape.tokens.vocabulary)
    back = jnp.argsort(order)
    relabelled = weights.__class__(weights.embedding[back], None, weights.blocks, None, weights.head[:, back], None)
    tokens = jnp.asarray(examples.inputs)
    logits = jax.jit(lambda weights, tokens: model.plain_logits(weights, tokens, examples.shape))
    np.testing.assert_allclose(logits(weights, tokens), logits(relabelled, order[tokens])[..., order], atol=1e-5)


def test_positions_are_sines_and_cosines():
    table = sinusoidal(4, 6)
    np.testing.assert_allclose(table[3, 2], np.sin(3 / 10000 ** (2 / 6)), rtol=1e-6)
    np.testing.assert_allclose(table[3, 3], np.cos(3 / 10000 ** (2 / 6)), rtol=1e-6)
    assert np.array_equal(table[0], [0, 1, 0, 1, 0, 1])


def test_width_must_be_divisible_by_heads():
    with pytest.raises(InvalidSetting, match="`width` must be divisible by `heads`, got width 10 and 4 heads"):
        Transformer(width=10)
    with pytest.raises(InvalidSetting, match="`heads` must be at least 1"):
        Transformer(heads=0)


def test_dropout_keeps_the_mean(getkey):
    examples = BinaryTable(Modular("addition", 7)).examples(seed=0)
    model = Transformer(depth=1, width=8, heads=2, norm="none", activation="quadratic", dropout=0.5, dropout_at="mlp")
    weights = model.initialize(examples.shape, key=getkey())
    batch = model.arrange(examples.inputs, examples.shape).rows(jnp.arange(3, dtype=jnp.int32))
    keys = jax.random.split(getkey(), 4000)
    each = jax.vmap(lambda key: model.outputs(weights, batch, examples.shape, matmul_dtype="float32", key=key))
    logits = jax.jit(each)(keys)
    still = model.outputs(weights, batch, examples.shape, matmul_dtype="float32")
    error = logits.std(0) / jnp.sqrt(4000.0)
    assert float((jnp.abs(logits.mean(0) - still) / (error + 1e-6)).max()) < 5
