import os
import signal
import subprocess
import sys
import time

import pytest

from groklab.cli import catalogue, main
from groklab.store import Store

SMALL = ["model.width=8", "model.heads=2", "depth=1", "batch_size=8", "record.growth=1.5"]


def run(capsys, *arguments):
    status = main(arguments)
    seen = capsys.readouterr()
    return status, seen.out, seen.err


def test_run_list_show_and_plot(capsys, tmp_path):
    store = str(tmp_path / "runs")
    status, out, _ = run(
        capsys, "run", "addition", "p=5", *SMALL, "--steps", "12", "--seed", "0,1", "--store", store, "--quiet"
    )
    assert status == 0
    assert "memorized at" in out
    figures = [line.split(": ", 1)[1] for line in out.splitlines() if line.startswith("figure: ")]
    assert len(figures) == 1
    assert os.path.getsize(figures[0]) > 10_000
    names = [each.name for each in Store(store).runs()]
    status, out, _ = run(capsys, "list", "runs", "--store", store)
    assert status == 0
    assert out.count("seed") == 2
    status, out, _ = run(capsys, "show", names[0], "--store", store)
    assert status == 0
    assert "finished" in out
    assert "task.operation.p" in out
    status, out, _ = run(capsys, "plot", *names, "--store", store, "--out", str(tmp_path / "both.pdf"))
    assert status == 0
    assert (tmp_path / "both.pdf").stat().st_size > 5_000


def test_blanks_of_a_table_are_filled_in(capsys, tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("+,a,b,c\na,a,b,c\nb,b,c,?\nc,c,a,b\n")
    store = str(tmp_path / "runs")
    arguments = (str(table), "fraction=0.8", *SMALL[:3], "--steps", "3", "--store", store, "--quiet")
    status, *_ = run(capsys, "run", *arguments)
    assert status == 0
    status, out, _ = run(capsys, "show", "table", "--store", store)
    assert "The 1 blanks" in out or "The one blank" in out
    assert "b + c = " in out


def test_a_table_to_guess_from(capsys):
    status, out, _ = run(capsys, "table", "addition", "p=3", "fraction=0.6")
    assert status == 0
    assert out.count("?") == 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["division", "fraction=0"], "`fraction` must be above 0 and below 1, got 0."),
        (["division", "fraction=1"], "`fraction` must be above 0 and below 1, got 1."),
        (["division", "fraction=30"], "`fraction` must be above 0 and below 1, got 30. Did you mean 0.3?"),
        (["division", "fraction=-0.1"], "`fraction` must be above 0 and below 1, got -0.1."),
        (["division", "p=1"], "`p` must be at least 2"),
        (["division", "p=0"], "`p` must be at least 2"),
        (["division", "p=96"], "`p` must be prime for division, got 96"),
        (["divison"], "`divison` is not a known operation. Did you mean `division`?"),
        (["S7"], "`group` must have at most 1024 elements, got S7 with 5040 elements."),
        (["model.width=10"], "`width` must be divisible by `heads`"),
        (["addition", "p=5", "batch_size=999"], "`batch_size` must be at most the training set's size"),
        (["--steps", "0"], "`steps` must be at least 1, got 0."),
        (["--steps", "many"], "`steps` must be a whole number, got 'many'."),
        (["--seed", "-1"], "`init` must be at least 0"),
        (["fracton=0.4"], "`fracton` is not a setting. Did you mean `fraction`?"),
        (["nowhere.csv"], "nowhere.csv"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line(capsys, tmp_path, arguments, words):
    status, out, err = run(capsys, "run", *arguments, "--store", str(tmp_path / "runs"), "--quiet")
    assert status == 1
    assert out == ""
    assert err.count("\n") == 1
    assert words in err
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"+,a,b\na,a,b\nb,b\n", "line 3"),
        (b"\xef\xbb\xbf+,a,b\na,a,b\nb,b,a\n", "byte-order mark"),
        (b"+,a,b,c\na,a,b,?\nb,b,,a\nc,c,a,b\n", "`?`"),
        (b"+,a,b\n" + b"x" * 10_000_000, "MB"),
    ],
)
def test_a_bad_table_is_one_line(capsys, tmp_path, content, words):
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    status, _, err = run(capsys, "run", str(path), "--store", str(tmp_path / "runs"))
    assert status == 1
    assert err.count("\n") == 1
    assert words in err


def test_reading_what_is_not_there_is_one_line(capsys, tmp_path):
    store = str(tmp_path / "nowhere")
    for command in (["show", "x"], ["plot", "x"]):
        status, _, err = run(capsys, *command, "--store", store)
        assert (status, err.count("\n")) == (1, 1)
        assert "holds no runs" in err
    status, out, _ = run(capsys, "list", "runs", "--store", store)
    assert status == 0
    assert "No runs" in out


def test_list_knows_every_kind(capsys):
    from groklab import measures, models, tasks

    status, out, _ = run(capsys, "list")
    assert status == 0
    for name in [*tasks.OPERATIONS, *(kind.__name__ for kind in (*models.KINDS, *measures.KINDS))]:
        assert name in out
    assert {entry.name for entry in catalogue.kinds("models")} == {kind.__name__ for kind in models.KINDS}


def test_help_tells_every_setting(capsys):
    with pytest.raises(SystemExit):
        main(["run", "--help"])
    out = capsys.readouterr().out
    for name in ("weight_decay", "fraction", "heads", "growth", "batch_size", "noise_form", "init", "products"):
        assert f"{name}=" in out


@pytest.mark.slow
def test_ctrl_c_saves_and_the_same_command_goes_on(tmp_path):
    store = str(tmp_path / "runs")
    command = [sys.executable, "-m", "groklab", "run", "addition", "p=11", *SMALL, "--store", store, "--no-figure"]
    first = subprocess.Popen(
        [*command, "--steps", "100000000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 120
    while not any(each.status()["step"] > 0 for each in Store(store).runs()):
        assert time.monotonic() < deadline
        assert first.poll() is None
        time.sleep(0.2)
    first.send_signal(signal.SIGINT)
    out, err = first.communicate()
    assert first.returncode == 130
    assert err == ""
    assert "The same command goes on from here" in out
    (saved,) = Store(store).runs()
    assert 0 < saved.status()["step"] < 100_000_000
