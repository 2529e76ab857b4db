"""Weights kept on the way: measured again, exported, and the same after a cut."""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from kinds import STREAMS, small_plan

from groklab.errors import InvalidModel, InvalidSetting, RunMissing, StoreError
from groklab.measures import Accuracy, Loss, Progress, Spectrum, UpdateNorm, WeightNorm
from groklab.measures.circuits import fourier
from groklab.measures.circuits.progress import keys_of
from groklab.models import MLP, Transformer
from groklab.runner import execute, export, load_exported, measured, measuring, weights_at
from groklab.store import Store
from groklab.tasks import BinaryTable, Modular
from groklab.training import Record, Seeds, encode, prepare

MODEL = Transformer(depth=1, width=8, heads=2, norm="none", positions="learned", bias="feed-forward")


def plan_of(**changes):
    task = BinaryTable(Modular("addition", 7), profile="nanda")
    return small_plan(task=task, model=MODEL, record=Record(growth=1.5, snapshots=1.9)).replace(**changes)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    store = Store(str(tmp_path_factory.mktemp("runs")))
    return execute([plan_of()], store)[0], store


def test_weights_are_kept_at_some_of_the_recorded_steps(trained):
    run, _ = trained
    record = plan_of().record
    assert run.snapshots() == sorted(record.kept(20))
    assert set(run.snapshots()) <= set(record.steps(20))
    assert run.snapshots() == [0, 1, 2, 5, 12, 20]


def test_measuring_again_gives_what_was_recorded(trained):
    run, _ = trained
    again = measured(run, [Accuracy(), Loss(), WeightNorm()])
    recorded = run.metrics()
    rows = np.isin(recorded["step"], again.step.values)
    for name in again.data_vars:
        assert np.array_equal(again[name], recorded[name][rows])


def test_other_measures_can_be_asked_afterwards(trained):
    run, _ = trained
    found = measured(run, [Spectrum(), Progress()], [5])
    assert found.sizes == {"step": 1}
    assert {"gini.embedding", "restricted_loss.all"} <= set(map(str, found.data_vars))


def test_key_frequencies_are_those_of_the_finished_network(trained, monkeypatch):
    run, _ = trained
    for share in np.linspace(0.5, 0.99, 50):  # one at which the two networks have other frequencies
        monkeypatch.setattr(fourier, "KEY_SHARE", float(share))
        last, first = (keys_of(weights_at(run, step), 7) for step in (None, 0))
        if last != first:
            break
    assert last != first
    default, with_last, with_first = (
        measured(run, Progress(keys=keys), [0]) for keys in ((), list(last), np.array(first))
    )
    assert default.identical(with_last)
    assert not default.identical(with_first)


def test_what_was_remembered_is_worked_out_again_if_it_is_damaged(trained):
    run, _ = trained
    first = measured(run, [Accuracy()])
    places = list(Path(run.folder.local_path).glob("measured-*.parquet"))
    assert places
    for place in places:
        place.write_bytes(place.read_bytes()[:50])
    assert measured(run, [Accuracy()]).identical(first)


def test_what_other_code_measured_is_worked_out_again(trained, monkeypatch):
    run, _ = trained
    first = measured(run, [Accuracy()])
    remembered = len(list(Path(run.folder.local_path).glob("measured-*.parquet")))
    assert measured(run, [Accuracy()]).identical(first)
    assert len(list(Path(run.folder.local_path).glob("measured-*.parquet"))) == remembered
    monkeypatch.setattr(measuring, "_source", lambda: "another version")
    assert measured(run, [Accuracy()]).identical(first)
    assert len(list(Path(run.folder.local_path).glob("measured-*.parquet"))) == remembered + 1


def test_a_store_that_can_only_be_read_is_measured(trained, monkeypatch):
    def refuse(*_):
        raise StoreError("`runs` cannot be written: permission is denied.")

    run, _ = trained
    monkeypatch.setattr(type(run), "remember", refuse)
    assert "train_loss" in measured(run, [Loss(), Accuracy()])


@pytest.mark.parametrize("measures", [["loss"], [Loss], "loss"])
def test_only_measures_are_measured(measures):
    with pytest.raises(InvalidSetting, match=r"`measures` must be measures, such as Loss\(\), got"):
        measuring.refuse(measures)


def test_a_step_that_was_not_kept_is_refused(trained):
    run, _ = trained
    with pytest.raises(
        RunMissing, match=r"`step` must be one whose weights .* has kept, got 6. The nearest that is: 5."
    ):
        measured(run, [Loss()], [6])
    with pytest.raises(InvalidSetting, match="`UpdateNorm` needs the optimizer's state"):
        measured(run, [UpdateNorm()])


