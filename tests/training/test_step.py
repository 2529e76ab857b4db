import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from kinds import SMALL, STREAMS, small_plan

from groklab.errors import InvalidSetting
from groklab.models import MLP, Transformer
from groklab.objectives import CrossEntropy
from groklab.optimizers import sgd
from groklab.tasks import BinaryTable, Given, Modular
from groklab.training import Precision, Program, Seeds, batches, gradients, prepare
from groklab.training import step as steps
from groklab.training.evaluation import observe
from groklab.types import UNSCORED

STREAM_MODEL = Transformer(**SMALL, norm="none", positions="learned")


def orders(plan, count):
    setup, member, examples = prepare(plan)
    per_epoch = int(batches.batches_per_epoch(setup, member))
    taken = []
    for step in range(count):
        order = batches.epoch_order(setup, member, jnp.asarray(step // per_epoch))
        rows, mask = batches.batch_rows(setup, member, jnp.asarray(step), order)
        taken.append(np.asarray(rows)[np.asarray(mask) > 0])
    return taken, examples


def test_an_epoch_shows_every_training_example_once_and_keeps_the_short_batch():
    taken, examples = orders(small_plan(batch_size=7), 8)  # 24 examples: 7 + 7 + 7 + 3
    training = set(examples.order[: examples.train_size])
    assert [len(rows) for rows in taken] == [7, 7, 7, 3] * 2
    first, second = np.concatenate(taken[:4]), np.concatenate(taken[4:])
    assert set(first) == set(second) == training
    assert not np.array_equal(first, second)


def test_a_full_batch_is_the_training_set():
    taken, examples = orders(small_plan(batch_size="full"), 2)
    assert all(set(rows) == set(examples.order[: examples.train_size]) for rows in taken)


def test_seeds_are_separate():
    def start(**seeds):
        setup, member, examples = prepare(small_plan(seeds=Seeds(**seeds)))
        return (
            Program([setup], [member]).start().weights.embedding,
            examples.order,
            orders(small_plan(seeds=Seeds(**seeds)), 1)[0][0],
        )

    base, init, split, order = start(), start(init=1), start(split=1), start(order=1)
    assert [np.array_equal(a, b) for a, b in zip(base, init, strict=True)] == [False, True, True]
    assert [np.array_equal(a, b) for a, b in zip(base, split, strict=True)] == [True, False, False]
    assert [np.array_equal(a, b) for a, b in zip(base, order, strict=True)] == [True, True, False]


def test_the_short_batch_counts_its_own_examples_only():
    plan = small_plan(batch_size=7)
    setup, member, _ = prepare(plan)
    weights = steps.start(setup, member).weights
    order = batches.epoch_order(setup, member, jnp.asarray(0))
    batch = batches.batch_of(setup, member, jnp.asarray(3), order)
    first = jnp.arange(3, dtype=jnp.int32)
    short = batches.Batch(batch.inputs.rows(first), batch.targets[:3], batch.mask[:3])
    key = jax.random.key(0)
    whole = jax.jit(lambda w: steps.gradient(setup, w, batch, key=key))(weights)
    kept = jax.jit(lambda w: steps.gradient(setup, w, short, key=key))(weights)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6), whole, kept)


def test_unknown_cells_are_neither_trained_on_nor_validated():
    table = Given.from_function(lambda x, y: (x + y) % 5, range(5))
    values = tuple(
        tuple(-1 if (i, j) == (0, 0) else v for j, v in enumerate(row)) for i, row in enumerate(table.values)
    )
    plan = small_plan(task=BinaryTable(table.replace(values=values)))
    setup, member, examples = prepare(plan)
    assert (examples.known_size, len(examples.order)) == (24, 25)
    state = steps.start(setup, member)
    numbers, predicted = jax.jit(lambda s: observe(setup, member, s, jnp.asarray(0)))(state)
    assert predicted.shape == (25, 1)
    changed = jax.tree.map(lambda leaf: leaf, member)
    changed = changed.__class__(**{**changed.__dict__, "targets": member.targets.at[0].set(3)})
    again, _ = jax.jit(lambda s: observe(setup, changed, s, jnp.asarray(0)))(state)
    assert all(numbers[name] == again[name] for name in numbers)


@pytest.mark.parametrize(
    "precision",
    [Precision(loss="float64"), Precision(parameters="float64", products="float64", loss="float64"),
     Precision(products="bfloat16")],
    ids=str,
)  # fmt: skip
def test_precision_is_an_axis(precision):
    weights, loss = trained_in(precision)
    assert str(weights.dtype) == precision.parameters
    assert str(loss.dtype) == precision.loss
    reference, _ = trained_in(Precision())
    assert not np.array_equal(weights, reference)
    np.testing.assert_allclose(weights, reference, atol=0.02)
    assert not jax.config.jax_enable_x64


