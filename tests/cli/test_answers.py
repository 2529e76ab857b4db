"""Whatever comes is answered in one sentence, and a user's words stand as they are."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from stored import stored

from groklab.cli import main
from groklab.machine import trouble
from groklab.plots import draw
from groklab.plots.literal import literal, symbol
from groklab.settings import LARGEST
from groklab.store import Store, to_json

RUN = ("run", "addition", "p=5", "model=mlp")
WORDS = ("[red]", "[/]", "[/red]", ":smile:", r"$\frac$", "$x", "a$b$", "😀", "中", "{x}", "\\", "%s", "<b>", "&amp;")


def answer(capsys, *arguments):
    status = main(arguments)
    seen = capsys.readouterr()
    return status, seen.out, seen.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("growth=inf", "`growth` must be a finite number"),
        ("growth=nan", "`growth` must be a finite number"),
        ("learning_rate=inf", "`learning_rate` must be a finite number"),
        ("learning_rate=1e400", "`learning_rate` must be a finite number"),
        ("learning_rate=1e39", "`learning_rate` must be 0 or of a size between"),
        ("learning_rate=1e-40", "`learning_rate` must be 0 or of a size between"),
        ("weight_decay=inf", "`weight_decay` must be a finite number"),
        ("weight_decay=-inf", "`weight_decay` must be a finite number"),
        ("warmup_steps=3000000000", "`warmup_steps` must be at most 2,147,483,647"),
        ("steps=3000000000", "`steps` must be at most 2,147,483,647"),
        ("steps=" + "9" * 40, "`steps` must be at most 2,147,483,647"),
        ("batch_size=1e300", "`batch_size` must be at most 2,147,483,647"),
        ("growth=1.000000001 steps=1000000000", "at most 200,000 recordings"),
        ("seed=0..²", "`seed` must be a whole number, got '0..²'"),
        ("seed=²..³", "`seed` must be a whole number"),
        ("seed=0..1000000000", "`sweep` must have at most 100,000 runs, got 1,000,000,001"),
        ("seed=0..999 p=5..200", "`sweep` must have at most 100,000 runs"),
        ("seed=1 seed=2", "`seed` is given twice"),
        ("--seed 1 --seed 2", "`--seed` is given twice"),
        ("--steps 1 --steps=2", "`--steps` is given twice"),
        ("--seed 1 seed=2", "`seed` is given twice"),
        ("--steps 1 steps=2", "`steps` is given twice"),
        ("task.operation.p=11", "`task.operation.p` is given twice, as p and"),
        ("fraction=0.6 task.fraction=0.7", "`task.fraction` is given twice, as fraction and"),
        ("seeds.init=1 init=2", "`init` is given twice, as seeds.init and"),
        ("growth:growth=1.3:1.4", "`growth` is given twice"),
        ("growth=1.5 growth:fraction=1.3:0.4,1.4:0.5", "`growth` is given twice"),
        ("fraction=0.4,40%", "must not have the same point twice, got 0.4 and 40%"),
        ("fraction:p=40%:5,0.4:5", "must not have the same point twice"),
        ("S5", "`task` must be one, got addition and S5"),
        ("--store=", "must name a folder or a URL, got an empty name"),
        ("--store=mine::2024", "must not have `::` in its name"),
        ("--store=s3:bucket", "Did you mean s3://bucket"),
    ],
)
def test_odd_settings_are_refused_in_one_sentence(capsys, monkeypatch, tmp_path, words, sentence):
    monkeypatch.chdir(tmp_path)
    try:
        status, _, err = answer(capsys, *RUN, *words.split())
    except SystemExit as end:
        status, err = end.code, capsys.readouterr().err
    assert status in (1, 2)
    assert sentence in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("argument", ["a\nb", "a\u2028b", "x" * 100_000, "p=\r7", "\x1e=0", "a\x00", "\ud800"])
def test_what_no_sentence_can_quote_is_refused(capsys, argument):
    status, _, err = answer(capsys, "run", argument)
    assert status == 1
    assert err.startswith("groklab: An argument must")
    assert err.count("\n") == 1
    assert len(err) < 200


def test_percentages_are_an_axis_of_numbers(capsys):
    from groklab.training import sweep_from

    (axis,) = sweep_from("addition", ["fraction=40%,50%"]).axes
    assert axis.coordinates == {"fraction": [0.4, 0.5]}


@pytest.mark.parametrize("value", [np.float32(1e-3), np.float64(1e-3), 1e-3])
def test_numbers_of_numpy_are_numbers(value):
    from groklab.optimizers import adamw
    from groklab.training import Plan

    assert Plan(optimizer=adamw(learning_rate=value)).id == Plan(optimizer=adamw(learning_rate=0.001)).id
    assert Plan(optimizer=adamw(weight_decay=np.int64(1))).id == Plan(optimizer=adamw(weight_decay=1)).id
    assert Plan(optimizer=adamw(weight_decay=-0.0)).id == Plan(optimizer=adamw(weight_decay=0)).id
    assert Plan(steps=np.int32(7)).id == Plan(steps=7).id
    assert Plan(optimizer=adamw(learning_rate=LARGEST)).optimizer.learning_rate == LARGEST


@pytest.fixture
def marked(tmp_path):
    """A store whose name and whose run's symbols look like markup."""
    lines = [",".join(["", *WORDS[:3]]), *(",".join([word, *WORDS[:3]]) for word in WORDS)]
    (tmp_path / "table.csv").write_text("\n".join(lines), encoding="utf-8")
    folder = tmp_path / "x[b]y[" / "b]" / "$m$"
    run = stored(Store(str(folder)), task=str(tmp_path / "table.csv"))
    return folder, run