def test_a_run_that_keeps_nothing_says_how_to(tmp_path):
    plan = plan_of(record=Record(growth=1.5))
    (run,) = execute([plan], Store(str(tmp_path)))
    assert run.snapshots() == []
    with pytest.raises(RunMissing, match=r"No step is: train it with snapshots=1\.2"):
        weights_at(run, 3)


def test_the_last_checkpoint_counts_as_kept(tmp_path):
    store = Store(str(tmp_path))
    (run,) = execute([plan_of(record=Record(growth=1.5))], store)
    found = measured(run, Loss())
    assert found.step.values.tolist() == [20]
    assert float(found.train_loss[0]) == run.metrics()["train_loss"][-1]
    begun = store.run("addition", "0" * 12)
    begun.begin({"plan": encode(plan_of())})
    with pytest.raises(RunMissing, match=r"has no checkpoint yet\. Train it further"):
        weights_at(begun)
    begun.release()


def test_an_unfinished_run_is_as_far_as_its_checkpoint(trained, tmp_path):
    done, _ = trained
    run = Store(str(tmp_path)).run("addition", done.id)
    run.begin(done.plan())
    for step in (0, 5):
        run.keep(step, done.snapshot(step))
    run.save({}, done.checkpoint()[0], 18, 0, {})
    run.keep(19, done.snapshot(5))  # and was killed before the next checkpoint
    run.release()
    assert measured(run, Loss()).step.values.tolist() == [0, 5, 18]
    last, at_18, at_5 = (jax.tree.leaves(weights_at(run, step)) for step in (None, 18, 5))
    assert all(map(np.array_equal, last, at_18))
    assert not all(map(np.array_equal, last, at_5))


def test_an_early_end_is_kept(tmp_path):
    task = BinaryTable(Modular("addition", 5), fraction=0.96)  # one cell is withheld, and guessed soon or never
    record = Record(growth=1.3, stop_after=1, snapshots=30.0)
    plans = [plan_of(task=task, batch_size="full", steps=500, record=record, seeds=Seeds(split=at)) for at in range(4)]
    early = [run for run in execute(plans, Store(str(tmp_path))) if run.status()["step"] < 500]
    assert early
    assert all(run.snapshots()[-1] == run.status()["step"] for run in early)


@pytest.mark.parametrize("value", [0.5, 1.0])
def test_the_ratio_must_exceed_1(value):
    with pytest.raises(InvalidSetting, match="`snapshots` must be 0, or above 1"):
        Record(snapshots=value)


def test_an_exported_network_comes_back(trained, tmp_path):
    run, _ = trained
    plan = plan_of()
    setup, _, examples = prepare(plan)
    for step in (None, 5):
        tensors, config = export(run, str(tmp_path), step=step)
        model, weights = load_exported(tensors)
        assert model == plan.model
        tokens = jnp.asarray(examples.inputs)
        expected = jax.tree.map(jnp.asarray, weights_at(run, 20 if step is None else step))
        logits = model.plain_logits(weights, tokens, setup.shape)
        assert jnp.array_equal(logits, plan.model.plain_logits(expected, tokens, setup.shape))
        assert json.loads(Path(config).read_text())["n_ctx"] == 3


def test_broken_files_are_one_sentence(trained, tmp_path):
    run, _ = trained
    tensors, config = (Path(place) for place in export(run, str(tmp_path)))
    tensors.write_bytes(tensors.read_bytes()[:100])
    with pytest.raises(InvalidModel, match="must be a file of safetensors"):
        load_exported(tensors)
    config.write_text("{")
    with pytest.raises(InvalidModel, match="must hold the model's configuration as JSON"):
        load_exported(tensors)
    with pytest.raises(InvalidModel, match=r"nothing\.json` is missing"):
        load_exported(tmp_path / "nothing")


def test_only_transformers_are_exported(tmp_path):
    plan = small_plan(model=MLP(width=8, hidden=16))
    (run,) = execute([plan], Store(str(tmp_path)))
    with pytest.raises(InvalidSetting, match="must be of a transformer, got MLP"):
        export(run, str(tmp_path))


@pytest.mark.parametrize("task", STREAMS, ids=str)
def test_streams_are_trained_like_tables(task, tmp_path):
    plan = small_plan(task=task, model=MODEL, batch_size=4, steps=6)
    (run,) = execute([plan], Store(str(tmp_path)))
    columns = run.metrics()
    assert columns["step"][-1] == 6
    assert np.isfinite(columns["train_loss"]).all()
    assert columns["train_loss"][-1] != columns["train_loss"][0]
