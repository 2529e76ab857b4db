"""Runs that come from anywhere, with valid seals: what is odd in one is told, and hides no other."""

import contextlib
import json
import os
import shutil
import warnings

import numpy as np
import pytest
from stored import stored

from groklab.errors import GroklabError, RunDamaged
from groklab.page import live
from groklab.page.documents import Documents
from groklab.page.entry import entry_of
from groklab.page.exporting import export
from groklab.page.library import Library
from groklab.page.network import Network
from groklab.page.packing import as_json
from groklab.page.workshop import Workshop
from groklab.runner import weights_at
from groklab.store import Run, Store, from_json, to_json
from groklab.store.formats import to_parquet
from groklab.store.seals import BLANK, sealed

SMALL = ("p=5", "fraction=0.8", "model=mlp", "width=8")
SEAL = b'{"seal": "' + BLANK.encode() + b'", "run": "ID", "id": "ID", "step": 1, "task": "a", '
DEEP = b'"plan": ' + b'{"a":' * 60_000 + b"1" + b"}" * 60_001
ROWS = {"step": np.array(["a", "b"]), "train_accuracy": np.array([0.0, 1.0])}


def changed(file, change):
    """Return what changes a file of JSON in a folder."""

    def apply(folder):
        value = from_json((folder / file).read_bytes(), file)
        change(value)
        (folder / file).write_bytes(to_json(value))

    return apply


def put(file, content):
    """Return what puts a file with a valid seal into a folder."""

    def apply(folder):
        text = content.replace(b"ID", folder.name.rsplit("-", 1)[-1].encode())
        (folder / file).write_bytes(sealed(text))

    return apply


def replaced(file, make):
    def apply(folder):
        (folder / file).unlink()
        make(folder / file)

    return apply


DAMAGED = {
    "digits": put("status.json", SEAL + b'"seconds": ' + b"9" * 5000 + b"}"),
    "deep": put("plan.json", SEAL + DEEP),
    "bytes": put("status.json", SEAL + b'"x": "\xff"}'),
    "list": put("status.json", b'["' + BLANK.encode() + b'"]'),
    "half": put("status.json", SEAL + b'"seconds": "\\ud800"}'),
    "huge": put("status.json", SEAL + b'"seconds": ' + b"9" * 50 + b"}"),
    "kind": changed("plan.json", lambda about: about["plan"]["task"]["operation"].update(kind=["x"])),
    "parent": changed("plan.json", lambda about: about.update(parent="x")),
    "step": changed("plan.json", lambda about: about.update(parent={"run": "a-b", "step": "x"})),
    "task": changed("plan.json", lambda about: about["plan"].update(task="addition")),
    "level": changed("plan.json", lambda about: about["plan"]["record"].update(memorized_from="x")),
    "before": changed("plan.json", lambda about: about["plan"].update(before=[{"a": 1}])),
    "folder": replaced("plan.json", lambda path: path.mkdir()),
    "pipe": replaced("plan.json", os.mkfifo),
}  # fmt: skip
ODD = {
    "words": lambda folder: (folder / "metrics.parquet").write_bytes(to_parquet(ROWS)),
    "no-steps": lambda folder: (folder / "metrics.parquet").write_bytes(to_parquet({"train_loss": np.zeros(2)})),
    "no-rows": lambda folder: (folder / "metrics.parquet").write_bytes(to_parquet({"step": np.zeros(0, int)})),
    "no-table": put("metrics.parquet", b"PAR1" + BLANK.encode() + b"PAR1"),
    "no-arrays": put("state.safetensors", b"\xff" * 8 + BLANK.encode()),
    "p": changed("plan.json", lambda about: about["plan"]["task"]["operation"].update(p=-1)),
    "label": changed("plan.json", lambda about: about.update(hardware={"device": "\\ud800"})),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Return a store with one good run, and copies of it each with one thing odd."""
    place = tmp_path_factory.mktemp("hostile") / "runs"
    good = stored(Store(str(place)), *SMALL)
    for name, change in {**DAMAGED, **ODD}.items():
        folder = place / f"{name}-{good.id}"
        shutil.copytree(good.folder.local_path, folder)
        change(folder)
    os.rename(shutil.copytree(good.folder.local_path, place / "copy"), os.fsencode(place) + b"/\xff\xfe-0")
    return Store(str(place))


@pytest.fixture(scope="module")
def documents(store):
    return Documents(Library(store), Workshop())


def test_each_is_listed_with_a_sentence_and_the_good_one_is_whole(documents):
    found = json.loads(as_json(documents.get("runs")))["runs"]
    assert len(found) == len(DAMAGED) + len(ODD) + 2
    for line in found:
        is_damaged = line["name"].rpartition("-")[0] in DAMAGED or line["name"].startswith("\udcff")
        assert (line["state"] == "damaged") == is_damaged, line
        assert bool(line["trouble"]) == is_damaged
        assert "\n" not in line["trouble"]
    (good,) = (line for line in found if line["name"].startswith("addition-"))
    assert documents.get(f"runs/{good['key']}")["forks"] == []


def test_what_is_asked_of_each_is_answered_or_refused_in_a_sentence(documents):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a logarithm
        for entry in documents.library.entries():
            for what in ("", "/table", "/moments", "/commands", "/measures/loss"):
                is_answered = False
                with contextlib.suppress(GroklabError):
                    is_answered = bool(as_json(documents.get(f"runs/{entry.key}{what}")))
                assert not (is_answered and entry.state == "damaged")


def test_nobody_who_follows_them_is_cut_off(documents):
    library = documents.library
    events, _ = live._news(library, [live.Followed(entry.key, -1) for entry in library.entries()], [], 0)
    heard = [json.loads(event.partition(b"data: ")[2])["key"] for event in events if event.startswith(b"event: rows")]
    names = {library.entry(key).run.name.rpartition("-")[0] for key in heard}
    assert {"addition", "no-arrays"} <= names


def test_an_export_has_all_that_can_be_had_and_says_what_it_lacks(store, tmp_path):
    missed = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        export(store, str(tmp_path / "site"), missed=missed.__setitem__)
    names = {run.name for run in store.runs()}
    assert {name for name in names if name.rpartition("-")[0] in DAMAGED} <= set(missed)
    assert not any(name.startswith("addition-") for name in missed)


@pytest.mark.parametrize("changes", [{"width": 10**7, "hidden": 10**7}, {"depth": 10**7}, {"hidden": 1000}])
def test_a_network_that_is_not_the_saved_one_is_refused_before_it_is_built(tmp_path, changes):
    run = stored(Store(str(tmp_path)), *SMALL)
    change = changed("plan.json", lambda about: about["plan"]["model"].update(changes))
    change(tmp_path / run.name)
    for ask in (Network, weights_at):
        with pytest.raises(GroklabError, match=r"`memory` must hold|`depth` must be|does not fit its plan"):
            ask(run)
    told = Workshop().moments(entry_of(run, run.id, 0.0))
    assert told["steps"] == []
    assert told["trouble"]


def test_a_run_that_goes_while_it_is_looked_at_is_missing(tmp_path):
    run = Run(Store(str(tmp_path)).folder.folder("gone-1"))
    with pytest.raises(GroklabError, match="is not there"):
        run.written()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(RunDamaged):
        Store(str(tmp_path)).folder.read("pipe")
