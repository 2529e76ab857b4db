"""What holds of every model."""

import equinox as eqx
import jax
import jax.numpy as jnp
import pytest
from kinds import MODELS

from groklab.errors import InvalidSetting
from groklab.models import MLP, Transformer
from groklab.models.activations import ACTIVATIONS
from groklab.models.cosine import cosines
from groklab.tasks import BinaryTable, Modular

TASK = BinaryTable(Modular("addition", 7))
EXAMPLES = TASK.examples(seed=0)
ROWS = jnp.arange(6, dtype=jnp.int32)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_logits_have_the_task_s_shape_and_depend_on_every_weight(model, getkey):
    weights = eqx.filter_jit(model.initialize)(EXAMPLES.shape, key=getkey())
    batch = model.arrange(EXAMPLES.inputs, EXAMPLES.shape).rows(ROWS)
    logits = eqx.filter_jit(model.outputs)(weights, batch, EXAMPLES.shape, matmul_dtype="float32")
    assert logits.shape == (6, 1, EXAMPLES.shape.outputs)
    assert bool(jnp.isfinite(logits).all())

    def loss(weights):
        out = model.outputs(weights, batch, EXAMPLES.shape, matmul_dtype="float32", key=jax.random.key(1))
        return jnp.square(jax.nn.log_softmax(out)).sum()

    for path, leaf in jax.tree_util.tree_leaves_with_path(jax.jit(jax.grad(loss))(weights)):
        # a key's bias moves all scores of a query alike, which softmax does not see
        if not jax.tree_util.keystr(path).endswith("bias.key"):
            assert float(jnp.abs(leaf).max()) > 0, jax.tree_util.keystr(path)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_noise_and_dropout_act_in_training_only(model, getkey):
    weights = eqx.filter_jit(model.initialize)(EXAMPLES.shape, key=getkey())
    batch = model.arrange(EXAMPLES.inputs, EXAMPLES.shape).rows(ROWS)

    def logits(key):
        return eqx.filter_jit(model.outputs)(weights, batch, EXAMPLES.shape, matmul_dtype="float32", key=key)

    assert bool((logits(None) == logits(None)).all())
    is_noisy = any(getattr(model, name, 0.0) > 0 for name in ("dropout", "weight_noise"))
    assert bool((logits(jax.random.key(0)) == logits(jax.random.key(1))).all()) is not is_noisy


def test_an_mlp_refuses_two_answers():
    official = BinaryTable(Modular("addition", 97), profile="official").examples(seed=0)
    with pytest.raises(InvalidSetting, match="answers at one position"):
        MLP().arrange(official.inputs, official.shape)


def test_one_hot_operands_are_a_product_with_one_hot_vectors(getkey):
    model = MLP(inputs="one-hot", hidden=16)
    weights = eqx.filter_jit(model.initialize)(EXAMPLES.shape, key=getkey())
    batch = model.arrange(EXAMPLES.inputs, EXAMPLES.shape).rows(ROWS)
    logits = model.outputs(weights, batch, EXAMPLES.shape, matmul_dtype="float32")
    operands = jnp.asarray(EXAMPLES.inputs[:6][:, [0, 2]])
    encoded = jax.nn.one_hot(operands, EXAMPLES.shape.tokens.vocabulary).reshape(6, -1)
    first, last = weights.layers
    hidden = jax.nn.relu(encoded @ first.matrix + first.bias[None])
    assert jnp.allclose(logits[:, 0], hidden @ last.matrix + last.bias[None], atol=1e-5)


def test_embedded_operands_are_multiplied_as_if_each_row_were(getkey):
    model = MLP(width=8, hidden=16)
    weights = eqx.filter_jit(model.initialize)(EXAMPLES.shape, key=getkey())
    outputs = model.outputs(
        weights, model.arrange(EXAMPLES.inputs, EXAMPLES.shape), EXAMPLES.shape, matmul_dtype="float32"
    )
    beside = weights.embedding[EXAMPLES.inputs[:, [0, 2]]].reshape(-1, 16)
    first, last = weights.layers
    hidden = jax.nn.relu(beside @ first.matrix + first.bias[None])
    assert jnp.allclose(outputs[:, 0], hidden @ last.matrix + last.bias[None], atol=1e-5)


def test_every_activation_can_be_chosen():
    for name in ACTIVATIONS:
        assert MLP(activation=name).activation == Transformer(activation=name).activation == name


@pytest.mark.parametrize("model", [MLP(width=4, hidden=5), Transformer(depth=1, width=8, heads=2)], ids=str)
def test_a_classifier_of_cosines_knows_no_length(model, getkey):
    model = model.replace(cosine=16.0)
    weights = model.initialize(EXAMPLES.shape, key=getkey())
    batch = model.arrange(EXAMPLES.inputs, EXAMPLES.shape).rows(ROWS)

    def logits(weights):
        return model.outputs(weights, batch, EXAMPLES.shape, matmul_dtype="float32")

    def head(weights):
        return weights.head if isinstance(model, Transformer) else weights.layers[-1].matrix

    longer = eqx.tree_at(head, weights, head(weights) * 7)
    assert jnp.allclose(logits(longer), logits(weights), atol=1e-4)
    assert float(jnp.abs(logits(weights)).max()) <= 16.001
    if isinstance(model, MLP):
        features = model.inside(weights, batch, EXAMPLES.shape, matmul_dtype="float32")[1]["hidden.0"]
        units = features / jnp.linalg.norm(features, axis=1, keepdims=True)
        columns = head(weights) / jnp.linalg.norm(head(weights), axis=0, keepdims=True)
        assert jnp.allclose(logits(weights)[:, 0], 16 * units @ columns, atol=1e-4)


def test_no_features_at_all_have_no_cosine_and_no_nan():
    assert jnp.isfinite(cosines(jnp.zeros((2, 3)), jnp.ones((3, 4)), 16.0, "float32")).all()
    slope = jax.grad(lambda features: cosines(features, jnp.ones((3, 4)), 16.0, "float32").sum())(jnp.zeros((2, 3)))
    assert jnp.isfinite(slope).all()
