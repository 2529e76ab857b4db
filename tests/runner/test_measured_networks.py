"""A network that was loaded or built is measured like one that was trained."""

import jax
import numpy as np
import pytest
from kinds import small_plan

from groklab.errors import InvalidSetting
from groklab.measures import Accuracy, Loss, Neurons, Progress, Spectrum, UpdateNorm
from groklab.models import MLP, Transformer
from groklab.models.transformer.by_hand import adder
from groklab.runner import execute, export, load_exported, measured, measuring, weights_at
from groklab.store import Store
from groklab.tasks import BinaryTable, Modular
from groklab.training import Precision, Seeds

TASK = BinaryTable(Modular("addition", 7), fraction=0.6, profile="nanda")
MODEL = Transformer(depth=1, width=8, heads=2, norm="none", positions="learned", bias="feed-forward")
PLAN = small_plan(task=TASK, model=MODEL, precision=Precision(loss="float64"), seeds=Seeds(split=3))
MEASURES = (Accuracy(), Loss(), Spectrum(), Progress(keys_by="neurons"), Neurons())


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return execute([PLAN], Store(str(tmp_path_factory.mktemp("runs"))))[0]


@pytest.mark.slow
def test_an_exported_network_is_measured_as_its_run_is(run, tmp_path):
    of_run = measured(run, MEASURES).isel(step=-1, drop=True)
    tensors, _ = export(run, str(tmp_path))
    of_export = measured(load_exported(tensors), MEASURES, task=TASK, seed=3, precision=PLAN.precision)
    assert of_export.identical(of_run.drop_attrs())
    assert of_export.sizes == {}


def test_the_seed_divides_the_examples(run):
    network = MODEL, weights_at(run)
    losses = [float(measured(network, Loss(), task=TASK, seed=seed).train_loss) for seed in (3, 4)]
    assert losses[0] != losses[1]
    assert losses[0] == pytest.approx(run.metrics()["train_loss"][-1], rel=1e-5)


def test_any_model_may_be_measured():
    model = MLP(width=8, hidden=16)
    weights = model.initialize(TASK.examples(seed=0).shape, key=jax.random.key(0))
    assert measured((model, weights), Accuracy(), task=TASK).train_accuracy.shape == ()


def test_a_network_built_by_hand_is_always_right():
    found = measured(adder(13, (2, 5)), [Accuracy()], task=BinaryTable(Modular("addition", 13), profile="nanda"))
    assert float(found.train_accuracy) == float(found.validation_accuracy) == 1


def test_precision_is_that_of_the_measurement(run):
    network = MODEL, weights_at(run)
    dtypes = {measured(network, Loss(), task=TASK, precision=Precision(loss=kind)).train_loss.dtype for kind in
              ("float32", "float64")}  # fmt: skip
    assert dtypes == {np.dtype("float32"), np.dtype("float64")}


def test_what_does_not_fit_is_one_sentence(run):
    network = MODEL, weights_at(run)
    for given, more, message in [
        (network, {}, "`task` must be what the network is measured on, got none. Try task=plan.task."),
        (network, {"task": TASK, "steps": 3}, "`steps` must be left out with a network"),
        (run, {"task": TASK}, "`task`, `seed` and `precision` must be left out with a run"),
        ((MODEL.replace(depth=2), network[1]), {"task": TASK}, "`network` must have weights of its model's form"),
        (
            network,
            {"task": TASK.replace(operation=Modular("addition", 5))},
            r"`network` must have embedding of shape \(6, 8\), got \(8, 8\). Is it the task",
        ),
    ]:
        with pytest.raises(InvalidSetting, match=message):
            measured(given, Loss(), **more)
    with pytest.raises(InvalidSetting, match=r"`network` must be a run, or a model and its weights, got Transformer\."):
        measuring._given(MODEL, TASK, None)
    with pytest.raises(InvalidSetting, match="`UpdateNorm` needs the optimizer's state"):
        measured(network, UpdateNorm(), task=TASK)
