"""A representation, tidy or messy, and its decoder."""

import jax
import numpy as np
import pytest
from kinds import small_plan

from groklab.errors import InvalidSetting
from groklab.models import EmbeddingSum
from groklab.objectives import SquaredError
from groklab.optimizers import Sphere
from groklab.tasks import BinaryTable, VectorAddition
from groklab.training import Program, prepare, train

TASK = VectorAddition(digits=4, size=7, width=3)


def plan(**changes):
    model = EmbeddingSum(hidden=8, **changes)
    return small_plan(task=TASK, model=model, objective=SquaredError(tolerance=0.5), batch_size="full", alpha=2.0)


def table(**changes):
    return np.asarray(prepare(plan(**changes))[1].inputs.fixed)


def test_a_tidy_representation_lies_on_a_line_and_a_messy_one_between():
    tidy, half, messy = (table(messiness=share) for share in (0.0, 0.5, 1.0))
    np.testing.assert_allclose(tidy[:, 0], np.linspace(-1, 1, 4), atol=1e-6)
    assert np.abs(tidy[:, 1]).max() <= 0.3 < np.abs(messy).max() <= 1
    np.testing.assert_allclose(half, (tidy + messy) / 2, atol=1e-6)


def test_the_decoder_reads_the_sum_of_two_embeddings():
    setup, member, examples = prepare(plan(messiness=1.0))
    program = Program([setup], [member])
    weights = program.start().weights
    values = np.asarray(member.inputs.fixed)[examples.inputs].sum(1)
    for number, layer in enumerate(weights.layers):
        values = np.where(values > 0, values, 0.2 * values) if number else values
        values = values @ np.asarray(layer.matrix) + np.asarray(layer.bias)
    np.testing.assert_allclose(program.observe(program.start(), 0)[1][:, 0], values, atol=1e-5)


def test_alpha_acts_on_the_decoder_alone():
    frozen, trained = (prepare(plan(representation=each)) for each in ("frozen", "trained"))
    np.testing.assert_array_equal(frozen[1].inputs.fixed, trained[1].inputs.fixed)
    starts = [Program([setup], [member]).start().weights for setup, member, _ in (frozen, trained)]
    assert starts[0].moved is None
    assert not starts[1].moved.any()
    jax.tree.map(np.testing.assert_array_equal, starts[0].layers, starts[1].layers)


def test_a_trained_representation_moves():
    moved = train(plan(representation="trained")).weights.moved
    assert np.abs(moved).max() > 0


def test_a_frozen_one_can_be_held_to_a_norm():
    held = plan().replace(optimizer=plan().optimizer.replace(constraint=Sphere(), weight_decay=0.0))
    norms = train(held).dataset.weight_norm.values
    np.testing.assert_allclose(norms, norms[0], rtol=1e-6)


def test_a_table_with_an_equals_sign_is_refused():
    with pytest.raises(InvalidSetting, match="must be given 2 operands and asked one answer, got a task of 4 tokens"):
        prepare(small_plan(task=BinaryTable(), model=EmbeddingSum()))
