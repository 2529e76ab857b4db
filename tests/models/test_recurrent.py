"""The LSTM against a plain loop over Equinox's cell."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from kinds import small_plan

from groklab.errors import InvalidSetting
from groklab.models import LSTM
from groklab.tasks import BinaryTable, Modular, Repeats
from groklab.training import prepare, train
from groklab.types import Classes, Shape, Tokens

SHAPE = Shape(Tokens(5, 7, (4,)), Classes(2))
MODEL = LSTM(width=3, hidden=4, depth=2)


def of_equinox(cell):
    """Return Equinox's cell with the weights of ours: it has a single bias."""
    width, hidden = cell.inputs.matrix.shape[0], cell.recurrent.matrix.shape[0]
    theirs = eqx.nn.LSTMCell(width, hidden, key=jax.random.key(0))
    ours = (cell.inputs.matrix.T, cell.recurrent.matrix.T, cell.inputs.bias + cell.recurrent.bias)
    return eqx.tree_at(lambda each: (each.weight_ih, each.weight_hh, each.bias), theirs, ours)


def test_an_lstm_is_that_of_equinox():
    weights = MODEL.initialize(SHAPE, key=jax.random.key(1))
    tokens = np.array([[0, 1, 2, 3, 4], [6, 5, 4, 4, 0]], np.int32)
    ours = MODEL.outputs(weights, MODEL.arrange(tokens, SHAPE), SHAPE, matmul_dtype="float32")
    for row, got in zip(tokens, ours, strict=True):
        values = list(weights.embedding[row])
        for cell in map(of_equinox, weights.cells):
            state = (jnp.zeros(4), jnp.zeros(4))
            said = []
            for value in values:
                state = cell(value, state)
                said.append(state[0])
            values = said
        np.testing.assert_allclose(got[0], values[-1] @ weights.answer.matrix + weights.answer.bias, atol=1e-6)


def test_initial_weights_have_the_norm_of_pytorchs():
    shape = Shape(Tokens(500, 1001, (499,)), Classes(2), width=1)
    drawn = [LSTM(hidden=hidden).initialize(shape, key=jax.random.key(0)) for hidden in (128, 256)]
    norms = [float(jnp.sqrt(sum(jnp.square(leaf).sum() for leaf in jax.tree.leaves(each)))) for each in drawn]
    assert norms == pytest.approx([254.3, 255.3], rel=0.01)  # by the formula of its initialization
    assert [sum(leaf.size for leaf in jax.tree.leaves(each)) for each in drawn] == [295_617, 920_385]


def test_it_learns_a_table():
    history = train(small_plan(model=MODEL, steps=300, batch_size="full", task=BinaryTable(Modular("addition", 5))))
    assert float(history.dataset.train_loss[-1]) < 0.8 * float(history.dataset.train_loss[0])


def test_a_task_that_scores_elsewhere_is_refused():
    with pytest.raises(InvalidSetting, match="answers after the last token, but the task scores other positions"):
        prepare(small_plan(model=MODEL, task=Repeats(vocabulary=6, length=13, stretch=3, validation=8)))
