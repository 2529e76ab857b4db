"""What groklab did not make is never removed, moved or written over, whatever a store is called."""

import os
from pathlib import Path

import numpy as np
import pytest
from stored import stored

from groklab.errors import StoreError
from groklab.store import Folder, Run, Store

STRANGE = (
    "notes.txt",
    "plan.json",
    "part-00000-c000.snappy.parquet",
    "sub/deep.txt",
    ".hidden",
    ".env.0123456",
    "x.npy",
)


@pytest.fixture
def mine(tmp_path):
    """A folder of the user's own."""
    folder = tmp_path / "mine"
    for name in STRANGE:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"of the user's: {name}")
    return folder


@pytest.fixture(autouse=True)
def untouched(mine):
    yield
    for name in STRANGE:
        assert (mine / name).read_text() == f"of the user's: {name}"


@pytest.mark.parametrize("url", ["{}::2024", "{}/sub::x", "file::{}", "simplecache::file://{}", "zip://a::{}"])
def test_chains_of_file_systems_are_refused(mine, url):
    with pytest.raises(StoreError, match=r"`store` must not have `::` in its name"):
        Store(url.format(mine))


@pytest.mark.parametrize("url", ["", " ", "\t", "a\0b"])
def test_an_empty_name_is_refused(url):
    with pytest.raises(StoreError, match="must name a folder or a URL"):
        Store(url)


@pytest.mark.parametrize("name", ["", ".", "..", "../mine", "/etc", "a/../../b", "a\0"])
def test_a_name_that_leaves_its_folder_is_refused(tmp_path, name):
    folder = Folder(str(tmp_path))
    for use in (folder.folder, folder.has, folder.read, folder.remove, lambda name: folder.write(name, b"")):
        with pytest.raises(StoreError, match="must be a plain name inside"):
            use(name)


@pytest.mark.parametrize("again", [False, True])
def test_a_strangers_folder_is_no_run(mine, again):
    run = Run(Folder(str(mine)))
    with pytest.raises(StoreError, match="must be empty or a run of groklab's"):
        run.begin({"id": run.id, "plan": {}}, again=again)


def test_a_strangers_plan_alone_is_no_run(tmp_path):
    (tmp_path / "a-1").mkdir()
    (tmp_path / "a-1" / "plan.json").write_text('{"trip": "Rome"}')
    with pytest.raises(StoreError, match=r"another's `plan\.json`"):
        Store(str(tmp_path)).run("a", "1").begin({"id": "1", "plan": {}})
    assert (tmp_path / "a-1" / "plan.json").read_text() == '{"trip": "Rome"}'


@pytest.mark.parametrize("again", [False, True])
def test_a_run_keeps_what_strangers_put_into_it(tmp_path, again):
    run = stored(Store(str(tmp_path)))
    folder = Path(run.folder.local_path)
    kept = ("notes.txt", "metrics/notes.txt", "snapshots/mine.safetensors", ".state.old", "measured-mine.parquet")
    for name in kept:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("mine")
    run.begin({"id": run.id, "plan": {}}, again=again)
    run.resume()
    run.finish({"step": np.array([0])}, {}, 0, {})
    run.release()
    assert [(folder / name).read_text() for name in kept] == ["mine"] * len(kept)


@pytest.mark.parametrize("inside", ["", "metrics", "snapshots"])
def test_links_out_of_the_store_are_not_followed(mine, tmp_path, inside):
    run = Store(str(tmp_path / "runs")).run("a", "1")
    place = Path(run.folder.local_path) / inside
    place.parent.mkdir(parents=True)
    os.symlink(mine, place, target_is_directory=True)
    with pytest.raises(StoreError, match="is a link"):
        run.begin({"id": "1", "plan": {}}, again=True)


def test_a_linked_file_is_replaced_and_its_target_stays(mine, tmp_path):
    run = Store(str(tmp_path / "runs")).run("a", "1")
    run.begin({"id": "1", "plan": {}})
    os.symlink(mine / "x.npy", Path(run.folder.local_path) / "status.json")
    run.finish({"step": np.array([0])}, {}, 0, {})
    run.release()
    assert run.is_finished()


def test_a_run_removed_while_it_is_trained_leaves_no_orphans(tmp_path):
    run = Store(str(tmp_path / "runs")).run("a", "1")
    run.begin({"id": "1", "plan": {}})
    run.folder.remove("plan.json")
    for write in (lambda: run.save({}, {}, 0, 0, {}), lambda: run.finish({}, {}, 0, {}), lambda: run.keep(0, {})):
        with pytest.raises(StoreError, match="was removed or changed while it was trained"):
            write()


@pytest.mark.parametrize(
    ("url", "words"),
    [("s3:bucket/runs", "Did you mean s3://bucket/runs"), ("://x", "Did you mean s3"), ("data:text/plain,hi", "data:"),
     ("dbfs://x", "dbfs"), ("reference://x", "reference"), ("generic://x", "generic"), ("jupyter://x", "jupyter"),
     ("S3:/bucket", "Did you mean S3://bucket"), ("nothing://x", "nothing")],
)  # fmt: skip
def test_odd_urls_are_answered_in_one_sentence(url, words):
    with pytest.raises((StoreError, ImportError)) as caught:
        Store(url).runs()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_store_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StoreError, match="must be a folder, got a file"):
        Store(str(tmp_path / "file")).runs()


@pytest.mark.parametrize("error", [NotImplementedError("no"), TypeError("odd"), KeyError("odd")])
def test_whatever_a_remote_store_raises_is_one_sentence(monkeypatch, error):
    def refuse(*_, **__):
        raise error

    folder = Folder("memory://strangers")
    monkeypatch.setattr(folder._files, "pipe_file", refuse, raising=False)
    with pytest.raises(StoreError, match=r"cannot be used: .*What was recorded before is kept"):
        folder.write("plan.json", b"")
