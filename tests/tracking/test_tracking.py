"""What trackers are told while runs are trained, and that nothing they do reaches the training."""

import sys
import threading

import numpy as np
import pytest
from faked import install
from kinds import small_plan

from groklab.errors import InvalidSetting, MissingExtra
from groklab.models import MLP
from groklab.runner import Watch, execute
from groklab.runner.following import Follower
from groklab.runner.job import Job
from groklab.store import Store
from groklab.store.words import settings
from groklab.tracking import USUAL, Tracking
from groklab.tracking.columns import chosen, numbers_in, rows_after
from groklab.tracking.kinds import refuse_missing
from groklab.tracking.writer import Writer
from groklab.training import Record, Seeds, fork

NAMES = ("metrics.parquet", "state.safetensors")


def seeded(count, **changes):
    model = MLP(width=8, hidden=8)
    return [small_plan(model=model, seeds=Seeds(seed, seed, seed), **changes) for seed in range(count)]


def trained(store, plans, *trackers, said=None, how=None, **options):
    say = (lambda sentence: None) if said is None else said.append
    with Tracking(Watch(), trackers or ["fake"], store, say=say, **options) as watch:
        return execute(plans, store, watch=watch, **(how or {}))


class Cut(Watch):
    """Stops the training at a moment, as an error of the disk would."""

    def __init__(self, moments):
        self.moments = moments

    def report(self, report):
        self.moments -= 1
        if not self.moments:
            raise OSError("cut")


def cut(plan, store, moments, *trackers, **how):
    with pytest.raises(OSError, match="cut"), Tracking(Cut(moments), trackers, store) as watch:
        execute([plan], store, watch=watch, **how)


def assert_whole(fake, run, names=USUAL):
    columns = run.metrics()
    assert fake.steps(run.name) == list(columns["step"])
    for name in names:
        np.testing.assert_array_equal([numbers[name] for _, numbers in fake.rows[run.name]], columns[name])


@pytest.mark.parametrize("how", [{"lanes": 2}, {"width": 3}], ids=["lanes", "side by side"])
def test_every_recorded_row_comes_once_whatever_is_trained_at_once(monkeypatch, tmp_path, how):
    fake, store = install(monkeypatch), Store(str(tmp_path))
    # of different lengths, so that those side by side go on in a narrower program
    plans = seeded(3, record=Record(growth=1.5, stop_after=1, generalized_from=0.1))
    for run in trained(store, plans, how=how):
        assert_whole(fake, run)
        assert set(fake.rows[run.name][0][1]) == set(USUAL)
        assert fake.settings[run.name] == settings(run)
        status = run.status()
        crossed = {name: status[name] for name in ("memorized_at", "generalized_at", "settled_at")}
        assert fake.final[run.name] == [{name: step for name, step in crossed.items() if step is not None}]
    assert fake.threads == {"track fake"}
    assert fake.folder == f"{tmp_path}/tracked/fake"


def test_training_is_the_same_to_the_byte_with_and_without(monkeypatch, tmp_path):
    install(monkeypatch)
    (one,) = trained(Store(str(tmp_path / "one")), seeded(1))
    (other,) = execute(seeded(1), Store(str(tmp_path / "other")))
    assert all(one.folder.read(name) == other.folder.read(name) for name in NAMES)


@pytest.mark.parametrize("doing", ["import", "open", "write", "close"])
def test_a_tracker_that_fails_says_so_once_and_training_goes_on(monkeypatch, tmp_path, doing):
    def fails(what):
        if what == doing:
            raise OSError("no space left")

    fake, other, said = install(monkeypatch, fails=fails), install(monkeypatch, "other"), []
    runs = trained(Store(str(tmp_path)), seeded(2), "fake", "other", said=said, how={"lanes": 2})
    assert [run.is_finished() for run in runs] == [True, True]
    (sentence,) = said
    assert sentence.startswith("Fake failed and gets nothing more (no space left). All numbers are in")
    for run in runs:
        assert_whole(other, run)
        assert doing == "close" or not fake.rows.get(run.name)


def test_a_tracker_that_hangs_is_not_waited_for(monkeypatch, tmp_path):
    hanging = threading.Event()
    install(monkeypatch, fails=lambda doing: doing == "write" and hanging.wait(10))
    (run,) = execute(seeded(1), Store(str(tmp_path)))
    said = []
    writer = Writer("fake", str(tmp_path), said.append)
    writer.take(run, chosen(run.metrics(), USUAL))
    writer.close(0.1)
    assert [sentence.partition(".")[0] for sentence in said] == ["Fake has not taken all numbers within 0"]
    hanging.set()


