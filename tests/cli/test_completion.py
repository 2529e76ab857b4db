import importlib
import os
import subprocess
import sys

import pytest
from stored import stored

from groklab import measures
from groklab.cli.commands import COMMANDS
from groklab.cli.completion import candidates
from groklab.cli.measure_command import measures_named
from groklab.cli.parser import Parser
from groklab.papers import PAPERS
from groklab.papers.catalogue import figures
from groklab.runner import ENGINES
from groklab.store import Store
from groklab.tasks import OPERATIONS
from groklab.training import Plan
from groklab.training.overrides import KIND_NAMES, settings_of
from groklab.training.presets import PRESETS


def after(line: str) -> list[str]:
    """Return what may come at the end of a line, as a shell would show it."""
    *words, prefix = line.split(" ")
    return [word for word in candidates(words, prefix) if word.startswith(prefix)]


def test_first_comes_a_command():
    assert after("") == list(COMMANDS)
    assert after("re") == ["reproduce"]
    assert after("nothing ") == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_options_with_their_choices(command):
    parser = Parser(command, "")
    importlib.import_module(f"groklab.cli.{command}_command").configure(parser)
    known = {name: each for each in parser._actions for name in each.option_strings if name != "-h"}
    assert set(after(f"{command} --")) == set(known)
    for name, each in known.items():
        assert candidates([command], name)[name]
        if each.choices:
            assert after(f"{command} {name} ") == list(each.choices)
    assert after(f"{command} --store runs --store") == []


def test_an_option_has_its_choices():
    assert after("run addition --engine ") == list(ENGINES)
    assert after("run --engine=r") == ["--engine=ray"]
    assert after("claims --format m") == ["markdown"]
    assert after("run --steps ") == []
    assert "papers" in after("list ")
    assert after("list papers ") == []


def test_a_task_or_a_setting_can_come_first():
    assert {*OPERATIONS, *PRESETS, "S5"} <= set(after("run "))
    assert after("run fr") == ["fraction="]
    assert after("quiz fr") == ["fraction="]
    assert "mainline" not in after("table ")


def test_every_setting_of_the_standard_plan_is_known():
    names = {name.rpartition(".")[2] for name, _ in settings_of(Plan())}
    assert {f"{name}=" for name in names} <= set(after("run addition "))
    assert after("run addition fraction=0.5 fr") == []
    assert after("run addition --steps 9 fr") == ["fraction="]


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("norm=p", ["norm=post", "norm=pre"]),
        ("model.norm=n", ["model.norm=none"]),
        ("record.gr", ["record.growth="]),
        ("tied=", ["tied=true", "tied=false"]),
        ("rule=", ["rule=adam", "rule=momentum", "rule=rmsprop", "rule=adagrad"]),
        ("optimizer=adam,a", ["optimizer=adam,adamw"]),
        ("batch_size=f", ["batch_size=full"]),
        ("model=", [f"model={kind}" for kind in KIND_NAMES["model"]]),
        ("operation=add", ["operation=addition"]),
        ("width=", []),
        ("widht=", []),
    ],
)
def test_a_setting_has_its_choices(line, values):
    assert after(f"run addition {line}") == values


def test_figures_come_once_their_paper_is_named():
    assert after("reproduce pow") == ["power2022", "power2022/"]
    assert after("reproduce nanda2023/") == [f"nanda2023/{each.name}" for each in figures("nanda2023")]
    assert {*PAPERS, "seed="} <= set(after("reproduce power2022 "))


def test_runs_are_those_of_the_store(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GROKLAB_STORE", raising=False)
    here, there = stored(Store("runs")).name, stored(Store("elsewhere"), "seed=1").name
    assert after("show ") == after("plot ") == after("measure ") == [here]
    assert after("show --last ") == after("export --last ") == after(f"show {here} ") == after(f"plot {here} ") == []
    assert after("show --store elsewhere ") == after("show --store=elsewhere ") == [there]
    monkeypatch.setenv("GROKLAB_STORE", "elsewhere")
    assert after("show ") == [there]
    assert after("show --store el") == ["elsewhere/"]
    assert after("show --store s3://bucket/runs ") == []


def test_measures_come_after_a_run_each_with_its_settings():
    assert after("measure --last prog") == ["progress"]
    assert after("measure some-run progress o") == ["of="]
    assert after("measure some-run progress of=") == ["of=sum", "of=difference"]
    assert after("measure some-run loss o") == []
    assert after("measure some-run weight") == ["weight-norm"]
    assert after("measure some-run curvature it") == ["iterations="]


def test_every_measure_that_is_offered_is_taken():
    words = after("measure some-run ")
    assert len(words) == len(measures.KINDS)
    assert len(measures_named(words)) == len(words)


def test_tables_of_ones_own_are_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("mine.csv", "mine.tsv", "mine.png"):
        (tmp_path / name).touch()
    (tmp_path / "mines").mkdir()
    assert after("run mine") == after("rule mine") == after("rule mine.csv m") == ["mines/", "mine.csv", "mine.tsv"]


def test_a_shell_is_answered_without_waiting_for_jax():
    line = "groklab run addition bias=f"
    inner = "import sys; from groklab.cli import completion; sys.modules['jax'] = None; completion.complete()"
    reading, writing = os.pipe()
    asked = {"_ARGCOMPLETE": "1", "_ARGCOMPLETE_SHELL": "fish", "COMP_LINE": line, "COMP_POINT": str(len(line))}
    subprocess.run(
        ["bash", "-c", f'"$@" 8>&{writing}', "-", sys.executable, "-c", inner],
        env={**os.environ, **asked},
        pass_fds=[writing],
        check=True,
    )
    os.close(writing)
    with os.fdopen(reading) as answer:
        assert answer.read().strip() == "bias=feed-forward"
