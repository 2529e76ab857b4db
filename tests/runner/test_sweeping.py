import os
import signal
import subprocess
import sys

import jax.numpy as jnp
import numpy as np
import pytest
from kinds import small_plan

from groklab.errors import InvalidSetting
from groklab.measures import Accuracy, Loss, Measure
from groklab.models import MLP
from groklab.optimizers import adam, adamw
from groklab.runner import Watch, sweep
from groklab.store import Store


def test_axes_become_dimensions_in_the_order_given(tmp_path):
    data = sweep(small_plan(), store=str(tmp_path), seed=range(2), fraction=[0.4, 0.5, 0.6])
    assert data.run.dims == ("seed", "fraction")
    assert list(data.seed.values) == [0, 1]
    assert data.validation_accuracy.sel(fraction=0.5, seed=1).dims == ("step",)
    assert len(np.unique(data.run)) == 6


def test_what_never_crossed_is_infinitely_late(tmp_path):
    data = sweep(small_plan(steps=5), store=str(tmp_path), seed=[0, 1, 2])
    assert np.isinf(data.generalized_at).all()
    assert np.isinf(data.generalized_at.median("seed"))
    assert (data.budget == 5).all()


def test_zipped_and_labelled_axes(tmp_path):
    axes = {"fraction:weight_decay": [(0.4, 1.0), (0.6, 0.3)], "arm": {"adam": {"weight_decay": 0.0}, "adamw": {}}}
    data = sweep(
        small_plan(steps=3),
        {"fraction:learning_rate": [(0.4, 1e-3), (0.6, 3e-3)], "arm": axes["arm"]},
        store=str(tmp_path),
    )
    assert data.run.dims == ("fraction:learning_rate", "arm")
    assert list(data.fraction.values) == [0.4, 0.6]
    assert list(data.learning_rate.values) == [1e-3, 3e-3]
    assert list(data.arm.values) == ["adam", "adamw"]


def test_parts_are_axes_too(tmp_path):
    data = sweep(
        small_plan(steps=2),
        {"optimizer": [adam(), adamw()], "operation": ["addition", "Z7", "S3"]},
        store=str(tmp_path),
    )
    assert data.run.shape == (2, 3)
    assert list(data.operation.values) == ["addition", "Z7", "S3"]


@pytest.mark.parametrize(
    ("axes", "words"),
    [
        ({"fraction": []}, "`fraction` must have at least one value, got none."),
        ({"fraction": 0.3}, "`fraction` must be a list of values, got 0.3. Try fraction=[0.3]."),
        ({"fraction:p": [(0.3, 7, 9)]}, "`fraction:p` needs 2 values at each point, such as a:b, got 0.3:7:9."),
        ({"fracton": [0.3]}, "`fracton` is not a setting. Did you mean `fraction`?"),
    ],
)
def test_a_slip_in_an_axis_is_one_sentence(axes, words, tmp_path):
    with pytest.raises(InvalidSetting) as caught:
        sweep(small_plan(), axes, store=str(tmp_path))
    assert str(caught.value) == words


class Stop(Watch):
    """Asks for an end, as Ctrl-C does, where the first run has come to its own; notes which runs train."""

    def __init__(self, *, stops=True):
        self.names, self.stops = set(), stops

    def report(self, report):
        self.names.add(report.run)
        if self.stops and report.is_finished:
            self.stops = False
            os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.usefixtures("short_blocks")
def test_killed_in_the_middle_only_what_is_unfinished_trains_and_the_dataset_is_the_same(tmp_path):
    axes = {"fraction": [0.4, 0.6], "seed": range(3)}
    whole = sweep(small_plan(), axes, store=str(tmp_path / "whole"))
    with pytest.raises(KeyboardInterrupt):
        sweep(small_plan(), axes, store=str(tmp_path / "cut"), how={"watch": Stop(), "lanes": 2})
    finished = {run.name for run in Store(str(tmp_path / "cut")).runs() if run.is_finished()}
    assert finished
    again = Stop(stops=False)
    data = sweep(small_plan(), axes, store=str(tmp_path / "cut"), how={"watch": again})
    assert again.names
    assert not finished & again.names
    assert data.identical(whole)
    assert all(data[name].values.tobytes() == whole[name].values.tobytes() for name in data if name != "run")


SHARING = """
import sys, jax, numpy as np
sys.path.insert(0, "tests")
from kinds import small_plan
from groklab.models import MLP
from groklab.runner import sweep
assert len(jax.devices()) == 4
data = sweep(small_plan(model=MLP(width=8, hidden=16)), store=sys.argv[1], seed=range(9), how={"width": 4})
np.save(sys.argv[2], data.train_loss.values)
"""


@pytest.mark.slow
def test_several_devices_share_the_members(tmp_path):
    flags = {"XLA_FLAGS": "--xla_force_host_platform_device_count=4", "JAX_DISABLE_MOST_OPTIMIZATIONS": "1"}
    subprocess.run(
        [sys.executable, "-c", SHARING, str(tmp_path / "four"), str(tmp_path / "x.npy")],
        env=os.environ | flags,
        check=True,
    )
    solo = sweep(small_plan(model=MLP(width=8, hidden=16)), store=str(tmp_path / "one"), seed=range(9))
    np.testing.assert_allclose(np.load(tmp_path / "x.npy"), solo.train_loss.values, rtol=1e-3)


class Count(Measure):
    """A measure that is a whole number."""

    def __call__(self, seen):
        return {"right": seen.is_right.sum(dtype="int32")}


class BlockNorms(Measure):
    def __call__(self, seen):
        return {f"block_norm.{at}": jnp.linalg.norm(block.query) for at, block in enumerate(seen.weights.blocks)}


def test_a_whole_number_that_was_not_recorded_at_a_step_is_missing(tmp_path):
    plan = small_plan(steps=5, measures=(Accuracy(), Count()))
    data = sweep(plan, store=str(tmp_path), growth=[1.5, 3.0])
    right = data.right.values
    assert right.dtype == np.float64
    assert np.isnan(right).sum() == np.isnan(data.train_accuracy).sum() == 1
    assert right[0].astype(int).tolist() == right[0].tolist()


def test_a_number_that_some_runs_never_have_is_missing_there(tmp_path):
    data = sweep(small_plan(steps=3, measures=(Accuracy(), BlockNorms())), store=str(tmp_path), depth=[1, 2])
    assert np.isfinite(data["block_norm.0"]).all()
    assert np.isnan(data["block_norm.1"].sel(depth=1)).all()
    assert np.isfinite(data["block_norm.1"].sel(depth=2)).all()


def test_without_accuracy_the_crossings_are_left_out(tmp_path):
    data = sweep(small_plan(steps=3, measures=(Loss(),)), store=str(tmp_path), seed=[0, 1])
    assert not {"memorized_at", "generalized_at", "settled_at", "train_accuracy"} & set(data)
    assert (data.budget == 3).all()
    assert data.train_loss.dims == ("seed", "step")