@pytest.mark.parametrize("seconds", [0.0, 100.0], ids=["saved at every moment", "never saved"])
@pytest.mark.parametrize("is_tracked", [True, False], ids=["", "not tracked before"])
@pytest.mark.usefixtures("short_blocks")
def test_a_run_that_goes_on_is_whole_and_has_no_row_twice(monkeypatch, tmp_path, seconds, is_tracked):
    fake, store, (plan,) = install(monkeypatch), Store(str(tmp_path)), seeded(1)
    cut(plan, store, 4, *(["fake"] if is_tracked else []), seconds_between_saves=seconds)
    run = store.run(plan.task.name, plan.id)
    if is_tracked:
        assert fake.steps(run.name)
        assert fake.final[run.name] == [None]
    trained(store, [plan])
    assert_whole(fake, run)
    assert len(fake.final[run.name]) == 1 + is_tracked


def test_a_run_that_is_trained_again_adds_nothing(monkeypatch, tmp_path):
    fake, store = install(monkeypatch), Store(str(tmp_path))
    (run,) = trained(store, seeded(1))
    trained(store, seeded(1), how={"again": True})
    assert_whole(fake, run)
    assert fake.final[run.name][1] == {}


def test_a_fork_has_the_rows_of_its_trunk(monkeypatch, tmp_path):
    fake = install(monkeypatch)
    (run,) = trained(Store(str(tmp_path)), [fork(*seeded(1), 9, weight_decay=0.5)])
    assert_whole(fake, run)
    assert fake.settings[run.name]["fork.at"] == 9


def test_only_the_numbers_that_are_asked_for_come(monkeypatch, tmp_path):
    fake, said = install(monkeypatch), []
    (run,) = trained(Store(str(tmp_path / "some")), seeded(1), said=said, only=["train_los", "weight_norm"])
    assert_whole(fake, run, ["weight_norm"])
    assert set(fake.rows[run.name][0][1]) == {"weight_norm"}
    assert said == ["`train_los` is not a recorded number. Did you mean `train_loss`?"]
    fake = install(monkeypatch)
    (run,) = trained(Store(str(tmp_path / "all")), seeded(1), only=["all"])
    assert_whole(fake, run, set(run.metrics()) - {"run", "step"})


def test_rows_of_what_other_processes_record_are_read_from_the_store(monkeypatch, tmp_path):
    fake, store, (plan,) = install(monkeypatch), Store(str(tmp_path)), seeded(1)
    (run,) = execute([plan], store)
    for _ in range(2):
        with Tracking(Watch(), ["fake"], store) as watch:
            Follower(store, watch).look([Job(plan)])
    assert_whole(fake, run)
    assert fake.final[run.name][1] == {}


def test_files_of_trackers_are_no_run(monkeypatch, tmp_path):
    fake, store = install(monkeypatch), Store(str(tmp_path))
    (run,) = trained(store, seeded(1))
    (tmp_path / "tracked/tensorboard" / run.name).mkdir(parents=True)
    (tmp_path / "tracked/plan.txt").write_text(fake.folder)
    assert store.runs() == [run]
    assert store.last() == run


def test_what_cannot_be_had_is_refused():
    with pytest.raises(InvalidSetting, match="Did you mean `tensorboard`"):
        refuse_missing("tensorbord")


def test_an_extra_that_is_missing_is_named(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.delitem(sys.modules, "mlflow", raising=False)
    with pytest.raises(MissingExtra) as refusal:
        refuse_missing("mlflow")
    assert str(refusal.value) == '`--track` mlflow needs MLflow, which is not installed: pip install "groklab[mlflow]".'


def test_rows_come_in_order_and_once():
    first = {"step": np.array([0, 1, 2]), "loss": np.array([3, 2, 1], np.float32)}
    second = {"step": np.array([1, 2, 4]), "loss": np.array([2, 1, 0.5], np.float32)}
    assert rows_after(0, [first, second]) == [(1, {"loss": 2.0}), (2, {"loss": 1.0}), (4, {"loss": 0.5})]
    assert rows_after(4, [first, second]) == []
    assert numbers_in({**first, "run": np.array(["a", "a", "a"])}) == ["loss"]
    assert list(chosen(first, ["accuracy", "loss"])) == ["step", "loss"]
