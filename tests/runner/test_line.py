"""Losses on the straight line from one network to another."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from groklab.errors import InvalidSetting, RunMissing
from groklab.measures import Loss, UpdateNorm
from groklab.models import MLP, matched
from groklab.runner import barrier, execute, kept_weights, measured, positions, straight_line, weights_at
from groklab.store import Store
from groklab.tasks import BinaryTable, Modular
from groklab.training import Plan, Precision, Record, Seeds

PLAN = Plan(
    task=BinaryTable(Modular("addition", 7), fraction=0.6),
    model=MLP(inputs="one-hot", hidden=9, depth=2),
    steps=60,
    record=Record(growth=1.5, snapshots=1.6),
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    store = Store(str(tmp_path_factory.mktemp("runs")))
    return execute([PLAN, PLAN.replace(seeds=Seeds(init=1))], store)


def test_the_ends_are_the_networks_and_the_middle_is_their_mean(trained):
    run, _ = trained
    kept = run.snapshots()
    line = straight_line((run, kept[2]), (run, kept[-1]), points=3)
    both = measured(run, Loss(), [kept[2], kept[-1]])
    np.testing.assert_allclose(line.train_loss[[0, -1]], both.train_loss, rtol=1e-5)
    here, there = (weights_at(run, step) for step in (kept[2], kept[-1]))
    middle = measured((PLAN.model, jax.tree.map(lambda a, b: (a + b) / 2, here, there)), Loss(), task=PLAN.task)
    assert float(line.train_loss[1]) == pytest.approx(float(middle.train_loss), rel=1e-5)
    assert float(line.s[1]) == 0.5


def test_positions_are_the_kept_weights_in_rows(trained):
    run, _ = trained
    steps, rows = positions(run, 2, 30)
    assert steps.tolist() == [step for step in run.snapshots() if 2 <= step <= 30]
    leaves = jax.tree.leaves(weights_at(run, int(steps[1])))
    np.testing.assert_array_equal(rows[1], np.concatenate([np.ravel(leaf) for leaf in leaves]))
    assert len(rows) == len(steps)
    assert positions(run, 1_000)[1].shape == (0, rows.shape[1])
    assert list(kept_weights(run)) == run.snapshots()


def test_64_bits_stay_64(tmp_path):
    wide = Precision("float64", "float64", "float64")
    (run,) = execute([PLAN.replace(precision=wide)], Store(str(tmp_path)))
    assert positions(run)[1].dtype == np.float64
    line = straight_line((run, 0), (run, 60), points=3)
    assert line.train_loss.dtype == np.float64
    np.testing.assert_allclose(line.train_loss[[0, -1]], measured(run, Loss(), [0, 60]).train_loss, rtol=1e-12)


def test_a_barrier_is_what_rises_above_the_ends(trained):
    line = straight_line((trained[0], 60), (trained[1], 60), points=9)
    losses = line.train_loss.values
    assert barrier(line) == pytest.approx(max(losses.max() - max(losses[0], losses[-1]), 0))
    assert barrier(line.isel(s=[0, 8])) == 0


def test_units_in_another_order_are_found_again(trained):
    weights = jax.tree.map(jnp.asarray, weights_at(trained[0], 60))
    random = np.random.default_rng(0)
    first, second, last = weights.layers
    one, two = random.permutation(9), random.permutation(9)
    layer = type(first)
    mixed = type(weights)(
        weights.embedding,
        (
            layer(first.matrix[:, one], first.bias[one]),
            layer(second.matrix[one][:, two], second.bias[two]),
            layer(last.matrix[two], last.bias),
        ),
    )
    for found, was in zip(jax.tree.leaves(matched(weights, mixed)), jax.tree.leaves(weights), strict=True):
        np.testing.assert_array_equal(found, was)


def test_matching_changes_nothing_of_the_ends(trained):
    plain, found = (
        straight_line((trained[0], 60), (trained[1], 60), points=5, match=match).train_loss.values
        for match in (False, True)
    )
    np.testing.assert_allclose(plain[[0, -1]], found[[0, -1]], rtol=1e-4)
    assert not np.allclose(plain[2], found[2])


def test_what_has_no_line_is_refused(trained):
    run, _ = trained
    with pytest.raises(InvalidSetting, match="`points` must be at least 2"):
        straight_line((run, 60), (run, 60), points=1)
    with pytest.raises(InvalidSetting, match="`UpdateNorm` needs the optimizer's state"):
        straight_line((run, 60), (run, 60), measures=(UpdateNorm(),))
    with pytest.raises(InvalidSetting, match="has a run diverged"):
        matched(*[jax.tree.map(lambda leaf: leaf * np.nan, weights_at(run, 60))] * 2)
    with pytest.raises(RunMissing, match="got 59"):
        straight_line((run, 59), (run, 60))
    with pytest.raises(InvalidSetting, match="`match` needs multilayer perceptrons"):
        matched({"a": np.zeros(3)}, {"a": np.zeros(3)})
