"""Odd inputs of every kind, made by rule: each is answered in one sentence, and nothing of a stranger's is touched.

A few run in the suite. `GROKLAB_ODD_INPUTS=500 pytest tests/cli/test_odd_inputs.py` makes 500 of each kind.
"""

import contextlib
import io
import json
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stored import stored

from groklab.cli import main, run_command
from groklab.runner.job import Job
from groklab.store import Store

COUNT = int(os.environ.get("GROKLAB_ODD_INPUTS", "8"))
INTERRUPTED = 130  # of a command that would train
MANY = settings(max_examples=COUNT, deadline=None, derandomize=COUNT < 100, database=None,
                suppress_health_check=list(HealthCheck))  # fmt: skip

NAMES = ("p", "fraction", "learning_rate", "weight_decay", "steps", "batch_size", "growth", "stop_after", "seed",
         "init", "width", "depth", "hidden", "warmup_steps", "b1", "epsilon", "model", "optimizer", "operation",
         "snapshots", "precision.loss", "task.fraction", "growth:fraction", "nonsense", "")  # fmt: skip
EDGES = ("0", "-0", "1", "-1", "2", "0.5", "1.0", "inf", "-inf", "nan", "1e39", "1e-46", "1e400", "2147483647",
         "2147483648", "9" * 30, "0..3", "3..0", "0..²", "²", "١", "0..99999999999", "40%", "1,1", ",", ":", "0.3:1",
         "true", "full", "adam", "mlp", "None", "[]", "..", "1_000", "0x10", " 3", "[red]", "$x$")  # fmt: skip
TEXT = st.text(st.characters(exclude_characters="\0"), max_size=12)
WORD = st.builds("{}={}".format, st.sampled_from(NAMES) | TEXT, st.sampled_from(EDGES) | TEXT | st.floats().map(str))
CELL = st.text(max_size=4) | st.sampled_from(("", "?", "NaN", "1", "1.0", "-", "+", "é", "e\u0301", '"', "[/]", "$"))


def answered(*arguments):
    """Run a command as a user would; return its status and what it printed, and check the manner of its answer."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = main(arguments)
        except SystemExit as end:
            status = end.code
    said = [line for line in err.getvalue().splitlines() if not line.startswith("groklab: note: ")]
    assert status in (0, 1, 2, INTERRUPTED), arguments
    assert (len(said) == 0) == (status in (0, INTERRUPTED)), (arguments, said)
    if said and "begins the names of" not in said[0]:  # that one lists them
        assert len(said) == 1, (arguments, said)
        assert said[0].startswith("groklab: "), (arguments, said)
        assert len(said[0]) < 2_000, (arguments, said)
    return status, out.getvalue(), "\n".join(said)


@pytest.fixture(scope="module")
def untrained():
    """Commands that would train lay their runs out, and stop there."""

    def laid_out(plans, store, **_):
        for plan in plans[:1]:
            if plan.model.__class__.__name__ != "MLP" or plan.model.width < 1_000:
                Job(plan)
        raise KeyboardInterrupt

    before, run_command.carry_out = run_command.carry_out, laid_out
    yield
    run_command.carry_out = before


@given(words=st.lists(WORD, max_size=4))
@MANY
def test_settings(untrained, words):
    with tempfile.TemporaryDirectory() as folder:
        status, *_ = answered("run", "addition", "model=mlp", *words, "--store", folder, "--quiet")
        assert status in (1, 2, INTERRUPTED)
        assert os.listdir(folder) == []


@given(rows=st.lists(st.lists(CELL, min_size=1, max_size=5), max_size=5), separator=st.sampled_from(",;\t"),
       noise=st.binary(max_size=3), ending=st.sampled_from((".csv", ".tsv", ".txt")))  # fmt: skip
@MANY
def test_tables(rows, separator, noise, ending):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table{ending}"
        text = "\n".join(separator.join(row) for row in rows)
        path.write_bytes(text.encode("utf-8", "surrogatepass") + noise)
        answered("table", str(path))
        answered("rule", str(path))


@given(name=TEXT | st.sampled_from(("", "::", "mine::x", "s3:b", "://x", "data:,x", "file://", "nothing://", "\ud800")))
@MANY
def test_names_of_stores(name):
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("mine").mkdir()
        Path("mine/notes.txt").write_text("mine")
        for command in (["list", "runs"], ["show", "--last"]):
            if "\\" not in name and not name.startswith(("http", "ftp", "/", "~")):
                answered(*command, "--store", name)
        assert Path("mine/notes.txt").read_text() == "mine"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store with a finished and an unfinished run."""
    place = Store(str(tmp_path_factory.mktemp("store")))
    finished = stored(place)
    unfinished = place.run("addition", "0123456789ab")
    unfinished.begin(finished.plan() | {"id": unfinished.id})
    rows = {"run": np.array([unfinished.id]), "step": np.array([0]), "train_accuracy": np.array([0.1]),
            "train_loss": np.array([1.0]), "validation_accuracy": np.array([0.1]),
            "validation_loss": np.array([1.0])}  # fmt: skip
    unfinished.save(rows, {"predictions.end": np.zeros((9, 1), np.int32)}, 0, 0, {})
    unfinished.release()
    return Path(place.folder.local_path)


def files_of(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and path.name != "lock")


KEYS = st.sampled_from(("id", "plan", "step", "run", "seal", "task"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
)


@given(data=st.data())
@MANY
def test_damaged_files(store, data):
    with tempfile.TemporaryDirectory() as folder:
        place = Path(shutil.copytree(store, Path(folder) / "runs"))
        path = place / data.draw(st.sampled_from(files_of(store)))
        content = path.read_bytes()
        at, bit = data.draw(st.integers(0, len(content) - 1)), 1 << data.draw(st.integers(0, 7))
        flipped = content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :]
        others = st.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode())
        path.write_bytes(data.draw(st.sampled_from((flipped, content[:at], content[at:][1:])) | others))
        run = path.relative_to(place).parts[0]
        names = [each.name for each in place.iterdir() if each.is_dir()]
        status, out, _ = answered("list", "runs", "--store", str(place))
        assert status == 0
        assert all(name in out for name in names)
        told = [answered(command, run, "--store", str(place)) for command in ("show", "plot", "export", "rule")]
        assert any(status == 1 and path.name in err for status, _, err in told)
        other = next(name for name in names if name != run)
        assert answered("show", other, "--store", str(place))[0] == 0