def test_a_users_words_are_text_in_every_command(capsys, marked, monkeypatch):
    folder, run = marked
    monkeypatch.setenv("FORCE_COLOR", "1")
    for command in (["list", "runs"], ["show", "--last"], ["plot", run.name]):
        status, out, err = answer(capsys, *command, "--store", str(folder))
        assert (status, err) == (0, "")
        assert str(folder) in re.sub(r"\x1b\[[0-9;]*m|\s", "", out)  # however it is colored and folded


@pytest.mark.parametrize(("first", "last"), [*zip(WORDS[::2], WORDS[1::2], strict=True)])
def test_a_figure_shows_any_word_without_a_warning(tmp_path, first, last):
    (tmp_path / "t.csv").write_text(f",{first},{last}\n{first},1,2\n{last},2,{first}\n", encoding="utf-8")
    run = stored(Store(str(tmp_path)), task=str(tmp_path / "t.csv"))
    assert Path(draw([run])).stat().st_size > 5_000  # warnings are errors here


def test_words_in_figures():
    assert symbol("abc", "1st") == "abc"
    assert symbol("中", "1st") == "1st"
    assert symbol("x" * 5_000, "last") == "x" * 23 + "…"
    assert symbol("$x$", "1st") == literal("$x$") == r"\$x\$"
    assert literal("a中b") == "a□b"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RuntimeError("RESOURCE_EXHAUSTED: Out of memory allocating 3000000000 bytes."), "got 3 GB asked for at once"),
        (RuntimeError("RESOURCE_EXHAUSTED: failed to allocate 2.5TiB"), "got 2,500 GB asked for at once"),
        (MemoryError(), "got none left"),
        (RuntimeError("Unable to initialize backend 'cuda': no"), "`JAX_PLATFORMS` must name devices"),
    ],
)
def test_what_a_machine_lacks_is_told_in_one_sentence(error, words):
    assert words in (trouble(error) or "")
    assert "\n" not in (trouble(error) or "")
    assert trouble(ValueError("other")) is None


def groklab(*arguments, **environment):
    command = [sys.executable, "-m", "groklab", *arguments]
    return subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=False
    )


@pytest.mark.parametrize(
    "environment",
    [{"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0"},
     {"PYTHONIOENCODING": "latin-1"}],
)  # fmt: skip
def test_signs_that_a_terminal_lacks_are_replaced(environment):
    out, err = groklab("list", "papers", **environment).communicate()
    assert b"Nanda" in out
    assert err == b""


def test_output_that_cannot_be_written_is_one_sentence():
    for target, words in (("/dev/full", "no space is left"), (None, "")):
        command = f"{sys.executable} -m groklab list tasks {'>' + target if target else '>&-'}"
        done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
        assert words in done.stderr
        assert done.stderr.count("\n") == (1 if target else 0)


def test_a_reader_that_leaves_is_no_error():
    command = f"{sys.executable} -m groklab list settings | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.3, 2.5, 6.0])
def test_ctrl_c_is_answered_within_two_seconds(tmp_path, seconds):
    """At the start, while JAX is imported, and while a deep network is compiled."""
    process = groklab("run", "division", "depth=6", "--store", str(tmp_path), "--no-figure")
    time.sleep(seconds)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert time.monotonic() - began < 4  # two, and what a busy machine adds
    assert process.returncode == 130
    assert err == b""


def test_a_broken_run_hides_no_other(capsys, tmp_path):
    store = Store(str(tmp_path))
    runs = [stored(store, f"seed={seed}") for seed in range(4)]
    runs[0].folder.write("plan.json", b"[]")
    runs[1].folder.write("status.json", b'{"step": "x"}')
    runs[2].folder.remove("plan.json")
    status, out, _ = answer(capsys, "list", "runs", "--store", str(tmp_path))
    assert status == 0
    assert [run.name for run in runs if run.name not in out] == []
    assert "1,000" in out
    for run in runs[:3]:
        for command in ("show", "export", "plot"):
            if (command, run) != ("plot", runs[1]):  # which draws what was recorded, whatever the status says
                status, _, err = answer(capsys, command, run.name, "--store", str(tmp_path))
                assert status == 1
                assert run.name in err
                assert err.count("\n") == 1


def test_a_plan_of_another_version_is_told_as_such(capsys, tmp_path):
    run = stored(Store(str(tmp_path)))
    about = run.plan()
    for plan in ({"kind": "Nothing"}, about["plan"] | {"colour": "red"}, about["plan"] | {"steps": "many"}):
        run.folder.write("plan.json", to_json(about | {"plan": plan}))
        status, _, err = answer(capsys, "export", run.name, "--store", str(tmp_path))
        assert status == 1
        assert f"{run.name}/plan.json` was written by another version of groklab" in err
        assert err.count("\n") == 1


def test_a_run_too_large_for_the_machine_leaves_the_others(capsys, tmp_path):
    sizes = ["width=1000000000", "width=4"]
    stores = ["--store", str(tmp_path), "--no-figure", "--quiet", "--steps", "2"]
    for size in reversed(sizes):
        status, _, err = answer(capsys, *RUN, size, *stores)
        assert (status == 1) == (size == sizes[0])
    assert "`memory` must hold what is trained, got " in err
    assert err.count("\n") == 1
    status, _, err = answer(capsys, *RUN, "width=1000000000,4", *stores)
    assert status == 1
    assert "Other runs, and what was saved before, are kept" in err
    (finished,) = (run for run in Store(str(tmp_path)).runs() if run.is_finished())
    assert finished.plan()["plan"]["model"]["width"] == 4
