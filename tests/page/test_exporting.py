"""The page as files."""

import json
import os
import re
import shutil

import numpy as np
import pytest
from stored import stored

from groklab.errors import GroklabError, RunMissing, StoreError
from groklab.page import placing
from groklab.page.claims import PNG, claims, picture
from groklab.page.exporting import MARK, export, file_of
from groklab.store import Store

SMALL = ("p=5", "fraction=0.8", "model=mlp", "width=8")
HAND = re.compile(r"groklab\.hand\((\"[^\"]*\"), (.*)\);\n", re.DOTALL)


@pytest.fixture
def store(tmp_path):
    store = Store(str(tmp_path / "runs"))
    for seed in (0, 1):
        stored(store, *SMALL, f"seed={seed}", embedding=np.eye(7))
    return store


def documents(folder):
    found = dict(HAND.fullmatch(path.read_text()).groups() for path in (folder / "values").iterdir())
    return {json.loads(address): json.loads(text) for address, text in found.items()}


def test_every_document_is_a_script_that_hands_it_over(store, tmp_path):
    folder = tmp_path / "site"
    told = []
    place = export(store, str(folder), told=lambda done, of: told.append((done, of)))
    assert place == str(folder / "index.html")
    found = documents(folder)
    assert {"runs", "claims", *(f"runs/{run.id}" for run in store.runs())} <= set(found)
    assert [run["name"] for run in found["runs"]["runs"]] == [run.name for run in store.runs()]
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1]
    assert {path.name for path in (folder / "values").iterdir()} == {f"{file_of(address)}.js" for address in found}


def test_the_page_holds_its_scripts_and_loads_nothing_from_elsewhere(store, tmp_path):
    export(store, str(tmp_path / "site"))
    text = (tmp_path / "site" / "index.html").read_text()
    imports = json.loads(re.search(r'<script type="importmap">(.*?)</script>', text, re.DOTALL)[1])["imports"]
    wanted = {name for script in imports.values() for name in re.findall(r"from%20%22(groklab/[\w./-]+)%22", script)}
    assert wanted <= set(imports)
    assert len(wanted) > 20
    assert not re.search(r"from%20%22\.", "".join(imports.values()))
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", text)


def test_only_the_named_runs_are_written(store, tmp_path):
    first = store.runs()[0]
    export(store, str(tmp_path / "site"), [first.name])
    found = documents(tmp_path / "site")
    assert [run["name"] for run in found["runs"]["runs"]] == [first.name]


def test_an_earlier_export_is_replaced_and_nothing_else_is(store, tmp_path):
    folder = tmp_path / "site"
    export(store, str(folder))
    (folder / "values" / "old.js").write_text("")
    export(store, str(folder))
    assert not (folder / "values" / "old.js").exists()
    (folder / MARK).unlink()
    with pytest.raises(StoreError, match="must be empty or hold an earlier export"):
        export(store, str(folder))
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StoreError, match="must be a folder"):
        export(store, str(tmp_path / "file"))
    assert (tmp_path / "file").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "runs", "site"]


def test_what_others_keep_in_the_folder_stays_and_so_does_all_of_it_where_an_export_fails(store, tmp_path, monkeypatch):
    folder = tmp_path / "site"
    export(store, str(folder))
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("mine")
    (folder / "CNAME").write_text("mine")
    left = folder / ".groklab-page.999999999.0123abcd"  # of an export that was killed: no process has this number
    left.mkdir()
    (folder / "index.html").write_text("before")
    rename = os.rename

    def failing(source, goal):
        if str(goal) == str(folder / "index.html") and "old." not in str(source):
            raise OSError(28, "No space left on device")
        rename(source, goal)

    monkeypatch.setattr(placing.os, "rename", failing)
    with pytest.raises(StoreError, match="cannot be written: no space left on device"):
        export(store, str(folder))
    assert (folder / "index.html").read_text() == "before"
    assert len(documents(folder)) > 2
    monkeypatch.undo()
    export(store, str(folder))
    assert (folder / "index.html").read_text() != "before"
    assert {path.name for path in folder.iterdir()} == {*placing.OURS, ".git", "CNAME"}
    assert (folder / ".git" / "HEAD").read_text() == "mine"


