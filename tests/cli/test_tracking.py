import sys

import pytest
from faked import install

from groklab.cli import main
from groklab.cli.completion import candidates
from groklab.store import Store
from groklab.tracking import TRACKERS, USUAL

SMALL = ["addition", "p=5", "model=mlp", "model.width=8", "hidden=8", "batch_size=8", "record.growth=1.5"]


def trained(tmp_path, *arguments, command="run"):
    how = [] if command == "landscape" else ["--no-figure"]
    return main([command, *arguments, "--store", str(tmp_path), "--quiet", *how])


@pytest.mark.slow
def test_what_is_trained_and_its_forks_go_to_every_tracker_that_is_named(monkeypatch, tmp_path, capsys):
    first, second, third = (install(monkeypatch, name) for name in ("one", "two", "three"))
    given = ["--track", "one,two", "--track", "three", "--track-only", "weight_norm,train_loss"]
    assert trained(tmp_path, *SMALL, "--steps", "12", "--seed", "0,1", *given) == 0
    runs = Store(str(tmp_path)).runs()
    assert len(runs) == 2
    for fake in (first, second, third):
        for run in runs:
            assert fake.steps(run.name) == list(run.metrics()["step"])
            assert list(fake.rows[run.name][0][1]) == ["weight_norm", "train_loss"]
    assert trained(tmp_path, runs[0].name, "--at", "5", "weight_decay=0", *given, command="fork") == 0
    forks = [each["fork.at"] for each in first.settings.values() if "fork.at" in each]
    assert forks == [5]
    assert capsys.readouterr().err == ""


def test_a_tracker_that_fails_is_told_though_it_is_quiet(monkeypatch, tmp_path, capsys):
    def fails(doing):
        raise RuntimeError("a server\nis away")

    install(monkeypatch, fails=fails)
    assert trained(tmp_path, *SMALL, "--steps", "3", "--track", "fake") == 0
    assert capsys.readouterr().err.startswith("groklab: Fake failed and gets nothing more (a server is away). All numb")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["--track", "wandbb"], "`wandbb` is not a tracker. Did you mean `wandb`?"),
        (["--track", ","], "`--track` must name a tracker, got none. Try --track tensorboard."),
        (["--track", "wandb"], '`--track` wandb needs Weights & Biases, which is not installed: pip install "groklab['),
        (
            ["--track-only", "train_loss"],
            "`--track-only` needs a tracker, got none. Try --track tensorboard --track-on",
        ),
        (["--track", "fake", "--track-only", " "], "`--track-only` must name recorded numbers, got none. Try --track-"),
    ],
)
@pytest.mark.parametrize("command", ["run", "landscape", "reproduce"])
def test_what_cannot_be_had_is_refused_before_anything_is_trained(
    monkeypatch, tmp_path, capsys, given, sentence, command
):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.delitem(sys.modules, "wandb", raising=False)
    install(monkeypatch)
    what = {"run": [*SMALL, "--no-figure"], "landscape": ["teacher-student"], "reproduce": ["power2022"]}[command]
    assert main([command, *what, "--store", str(tmp_path), "--quiet", *given]) == 1
    assert capsys.readouterr().err.startswith(f"groklab: {sentence}")
    assert not list(tmp_path.iterdir())


def test_trackers_and_the_usual_numbers_are_completed():
    assert list(candidates(["run", "--track"], "")) == list(TRACKERS)
    assert list(candidates(["fork", "--track"], "wandb,")) == ["wandb,tensorboard", "wandb,mlflow", "wandb,trackio"]
    assert list(candidates(["run"], "--track=ml"))[2] == "--track=mlflow"
    assert list(candidates(["landscape", "--track-only"], "")) == list(USUAL)
