"""A changed bit, a file cut short, a file of another run: told in one sentence, never used."""

import json
import random
import shutil
from pathlib import Path

import numpy as np
import pytest
from stored import stored

from groklab.errors import RunDamaged
from groklab.store import Run, Store, to_json
from groklab.store.formats import from_json, from_parquet, to_parquet
from groklab.store.seals import BLANK, is_intact, sealed

FILES = ("plan.json", "status.json", "metrics.parquet", "state.safetensors", "table.safetensors")
ABOUT = b'{"id": 1, "plan": {}}'


@pytest.fixture
def finished(tmp_path):
    run = stored(Store(str(tmp_path)))
    run.keep(10, {"weights.a": np.arange(4, dtype=np.float32)})
    run.remember("0123456789ab", {"step": np.arange(2)})
    return run


@pytest.fixture
def unfinished(tmp_path):
    run = Store(str(tmp_path)).run("addition", "abc")
    run.begin({"id": "abc", "task": "addition", "plan": {}})
    rows = {"run": np.array(["abc"]), "step": np.array([0]), "train_accuracy": np.array([0.1])}
    run.save(rows, {"weights.a": np.arange(4.0)}, 0, 0, {})
    run.release()
    return run


def everything(run):
    """Read each of a run's files."""
    parts = run.folder.folder("metrics").names()
    return (run.plan(), run.status(), run.checkpoint(), run.table(), run.metrics(), run.resume() if parts else None,
            [run.snapshot(step) for step in run.snapshots()], run.recall("0123456789ab"))  # fmt: skip


def files_of(run):
    return [path for path in Path(run.folder.local_path).rglob("*") if path.is_file() and path.name != "lock"]


@pytest.mark.parametrize("kind", ["finished", "unfinished"])
def test_a_flipped_bit_is_told_wherever_it_is(request, kind):
    run, chance = request.getfixturevalue(kind), random.Random(0)
    everything(run)
    for path in files_of(run):
        content = path.read_bytes()
        for _ in range(20):
            at, bit = chance.randrange(len(content)), 1 << chance.randrange(8)
            path.write_bytes(content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :])
            with pytest.raises(RunDamaged) as caught:
                everything(run)
            assert path.name in str(caught.value)
            assert "\n" not in str(caught.value)
        path.write_bytes(content)
    everything(run)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"3", b"{}", b'{"step": "x"}', ABOUT, b"\x00" * 100])
def test_a_file_that_groklab_did_not_write_is_told(finished, name, content):
    (Path(finished.folder.local_path) / name).write_bytes(content)
    with pytest.raises(RunDamaged, match=name):
        everything(finished)


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_another_run_is_told(finished, name):
    other = stored(Store(str(Path(finished.folder.local_path).parent)), "seed=1")
    shutil.copy(f"{other.folder.local_path}/{name}", finished.folder.local_path)
    with pytest.raises(RunDamaged, match=rf"{name}` is damaged: it is that of another run, {other.id}\."):
        everything(finished)


def test_a_run_without_its_plan_is_still_listed(finished):
    finished.folder.remove("plan.json")
    assert Store(str(Path(finished.folder.local_path).parent)).runs() == [finished]


def test_what_can_be_written_again_is_told_apart(finished):
    for name, cure in (("plan.json", "writes it again"), ("state.safetensors", "with --again")):
        finished.folder.write(name, b"x")
        with pytest.raises(RunDamaged, match=cure):
            Run(finished.folder).plan(), finished.checkpoint()
        finished.folder.write(name, to_json({"id": finished.id, "plan": {}}))


def test_a_file_of_another_form_is_not_called_damaged():
    content = to_json({"step": 1}).replace(b"groklab:1:", b"groklab:2:")
    with pytest.raises(RunDamaged, match="was written by another version of groklab"):
        from_json(content, "status.json")


def test_other_tools_read_sealed_files(finished):
    assert json.loads(finished.folder.read("status.json"))["is_finished"] is True
    about = {"x": np.arange(3, dtype=np.float32), "word": np.array(["a", "b", "c"])}
    back = from_parquet(to_parquet(about), "x")
    assert back["x"].dtype == np.float32
    assert list(back["word"]) == ["a", "b", "c"]


def test_words_that_look_like_a_seal_do_not_disturb_one():
    content = sealed(json.dumps({"seal": BLANK, "word": f"groklab:1:{'a' * 64}", "more": BLANK}).encode())
    assert is_intact(content)
    assert not is_intact(content.replace(b"more", b"less"))
