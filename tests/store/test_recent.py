"""Rows that are shown before they are saved: seen by those who watch, and by nobody who goes on from them."""

import numpy as np
import pytest
from stored import stored

from groklab.store import Store

SMALL = ("p=5", "fraction=0.8", "model=mlp", "width=8")


def rows(*steps):
    return {"run": np.array(["id"] * len(steps)), "step": np.array(steps), "train_loss": np.array(steps, float)}


@pytest.fixture
def run(tmp_path):
    run = Store(str(tmp_path / "runs")).run("addition", "id")
    run.begin({"id": "id", "task": "addition"})
    yield run
    run.release()


def test_what_is_shown_is_read_after_what_is_saved(run):
    assert run.metrics() == {}
    run.show(rows(0, 1))
    assert run.metrics()["step"].tolist() == [0, 1]
    run.save(rows(0, 1, 2), {}, 2, 0, {})
    assert run.metrics()["step"].tolist() == [0, 1, 2]  # what was shown is saved now
    run.show(rows(3, 4))
    assert run.metrics()["step"].tolist() == [0, 1, 2, 3, 4]
    assert run.status()["step"] == 2


def test_what_comes_after_a_step_is_read_from_the_end(run, monkeypatch):
    for part, steps in enumerate([(0, 1), (2, 3), (4, 5)]):
        run.save(rows(*steps), {}, steps[-1], part, {})
    run.show(rows(6, 7))
    read = []
    columns = run._columns
    monkeypatch.setattr(run, "_columns", lambda folder, name: (read.append(name), columns(folder, name))[1])
    assert run.metrics(after=4)["step"].tolist() == [5, 6, 7]
    assert read == ["recent.parquet", "part-00002.parquet"]
    assert run.metrics(after=5)["step"].tolist() == [6, 7]
    assert run.metrics(after=7) == {}
    assert run.metrics(after=1)["step"].tolist() == [2, 3, 4, 5, 6, 7]
    run.finish(rows(*range(8)), {}, 7, {})
    assert run.metrics(after=5)["step"].tolist() == [6, 7]
    assert run.metrics(after=7) == {}


def test_a_run_goes_on_from_what_is_saved_and_forgets_what_was_shown(run):
    parts = run.save(rows(0, 1), {}, 1, 0, {})
    run.show(rows(2, 3))
    _, about, columns = run.resume()
    assert (about["step"], parts) == (1, 1)
    assert columns["step"].tolist() == [0, 1]
    assert run.metrics()["step"].tolist() == [0, 1]


def test_a_part_that_is_written_while_somebody_reads_leaves_no_hole(run, monkeypatch):
    run.save(rows(0, 1), {}, 1, 0, {})
    run.show(rows(2, 3))
    names = run._part_names

    def late():
        run.save(rows(2, 3, 4), {}, 4, 1, {})
        run.show(rows(5, 6))
        return names()

    monkeypatch.setattr(run, "_part_names", late)
    assert run.metrics()["step"].tolist() == [0, 1, 2, 3, 4]


def test_a_run_that_is_finished_or_trained_again_has_no_such_rows(run):
    run.show(rows(0, 1))
    run.finish(rows(0, 1, 2), {}, 2, {})
    assert not run.folder.has("recent.parquet")
    assert run.metrics()["step"].tolist() == [0, 1, 2]
    run.release()
    run.begin({"id": "id", "task": "addition"}, again=True)
    run.show(rows(0))
    run.release()
    run.begin({"id": "id", "task": "addition"}, again=True)
    assert run.metrics() == {}


def test_nothing_is_shown_of_a_run_that_was_removed_or_lies_elsewhere(run):
    run.folder.remove("plan.json")
    run.show(rows(0))
    assert not run.folder.has("recent.parquet")
    elsewhere = Store("memory://shown").run("addition", "id")
    elsewhere.begin({"id": "id", "task": "addition"})
    elsewhere.show(rows(0))
    assert not elsewhere.folder.has("recent.parquet")


def test_a_folder_tells_when_what_is_inside_has_changed(tmp_path):
    store = Store(str(tmp_path / "runs"))
    assert store.folder.stamps() == {}
    first, second = stored(store, *SMALL), stored(store, *SMALL, "seed=1")
    before = store.folder.stamps()
    assert list(before) == sorted([first.name, second.name])
    first.remember("0123456789ab", {"step": np.arange(2)})
    after = store.folder.stamps()
    assert after[first.name] > before[first.name]
    assert after[second.name] == before[second.name]
