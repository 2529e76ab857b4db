"""Whatever is learnt, a run is a run."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from kinds import NUMBER_MODELS, NUMBERS, number_plan, small_plan

from groklab.errors import InvalidSetting
from groklab.measures import Heads, PartialLosses
from groklab.models import MLP, RandomFeatures, Transformer
from groklab.objectives import CrossEntropy, Hinge, SquaredError
from groklab.tasks import DigitAddition
from groklab.training import Precision, Program, Record, prepare, train
from groklab.training import step as steps
from groklab.training.batches import batch_of, epoch_order
from groklab.training.presets import PRESETS

TEACHER, _, _, _, DIGITS8, PARITY, FRESH = NUMBERS


@pytest.mark.parametrize(
    ("task", "model"),  # each with one of the others: models see of a task how many numbers there are, and no more
    [*((task, NUMBER_MODELS[1]) for task in NUMBERS), *((TEACHER, model) for model in NUMBER_MODELS)],
    ids=str,
)
def test_every_network_and_every_task_of_numbers_are_learnt(task, model):
    history = train(number_plan(task, model=model, steps=3))
    assert list(history.dataset.step.values) == [0, 1, 2, 3]
    assert all(np.isfinite(values).all() for values in history.dataset.data_vars.values())


def test_the_loss_of_a_regression_is_that_of_numpy():
    plan = number_plan(TEACHER, model=MLP(hidden=8), steps=1)
    setup, member, examples = prepare(plan)
    program = Program([setup], [member])
    state = program.start()
    first, last = state.weights.layers
    hidden = np.maximum(examples.inputs @ np.asarray(first.matrix) + np.asarray(first.bias), 0)
    errors = np.square(hidden @ np.asarray(last.matrix) + np.asarray(last.bias) - examples.targets[:, 0]).mean(-1)
    numbers, answers = program.observe(state, 0)
    assert numbers["train_loss"] == pytest.approx(errors[:6].mean(), rel=1e-5)
    assert numbers["validation_accuracy"] == pytest.approx((errors[6:] < plan.objective.tolerance).mean())
    assert answers.shape == examples.targets.shape


def test_alpha_scales_all_initial_weights():
    once, twice = (
        Program(*([each] for each in prepare(number_plan(TEACHER, alpha=alpha))[:2])).start().weights
        for alpha in (1.0, 2.0)
    )
    assert all(jax.tree.leaves(jax.tree.map(lambda one, two: bool((two == 2 * one).all()), once, twice)))
    assert all(float(jnp.abs(leaf).max()) > 0 for leaf in jax.tree.leaves(once))  # its biases are drawn too


def test_random_features_are_drawn_from_the_seed_and_stay():
    plan = number_plan(TEACHER, model=RandomFeatures(features=16))
    fixed = [prepare(plan.replace(seeds=plan.seeds.replace(init=seed)))[1].inputs.fixed for seed in (0, 0, 1)]
    with jax.threefry_partitionable(False):
        fixed.append(prepare(plan)[1].inputs.fixed)
    for first, again, other, elsewhere in zip(*fixed, strict=True):  # matrix and biases
        np.testing.assert_array_equal(first, again)
        np.testing.assert_array_equal(first, elsewhere)
        assert not np.array_equal(first, other)
    assert train(plan.replace(steps=2)).weights.shape == (16, 2)


def test_numbers_are_as_precise_as_the_plan():
    plan = number_plan(TEACHER, precision=Precision("float64", "float64", "float64"), steps=2)
    _, member, examples = prepare(plan)
    assert member.inputs.examples.dtype == member.targets.dtype == "float64"
    np.testing.assert_array_equal(member.targets, examples.targets)
    assert train(plan).dataset.train_loss.dtype == "float64"


def test_a_run_ends_where_numbers_are_none_any_more():
    plan = number_plan(TEACHER, optimizer=small_plan().optimizer.replace(learning_rate=1e30), steps=50)
    history = train(plan)
    assert history.milestones.diverged_at == history.dataset.step.values[-1] < 50
    assert np.isnan(history.dataset.train_accuracy.values[-1])


def test_an_update_on_a_table_is_what_it_was_before_there_were_objectives():
    """The frame costs nothing: the same operations as with cross-entropy written into the step."""
    setup, member, _ = prepare(small_plan(batch_size=7))

    def written_out(member, state, now, order):
        batch = batch_of(setup, member, now, order)
        key, noise_key = jax.random.split(jax.random.fold_in(member.noise_key, now))

        def mean_loss(weights):
            logits = setup.model.outputs(weights, batch.inputs, setup.shape, matmul_dtype="float32", key=key)
            scores = jax.nn.log_softmax(logits.astype("float32"))
            chosen = batch.targets[..., None] == jnp.arange(logits.shape[-1], dtype=batch.targets.dtype)[None, None]
            each = -jnp.where(chosen, scores, 0).sum(-1)
            losses = each.sum(-1) / (batch.targets != -1).sum(-1).astype(each.dtype)
            return (losses * batch.mask.astype(losses.dtype)).sum() / batch.mask.sum().astype(losses.dtype)

        slope = jax.grad(mean_loss)(state.weights)
        updates, optimizer = setup.optimizer.build().update(slope, state.optimizer, state.weights, key=noise_key)
        return steps.State(jax.tree.map(jnp.add, state.weights, updates), optimizer)

    state = jax.eval_shape(lambda: steps.start(setup, member))
    now, order = jnp.asarray(3), epoch_order(setup, member, jnp.asarray(0))
    ours = jax.make_jaxpr(lambda *rest: steps.update(setup, *rest))(member, state, now, order)
    theirs = jax.make_jaxpr(written_out)(member, state, now, order)
    assert sorted(operations(ours)) == sorted(operations(theirs))


def operations(traced):
    return [(each.primitive.name, [str(out.aval) for out in each.outvars]) for each in traced.jaxpr.eqns]


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (
            lambda: number_plan(DIGITS8, model=Transformer()),
            "`model` transformer reads tokens, got a task of numbers. Use",
        ),
        (
            lambda: small_plan(model=RandomFeatures()),
            "reads numbers, got a task of tokens. Use model=transformer or mlp or lstm or embedding-sum or quadratic.",
        ),
        (lambda: number_plan(TEACHER, objective=CrossEntropy()), "Use objective=squared-error."),
        (lambda: number_plan(DIGITS8, objective=Hinge()), "must have two classes to tell apart, got 10."),
        (lambda: small_plan(objective=SquaredError()), "got a task that asks for classes."),
        (lambda: number_plan(TEACHER, measures=(PartialLosses(by="answer"),)), "must ask for classes here"),
        (lambda: number_plan(DIGITS8, measures=(Heads(),)), "needs a transformer"),
        (lambda: small_plan(task=DigitAddition(), model=MLP()), "`model` mlp"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_compiled(plan, words):
    with pytest.raises(InvalidSetting) as error:
        prepare(plan())
    assert words in str(error.value)


def test_levels_decide_when_a_run_has_memorized_and_where_it_stops():
    plan = number_plan(DIGITS8, steps=60, batch_size="full", record=Record(growth=1.5, memorized_from=0.2))
    history = train(plan)
    reached = history.dataset.train_accuracy.values >= 0.2
    assert history.milestones.memorized_at == history.dataset.step.values[reached.argmax()] > 0
    early = train(plan.replace(record=Record(growth=1.5, generalized_from=0.05, stop_after=2)))
    assert early.milestones.budget < 60


def test_ids_survive_settings_that_come_later():
    """Ids of plans as they were stored before there were objectives, levels, α, filters and constraints."""
    assert small_plan().id == "508b62a28d36"
    assert PRESETS["repeats"].id == "49d516bd4940"
    assert small_plan(alpha=2.0).id != small_plan().id
