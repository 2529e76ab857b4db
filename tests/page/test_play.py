"""Runs that the page begins."""

import json
import os
import signal
import subprocess
import threading
import time

import pytest
from page.served import asked, heard, served, value

from groklab.errors import InvalidSetting
from groklab.page import minded
from groklab.page import play as module
from groklab.page.play import ALWAYS, GROKLAB, Play, offered, words_of
from groklab.store import Store

SMALL = {"operation": "addition", "model": "mlp", "p": "5", "fraction": "0.8", "steps": "200", "seed": "1"}


def test_what_is_chosen_becomes_the_words_of_the_command_and_nothing_else():
    assert words_of(SMALL) == ["addition", "model=mlp", "p=5", "fraction=0.8", "steps=200", "seed=1", *ALWAYS]
    assert words_of({"operation": "S4", "p": "23"}) == ["S4", "model=mlp", *ALWAYS]  # a group has no modulus


@pytest.mark.parametrize(("changes", "words"), [
    ({"store": "/tmp"}, "`store` is not a setting of the page"),
    ({"operation": "--again"}, "`operation` must be the word of a table"),
    ({"operation": "../secret.csv"}, "`operation` must be the word of a table"),
    ({"operation": "/etc/passwd"}, "`operation` must be the word of a table"),
    ({"model": "lstm"}, "`model` must be mlp or transformer"),
    ({"p": "5 --again"}, "`p`, the modulus, must be a number of at most 128"),
    ({"p": "997"}, "`p`, the modulus, must be a number of at most 128"),
    ({"steps": "1e9"}, "`steps`, the steps at most, must be a number of at most 100000"),
    ({"seed": "nan"}, "`seed`, the seed, must be a number"),
    ({"seed": ["1", "2"]}, "`seed`, the seed, must be a number"),
    ({"fraction": "0"}, "`fraction` must be above 0"),
    ({"fraction": "0.001"}, "`fraction` must leave examples"),
    ({"operation": "nonsense"}, "`nonsense` is not a"),
    ({"operation": "S6", "fraction": ""}, "table of at most 128 rows here, got 720"),
    ({"operation": "digits8", "fraction": ""}, "`operation` must be the word of a table, got digits8"),
    ({"operation": "division", "p": "6"}, "`p` must be prime"),
])  # fmt: skip
def test_anything_else_is_refused_before_a_process_begins(monkeypatch, tmp_path, changes, words):
    monkeypatch.setattr(module.subprocess, "Popen", None)
    with pytest.raises(InvalidSetting) as refusal:
        Play(str(tmp_path)).begin({**SMALL, **changes})
    assert words in str(refusal.value)


@pytest.mark.parametrize("model", offered()["models"])
@pytest.mark.parametrize("operation", offered()["operations"])
def test_what_the_page_offers_is_accepted_as_its_form_begins(operation, model):
    usual = {number["name"]: number["usual"] for number in offered()["numbers"]}
    task, _ = module._checked(words_of({"operation": operation, "model": model, **usual}))
    assert task


def test_bounds_that_the_page_offers_are_accepted():
    for number in offered()["numbers"]:
        assert words_of({number["name"]: f"{number['most']:.0f}"})
        with pytest.raises(InvalidSetting, match=number["what"]):
            words_of({number["name"]: f"{number['most'] + 1:.0f}"})


def test_a_page_that_is_for_looking_only_trains_nothing(tmp_path):
    with pytest.raises(InvalidSetting, match="Start the page without --look-only"):
        Play(str(tmp_path), is_allowed=False).begin(SMALL)


@pytest.mark.slow
def test_a_run_is_trained_followed_and_stopped_and_what_it_learnt_is_kept(tmp_path):
    store = Store(str(tmp_path / "runs"))

    def sent(path, body):
        return asked(address, path, method="POST", body=json.dumps(body), Content_Type="application/json")

    with served(store) as address:
        status, _, text = sent("play", {**SMALL, "steps": "100000", "weight_decay": "0"})
        assert status == 200, text
        begun = json.loads(text)
        again = json.loads(sent("play", {**SMALL, "steps": "100000", "weight_decay": "0"})[2])
        assert again == begun  # it is trained already
        found = heard(
            address, f"{begun['key']}:-1", until=lambda name, it: name == "rows" and it["last"] > 0, seconds=60
        )
        assert ("play", {"running": [begun["name"]], "said": {}}) in found
        assert sent("play/stop", {"name": begun["name"]})[0] == 200
        heard(address, "", until=lambda name, said: name == "play" and not said["running"], seconds=60)
        (line,) = value(address, "runs")["runs"]
    assert line["name"] == begun["name"]
    run = store.find(begun["name"])
    assert 0 < run.status()["step"] < 100_000
    assert run.metrics()["step"][-1] == run.status()["step"]
    assert "groklab run addition model=mlp p=5" in begun["command"]


def test_no_file_of_the_current_folder_is_run(tmp_path):
    for name in ("argparse", "numpy", "runpy", "threading"):
        (tmp_path / f"{name}.py").write_text("open('run', 'w').close()")
    command = [*GROKLAB, "--version"]
    with subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.read().startswith(b"groklab ")  # before its pipe is closed
    assert not (tmp_path / "run").exists()


def test_a_store_whose_name_looks_like_an_option_is_a_store(monkeypatch):
    commands = []

    class Told(Process):
        def __init__(self, command, **other):
            commands.append(command)
            super().__init__(command, **other)

    monkeypatch.setattr(module.subprocess, "Popen", Told)
    play = Play("-mine")
    play.begin(SMALL)
    play.close()
    assert "--store=-mine" in commands[0]


def test_a_process_whose_parent_is_gone_ends_as_at_an_interrupt():
    read, write = os.pipe()
    minded.mind(read)
    threading.Timer(0.1, os.close, [write]).start()
    with pytest.raises(KeyboardInterrupt):
        time.sleep(20)
    os.close(read)


class Process(subprocess.Popen):
    """One that ends as soon as it is asked to, and complains."""

    def __init__(self, *_, stderr, **__):
        self.signals, self.returncode, self._child_created = [], None, False
        self.stdin = self.stdout = self.stderr = None
        stderr.write(b"a warning\ngroklab: no room is left\n")

    def poll(self):
        return self.returncode

    def send_signal(self, signal):
        self.signals.append(signal)

    def wait(self, timeout=None):
        if self.returncode is None:
            assert self.signals
            self.returncode = 130


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_signal_that_asks_to_end_ends_the_server_and_not_the_process(number):
    import uvicorn

    from groklab.page.signals import Server

    server = Server(uvicorn.Config("nothing"))
    with server.capture_signals():
        signal.raise_signal(number)
    assert server.should_exit


def test_closing_the_page_has_every_run_saved(monkeypatch, tmp_path):
    monkeypatch.setattr(module.subprocess, "Popen", Process)
    play = Play(str(tmp_path))
    name = play.begin(SMALL)["name"]
    process = play._running[name].process
    play.close()
    assert process.returncode == 130
    assert play.state() == {"running": [], "said": {}}


def test_what_a_run_complained_of_is_told_and_two_are_enough(monkeypatch, tmp_path):
    monkeypatch.setattr(module.subprocess, "Popen", Process)
    play = Play(str(tmp_path))
    name = play.begin(SMALL)["name"]
    play._running[name].process.returncode = 1
    assert play.state() == {"running": [], "said": {name: "no room is left"}}
    for seed in ("2", "3"):
        play.begin({**SMALL, "seed": seed})
    with pytest.raises(InvalidSetting, match="at most 2 runs at once"):
        play.begin({**SMALL, "seed": "4"})
    play.close()
