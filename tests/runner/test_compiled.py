"""Compiled programs are kept between processes, and no number depends on whether one was."""

import os
import subprocess
import sys
from pathlib import Path

import jax
import pytest

from groklab.runner import compiled
from groklab.store import Store

RUN = ("run", "addition", "p=7", "model=mlp", "width=8", "hidden=8", "--steps", "30", "--no-figure", "--quiet")


@pytest.fixture
def config(monkeypatch):
    """What is changed of JAX's configuration."""
    changed = {}
    monkeypatch.setattr(jax.config, "update", lambda name, value: changed.update({name: value}), raising=False)
    return changed


def test_what_the_user_says_holds(config, monkeypatch, tmp_path):
    monkeypatch.setenv("GROKLAB_CACHE", str(tmp_path))
    assert compiled.place().parent == tmp_path / "programs"
    assert compiled.keep_programs() is None  # the tests keep their own
    assert config == {}
    for word in ("off", "OFF", "0", "none"):
        monkeypatch.setenv("GROKLAB_CACHE", word)
        assert compiled.place() is None
    monkeypatch.delenv("GROKLAB_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert compiled.place().parent == tmp_path / "xdg" / "groklab" / "programs"


def test_processors_of_other_kinds_do_not_share_programs(tmp_path):
    kinds = ("flags : sse avx\nflags : sse avx\n", "flags : sse\n", "flags : sse avx\nMHz : 3\n", "")
    found = []
    for number, text in enumerate(kinds):
        (tmp_path / str(number)).write_text(text)
        found.append(compiled.processor(str(tmp_path / str(number))))
    assert found[0] == found[2]  # another number of cores and another speed is no other kind
    assert len(set(found)) == 3
    assert compiled.processor(str(tmp_path / "none")) == found[3]


def test_a_place_that_cannot_be_written_is_no_error(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GROKLAB_CACHE", str(tmp_path / "file"))
    assert not compiled._is_writable(compiled.place())


@pytest.mark.slow
def test_bits_do_not_depend_on_where_a_program_came_from(tmp_path):
    files = []
    for store in ("made", "found"):
        unset = {name: value for name, value in os.environ.items() if not name.startswith("JAX_")}
        command = [sys.executable, "-m", "groklab", *RUN, "--store", str(tmp_path / store)]
        done = subprocess.run(
            command, env=unset | {"GROKLAB_CACHE": str(tmp_path / "cache")}, capture_output=True, check=True
        )
        assert done.stderr == b""
        (run,) = Store(str(tmp_path / store)).runs()
        files.append([run.folder.read(name) for name in ("metrics.parquet", "state.safetensors")])
    assert files[0] == files[1]
    assert len(list(Path(tmp_path / "cache").rglob("*-cache"))) > 3
