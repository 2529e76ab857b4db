"""What other programs are told, and where the store is."""

import io
import json
import os
import subprocess
import sys

import numpy as np
from rich.console import Console
from stored import stored

from groklab.cli import as_json, main, run_command
from groklab.cli.progress import ProgressLine
from groklab.store import Store
from groklab.training import sweep_from
from groklab.training.sweep import Axis


def test_list_and_show_as_json(capsys, tmp_path):
    store = Store(str(tmp_path))
    run, broken = stored(store), stored(store, "seed=1")
    broken.folder.write("status.json", b"{")
    assert main(["list", "runs", "--json", "--store", str(tmp_path)]) == 0
    first, second = sorted(json.loads(capsys.readouterr().out), key=lambda each: "damaged" in each)
    assert (first["run"], first["generalized_at"], first["settings"]["task.operation.p"]) == (run.name, 1000, 3)
    assert "status.json` is damaged" in second["damaged"]
    assert main(["show", run.name, "--json", "--store", str(tmp_path)]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["memorized_at"], shown["blanks"]) == (10, {})


def test_every_section_is_told(capsys):
    assert main(["list", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"word": "addition", "computes": "x + y"} in found["tasks"]
    assert "Transformer" in [each["kind"] for each in found["models"]]
    assert "power2022/fig1-left" in [each["figure"] for paper in found["papers"] for each in paper["figures"]]


def test_numbers_that_are_none_are_null():
    assert json.loads(as_json.text_of({"a": [np.inf, 1.5], "b": float("nan")})) == {"a": [None, 1.5], "b": None}


def test_the_environment_names_the_store(tmp_path):
    run = stored(Store(str(tmp_path / "mine")))
    environment = os.environ | {"GROKLAB_STORE": str(tmp_path / "mine")}
    done = subprocess.run([sys.executable, "-m", "groklab", "list", "runs"], env=environment, capture_output=True,
                          text=True, check=True)  # fmt: skip
    assert run.name in done.stdout


def test_captions_of_a_sweep_tell_its_runs_apart(tmp_path):
    store = Store(str(tmp_path))
    runs = [stored(store, f"learning_rate={rate}", f"batch_size={size}") for rate in (0.001, 0.003) for size in (2, 4)]
    table = run_command._summary(runs, ProgressLine(Console(file=io.StringIO()), 4, is_silent=True))
    captions = [cell for cell in table.columns[0]._cells if "=" in cell]
    assert len(set(captions)) == 4


def test_a_blank_is_filled_with_an_answer_or_none(capsys, tmp_path):
    (tmp_path / "t.csv").write_text("+,a,b,c\na,a,b,c\nb,b,?,a\nc,c,a,?\n")
    run = stored(Store(str(tmp_path)), task=str(tmp_path / "t.csv"))
    arrays, _ = run.checkpoint()
    sign = run.table()[1]["words"].index("+")
    arrays["predictions.end"] = np.full_like(arrays["predictions.end"], sign)
    run.begin({"id": run.id})
    run.finish(run.metrics(), arrays, 1000, run.status())
    run.release()
    assert main(["show", run.name, "--store", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "b + b = no answer" in out
    assert "= +" not in out


def test_many_runs_are_found_by_one_look(tmp_path, monkeypatch):
    store, looks = Store(str(tmp_path)), []
    names = [stored(store, f"seed={seed}").name for seed in range(4)]
    before = Store.runs
    monkeypatch.setattr(Store, "runs", lambda self: looks.append(1) or before(self))
    assert [run.name for run in store.find_all(names)] == names
    assert len(looks) == 1


def test_a_store_that_is_forgotten_is_said(capsys):
    small = ["p=5", "model=mlp", "width=4", "hidden=4", "--steps", "2", "--no-figure"]
    assert main(["run", "addition", *small, "--store", "memory://forgotten"]) == 0
    assert "memory://forgotten is gone when this process ends" in capsys.readouterr().out


def test_no_environment_ends_a_drawing(tmp_path):
    run = stored(Store(str(tmp_path)))
    odd = {"MPLBACKEND": "nosuch", "MPLCONFIGDIR": "/proc/nowhere"}
    command = [sys.executable, "-m", "groklab", "plot", run.name, "--store", str(tmp_path)]
    done = subprocess.run(command, env=os.environ | odd, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_figure_of_many_settings_has_a_name_that_files_may_have(tmp_path, monkeypatch):
    grid = sweep_from("addition", ["p=3"])
    long = [Axis(f"{name}:" * 20, ("a",), ({},)) for name in ("learning_rate", "weight_decay")]
    grid = grid._replace(axes=tuple(long))
    monkeypatch.setattr(run_command, "draw_sweep", lambda data, target: target)
    monkeypatch.setattr(run_command, "dataset", lambda grid, runs: None)
    monkeypatch.setattr(run_command, "grouped", lambda runs: [[]] * 10)
    (place,) = run_command.figures(grid, [], Store(str(tmp_path)))
    assert len(os.path.basename(place).encode()) < 255
    assert grid.first.id in place