@pytest.mark.parametrize(("place", "words"), [
    ("", "`--export` must name a folder, got an empty name"),
    (".", "must not hold the store"),
    ("runs", "must not hold the store"),
    ("runs/site", "must lie outside stores and runs"),
    ("other/RUN", "must lie outside stores and runs"),
    ("other/RUN/site", "must lie outside stores and runs"),
    ("strange", "must be empty or hold an earlier export, got `mine` in it"),
])  # fmt: skip
def test_a_store_a_run_and_strangers_are_no_place_for_an_export(store, tmp_path, monkeypatch, place, words):
    first = store.runs()[0].name
    shutil.copytree(tmp_path / "runs" / first, tmp_path / "other" / first)
    (tmp_path / "strange").mkdir()
    (tmp_path / "strange" / "mine").write_text("")
    (tmp_path / MARK).write_text("as if an export were here")
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(GroklabError, match=words):
        export(store, place.replace("RUN", first))
    assert sorted(tmp_path.rglob("*")) == before


def test_an_empty_folder_is_filled_where_it_is_and_an_empty_store_is_refused(store, tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    with pytest.raises(StoreError, match="holds no runs"):
        export(Store(str(tmp_path / "none")), ".")
    export(store, ".")
    assert {path.name for path in (tmp_path / "empty").iterdir()} == set(placing.OURS)


def test_no_figure_leads_out_of_the_store_and_what_is_none_is_passed_over(store, tmp_path):
    figures = tmp_path / "runs" / "figures"
    figures.mkdir()
    (tmp_path / "secret.png").write_bytes(PNG + b"secret")
    for name, place in (("link", tmp_path / "secret.png"), ("dead", "nowhere"), ("self", "a.self.laptop.png")):
        (figures / f"a.{name}.laptop.png").symlink_to(place)
    (figures / "a.folder.paper.png").mkdir()
    os.mkfifo(figures / "a.pipe.paper.png")
    (figures / "a.text.paper.png").write_text("root:x:0:0")
    (figures / "a.good.paper.png").write_bytes(PNG + b"good")
    export(store, str(tmp_path / "site"))
    assert [path.name for path in (tmp_path / "site" / "pictures").iterdir()] == ["a.good.paper.png"]
    assert documents(tmp_path / "site")["claims"]["pictures"] == ["a.good.paper.png"]
    for name in ("link", "dead", "self", "pipe", "text"):
        with pytest.raises(RunMissing):
            picture(store, f"a.{name}.laptop.png" if name in ("link", "dead", "self") else f"a.{name}.paper.png")
    shutil.rmtree(figures)
    figures.write_text("a file")
    assert claims(store)["papers"]
    export(store, str(tmp_path / "site"))


def test_a_place_that_cannot_be_written_is_refused_in_a_sentence(store, tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StoreError, match=r"cannot be written: not a directory\. Choose another place\."):
        export(store, str(tmp_path / "file" / "site"))


def test_a_damaged_run_is_left_out_and_the_others_are_there(store, tmp_path):
    first, second = store.runs()
    (tmp_path / "runs" / first.name / "plan.json").write_text("{}")
    missed = {}
    export(store, str(tmp_path / "site"), missed=missed.__setitem__)
    assert "is damaged" in missed[first.name]
    found = documents(tmp_path / "site")
    states = {run["name"]: run["state"] for run in found["runs"]["runs"]}
    assert states == {first.name: "damaged", second.name: "finished"}
    assert f"runs/{first.id}" not in found
    assert f"runs/{second.id}" in found


def test_names_of_files_have_no_sign_that_a_file_system_minds():
    assert file_of("runs/0f/moments/12") == "runs~2f0f~2fmoments~2f12"
    assert re.fullmatch(r"[\w~-]+", file_of('../é<>:"|?*'))