@functools.cache
def trained_in(precision):
    setup, member, _ = prepare(small_plan(task=BinaryTable(Modular("addition", 5)), precision=precision))
    program = Program([setup], [member])
    state = program.advance(program.start(), 0, 8)
    return state.weights.embedding, program.observe(state, 8)[0]["train_loss"]


@pytest.mark.parametrize("task", [task for task in STREAMS if task.is_fresh], ids=str)
def test_fresh_batches_are_drawn_from_the_seed_and_the_step_alone(task):
    def tokens(step, seeds=0):
        plan = small_plan(task=task, model=STREAM_MODEL, seeds=Seeds(order=seeds))
        setup, member, _ = prepare(plan)
        order = batches.epoch_order(setup, member, jnp.asarray(0))
        return batches.batch_of(setup, member, jnp.asarray(step), order).inputs.examples

    assert jnp.array_equal(tokens(3), tokens(3))
    assert not jnp.array_equal(tokens(3), tokens(4))
    assert not jnp.array_equal(tokens(3), tokens(3, seeds=1))


def test_a_stream_trained_in_pieces_is_the_same():
    setup, member, _ = prepare(small_plan(task=STREAMS[2], model=STREAM_MODEL))
    program = Program([setup], [member])
    whole = program.advance(program.start(), 0, 7)
    pieces = program.advance(program.advance(program.start(), 0, 4), 4, 7)
    jax.tree.map(lambda a, b: np.testing.assert_array_equal(a, b), whole, pieces)


def test_a_stream_has_no_full_batch():
    with pytest.raises(InvalidSetting, match="`batch_size` must be a number where every batch is fresh, got full"):
        prepare(small_plan(task=STREAMS[0], batch_size="full"))
    assert prepare(small_plan(task=STREAMS[4], batch_size="full"))[0].batch_size == 12


def test_unscored_positions_cost_nothing():
    logits = jnp.log(jnp.array([[[0.5, 0.5], [0.25, 0.75]]]))
    targets = jnp.array([[UNSCORED, 0]])
    losses, asked = CrossEntropy().losses(logits, targets, "float32"), CrossEntropy().asked(targets)
    np.testing.assert_allclose(losses, [[0, -np.log(0.25)]], rtol=1e-6)
    np.testing.assert_allclose(gradients.per_example(losses, asked, 1.0), [-np.log(0.25)], rtol=1e-6)
    np.testing.assert_allclose(gradients.per_example(losses, asked, 1.5), [-1.5 * np.log(0.25)], rtol=1e-6)


def test_a_table_learner_reads_no_streams():
    with pytest.raises(InvalidSetting, match="`model` mlp"):
        prepare(small_plan(task=STREAMS[0], model=MLP()))


def test_noise_of_a_batch_in_an_even_direction():
    whole = {"a": jnp.zeros(50), "b": jnp.ones((10, 20))}
    batch = jax.tree.map(lambda leaf: leaf + 0.3, whole)
    drawn = [gradients.turned(batch, whole, key=jax.random.key(seed)) for seed in range(200)]
    rows = np.array([np.concatenate([np.ravel(each["a"]), np.ravel(each["b"]) - 1]) for each in drawn])
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 0.3 * 250**0.5, rtol=1e-5)
    assert np.abs(rows.mean(0)).max() < 0.3 * 4 / 200**0.5  # no direction is preferred
    covariance = rows.T @ rows / len(rows)
    assert np.abs(np.diag(covariance).mean() - 0.09) < 1e-3


def test_even_noise_of_a_full_batch_is_none():
    plan = small_plan(batch_size="full")
    own, even = (updated(plan.replace(batch_noise=noise)) for noise in ("own", "isotropic"))
    for left, right in zip(jax.tree.leaves(own), jax.tree.leaves(even), strict=True):
        np.testing.assert_allclose(left, right, rtol=1e-4, atol=1e-6)
    batched, even = (updated(plan.replace(batch_size=5, batch_noise=noise)) for noise in ("own", "isotropic"))
    assert any(np.abs(a - b).max() > 1e-5 for a, b in zip(jax.tree.leaves(batched), jax.tree.leaves(even), strict=True))


def updated(plan):
    setup, member, _ = prepare(plan.replace(optimizer=sgd()))
    first, step = steps.start(setup, member), jnp.zeros((), jnp.int32)
    return jax.jit(lambda: steps.update(setup, member, first, step, batches.epoch_order(setup, member, step)).weights)()


def test_even_noise_needs_all_examples():
    with pytest.raises(InvalidSetting, match="`batch_noise` must be own where every batch is fresh"):
        prepare(small_plan(task=STREAMS[0], model=STREAM_MODEL, batch_noise="isotropic"))
