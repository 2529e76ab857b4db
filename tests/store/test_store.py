import json
import os
from pathlib import Path

import numpy as np
import pytest
from stored import stored

from groklab.errors import GroklabError, RunDamaged, RunLocked, RunMissing, StoreError
from groklab.store import Run, Store

ROWS = {"run": np.array(["abc123"] * 2), "step": np.array([0, 1]), "train_accuracy": np.array([0.1, 0.2], np.float32)}
MORE = {"run": np.array(["abc123"]), "step": np.array([2]), "train_accuracy": np.array([0.3], np.float32)}
STATE = {"weights.a": np.arange(4, dtype=np.float32)}


@pytest.fixture
def run(tmp_path):
    run = Store(str(tmp_path / "runs")).run("division", "abc123")
    run.begin({"id": "abc123", "task": "division", "plan": {}})
    yield run
    run.release()


def begun_again(run):
    run.release()
    again = Run(run.folder)
    again.begin({"id": "abc123", "plan": {}})
    return again


def test_a_run_is_written_and_read(run):
    parts = run.save(ROWS, STATE, 1, 0, {"seconds": 1})
    assert run.save(MORE, STATE, 2, parts, {"seconds": 2}) == 2
    assert list(run.metrics()["step"]) == [0, 1, 2]
    assert run.status() == {"seconds": 2, "step": 2, "is_finished": False}
    arrays, about = run.checkpoint()
    assert about == {"step": 2, "parts": 2}
    assert np.array_equal(arrays["weights.a"], STATE["weights.a"])


def test_a_finished_run_is_one_table_and_no_parts(run):
    run.save(ROWS, STATE, 1, 0, {})
    run.finish(ROWS, STATE, 1, {})
    assert run.is_finished()
    assert run.folder.names() == ["lock", "metrics.parquet", "plan.json", "state.safetensors", "status.json"]
    assert run.metrics()["train_accuracy"].dtype == np.float32


def test_a_resume_drops_what_the_checkpoint_does_not_cover(run):
    run.save(ROWS, STATE, 1, 0, {})
    run.folder.folder("metrics").write("part-00001.parquet", b"half a par")
    _, about, rows = begun_again(run).resume()
    assert about["step"] == 1
    assert list(rows["step"]) == [0, 1]
    assert run.folder.folder("metrics").names() == ["part-00000.parquet"]


