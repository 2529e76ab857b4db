import jax
import numpy as np
from kinds import small_plan

from groklab.measures import Loss
from groklab.tasks import BinaryTable, Modular
from groklab.training import Program, Seeds, prepare, train

PLANS = [
    small_plan(task=BinaryTable(Modular("addition", 7), fraction=fraction), seeds=Seeds(seed, seed, seed))
    for seed, fraction in ((0, 0.5), (1, 0.5), (2, 0.6))
]


def leaves(state, member=...):
    return [np.asarray(leaf[member]) for leaf in jax.tree.leaves(state)]


def test_where_a_run_is_cut_changes_no_bit():
    setup, member, _ = prepare(PLANS[0])
    program = Program([setup], [member])
    whole = program.advance(program.start(), 0, 11)
    cut = program.start()
    for first, last in ((0, 1), (1, 5), (5, 6), (6, 11)):
        cut = program.advance(cut, first, last)
    assert all(np.array_equal(a, b) for a, b in zip(leaves(whole), leaves(cut), strict=True))


def test_members_side_by_side_follow_their_solo_runs():
    prepared = [prepare(plan)[:2] for plan in PLANS]
    together = Program([setup for setup, _ in prepared], [member for _, member in prepared])
    state = together.advance(together.start(), 0, 10)
    numbers, predicted = together.observe(state, 10)
    assert predicted.shape[0] == 3
    for index, (setup, member) in enumerate(prepared):
        solo = Program([setup], [member])
        alone = solo.advance(solo.start(), 0, 10)
        for a, b in zip(leaves(state, index), leaves(alone), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-4)
        loss = solo.observe(alone, 10)[0]["validation_loss"]
        np.testing.assert_allclose(numbers["validation_loss"][index], loss, rtol=1e-3)


def test_training_learns_its_examples():
    history = train(small_plan(steps=600, batch_size="full"))
    assert float(history.dataset.train_accuracy[-1]) == 1.0
    assert history.milestones.memorized_at is not None
    assert history.dataset.step.values[-1] == 600
    assert "weight_norm.blocks.0.up" in history.dataset
    assert history.weights.embedding.shape == (9, 8)


def test_a_run_ends_early_where_it_has_settled():
    task = BinaryTable(Modular("addition", 5), fraction=0.96)  # one cell is withheld, and guessed soon or never
    plan = small_plan(task=task, steps=4000, batch_size="full")
    plan = plan.replace(record=plan.record.replace(stop_after=2))
    found = [train(plan.replace(seeds=Seeds(split=at))).milestones for at in (0, 2, 3)]
    assert any(each.settled_at is not None for each in found)
    for each in found:
        assert (each.settled_at is not None) == (each.budget < 4000)


def test_without_accuracy_a_history_has_no_crossings():
    history = train(small_plan(steps=2, measures=(Loss(),)))
    assert history.milestones == (None, None, None, 2, None)
    assert "'budget': 2" in repr(history)