def test_a_run_cut_off_while_finishing_keeps_its_numbers(run, monkeypatch):
    run.save(ROWS, STATE, 1, 0, {})
    monkeypatch.setattr(run, "_write_status", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run.finish(ROWS, STATE, 1, {})
    _, about, rows = begun_again(run).resume()
    assert about == {"step": 1, "parts": 0}
    assert list(rows["step"]) == [0, 1]


def test_a_run_without_a_checkpoint_begins_anew(run):
    assert run.resume() is None
    assert run.status() == {"step": 0, "is_finished": False}
    assert run.metrics() == {}


def test_again_forgets(run):
    run.finish(ROWS, STATE, 1, {})
    run.release()
    run.begin({"id": "abc123", "plan": {}}, again=True)
    assert run.folder.names() == ["lock", "metrics", "plan.json"]


def test_two_writers_are_refused(run):
    with pytest.raises(RunLocked, match="is being written by another process"):
        Run(run.folder).begin({})


@pytest.mark.parametrize("error", [NotImplementedError("no flock"), OSError(37, "No locks available")])
def test_a_disk_without_locks_is_told(tmp_path, monkeypatch, error):
    def refuse(*_, **__):
        raise error

    monkeypatch.setattr("filelock.FileLock.acquire", refuse)
    with pytest.raises(StoreError, match=r"locks are not supported there.*Choose another place"):
        Store(str(tmp_path)).run("a", "1").begin({"id": "1", "plan": {}})


@pytest.mark.parametrize("name", ["state.safetensors", "metrics.parquet", "plan.json", "status.json"])
@pytest.mark.parametrize("size", [0, 7, 60])
def test_a_truncated_file_is_named_in_one_sentence(run, name, size):
    run.finish(ROWS, STATE, 1, {"seconds": 1.0, "steps": 100, "memorized_at": None, "generalized_at": None})
    run.folder.write(name, run.folder.read(name)[:size])
    with pytest.raises(RunDamaged) as caught:
        run.checkpoint(), run.metrics(), run.plan(), run.status()
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_lost_part_is_not_passed_over(run):
    run.save(ROWS, STATE, 1, 0, {})
    (Path(run.folder.local_path) / "metrics" / "part-00000.parquet").unlink()
    with pytest.raises(RunDamaged, match=r"metrics/part-00000\.parquet` is damaged: it is missing"):
        begun_again(run).resume()


def test_a_write_that_fails_leaves_the_old_file_and_no_other(run, monkeypatch):
    run.folder.write("plan.json", b"{}")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(run.folder._files, "mv", full)
    with pytest.raises(StoreError, match=r"no space is left there.*What was recorded before is kept"):
        run.folder.write("plan.json", b"new")
    assert run.folder.read("plan.json") == b"{}"
    assert not list(Path(run.folder.local_path).glob(".*"))


def test_leftovers_of_a_killed_writer_are_swept_away(run, tmp_path):
    left = tmp_path / "runs" / run.name / ".state.safetensors.12345678"
    left.write_bytes(b"half")
    assert run.folder.names() == ["lock", "metrics", "plan.json"]
    begun_again(run)
    assert not left.exists()


def test_a_store_in_the_place_of_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as caught:
        Store(str(tmp_path / "file" / "runs")).run("a", "b").begin({})
    assert "\n" not in str(caught.value)


def test_an_unknown_protocol_is_refused():
    with pytest.raises(StoreError, match="fsspec"):
        Store("nothing://x")


def test_finding_a_run(run):
    store = Store(run.folder.url.rsplit("/", 1)[0])
    assert [each.name for each in store.runs()] == ["division-abc123"]
    assert store.find("abc").name == store.find("division-abc123").name == "division-abc123"
    with pytest.raises(RunMissing, match="There are: division-abc123"):
        store.find("zzz")
    with pytest.raises(RunMissing, match=r"^No run in `.*` has a name or id that begins with `zzz`\. There are"):
        store.find("zzz")
    other = store.run("division", "abd")
    other.begin({})
    other.release()
    with pytest.raises(RunMissing, match="begins the names of 2 runs"):
        store.find("division")


def test_runs_that_begin_alike_are_told_apart_by_their_settings(tmp_path):
    store = Store(str(tmp_path))
    first, second = (stored(store, f"weight_decay={decay}") for decay in (0, 1))
    with pytest.raises(RunMissing) as caught:
        store.find("addition")
    lines = str(caught.value).split("\n")
    assert "groklab show --last" in lines[0]
    assert sorted(lines[1:]) == sorted(
        f"  {run.name}  p=3 fraction=0.5 weight_decay={decay} seed=0" for run, decay in ((first, 0), (second, 1))
    )
    second.folder.write("plan.json", b"{")
    with pytest.raises(RunMissing, match=f"{first.name}  p=3") as caught:
        store.find("addition")
    assert f"\n  {second.name}" in str(caught.value)


def test_what_tells_runs_apart_fits_into_a_line(tmp_path):
    store = Store(str(tmp_path))
    settings = ["model=mlp", "optimizer=sgd", "batch_size=full", "growth=1.5", "steps=7", "stop_after=9"]
    stored(store), stored(store, *settings)
    with pytest.raises(RunMissing) as caught:
        store.find("addition")
    assert all(len(line) < 120 for line in str(caught.value).split("\n")[1:])


def test_the_last_run_is_the_one_written_last(tmp_path):
    store = Store(str(tmp_path))
    with pytest.raises(RunMissing, match="holds no runs"):
        store.last()
    runs = [stored(store, f"seed={seed}") for seed in range(3)]
    for run, at in zip(runs, (100, 300, 200), strict=True):
        os.utime(f"{run.folder.local_path}/status.json", (at, at))
    assert store.last() == runs[1]


def test_a_run_says_its_name_and_state(tmp_path):
    run = stored(Store(str(tmp_path)))
    assert repr(run) == f"<Run {run.name}, finished at step 1,000>"
    assert repr(Store(str(tmp_path)).run("division", "abc")) == "<Run division-abc, unfinished at step 0>"
    run.folder.write("status.json", b"{")
    assert repr(run) == f"<Run {run.name}, which cannot be read>"


def test_an_empty_or_missing_store_says_what_to_do(tmp_path):
    with pytest.raises(GroklabError, match=r"holds no runs\. Train one with: groklab run division"):
        Store(str(tmp_path / "nowhere")).find("x")


def test_a_remote_store_works_alike():
    store = Store("memory://groklab-test/runs")
    run = store.run("division", "abc")
    rows = ROWS | {"run": np.array(["abc"] * 2)}
    run.begin({"id": "abc", "plan": {}})
    run.save(rows, STATE, 1, 0, {})
    run.finish(rows, STATE, 1, {})
    assert list(store.find("abc").metrics()["step"]) == [0, 1]
    assert json.loads(run.folder.read("status.json"))["is_finished"]
