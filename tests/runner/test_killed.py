"""Killed anywhere, a run resumes bit for bit. These are real processes, with the optimized programs."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from groklab.store import Store

pytestmark = pytest.mark.whole
KILLS = 3  # at random moments
SCRIPT = """
import sys
from groklab.runner import Watch, ensemble, execute
from groklab.store import Store
from groklab.models import MLP
from groklab.tasks import BinaryTable, Modular
from groklab.training import Plan, Record, fork
plan = Plan(task=BinaryTable(Modular("addition", 11)), model=MLP(width=8, hidden=8, weight_noise=0.01),
            steps=int(sys.argv[2]), batch_size=13, record=Record(growth=1.05))
if int(sys.argv[3]):  # kills fall into the way to the fork, and into what comes after it
    plan = fork(plan, int(sys.argv[3]), weight_decay=0.3)
class Announce(Watch):
    shown = False
    def report(self, report):
        if not self.shown:
            self.shown = print("training", flush=True) is None
ensemble.SECONDS_BETWEEN_SHOWS = 0.0  # rows are shown between saves, and are not to be gone on from
execute([plan], Store(sys.argv[1]), seconds_between_saves=0.1, watch=Announce())
"""


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    return tmp_path_factory.mktemp("programs")


@pytest.fixture
def process(tmp_path, programs):
    """Return a function that starts a training process on a store; compiled programs are kept between them."""
    quick = {
        "JAX_COMPILATION_CACHE_DIR": str(programs),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }

    def start(store, steps=1500, at=30):
        command = [sys.executable, "-c", SCRIPT, str(tmp_path / store), str(steps), str(at)]
        started.append(
            subprocess.Popen(command, env=os.environ | quick, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        )
        return started[-1]

    started: list[subprocess.Popen] = []
    yield start
    for each in started:
        each.kill()
        each.communicate()


def final(tmp_path, store):
    parent, child = runs = sorted(Store(str(tmp_path / store)).runs(), key=lambda run: run.status()["step"])
    assert (parent.status()["step"], child.status()["step"]) == (30, 1500)
    return [
        {name: run.folder.read(name) for name in run.folder.names() if name.endswith(("parquet", "safetensors"))}
        for run in runs
        if run.is_finished()
    ]


@pytest.mark.slow
def test_kills_change_no_byte(tmp_path, process, monkeypatch):
    monkeypatch.setenv("JAX_DISABLE_MOST_OPTIMIZATIONS", "0")
    whole = process("whole")
    whole.stdout.readline()
    began = time.monotonic()
    assert whole.wait() == 0
    lasts = time.monotonic() - began
    chance = random.Random(0)
    kills = 0
    for _ in range(KILLS + 4):
        cut = process("cut")
        if kills < KILLS:
            cut.stdout.readline()
            time.sleep(chance.uniform(0, lasts / 25))
            cut.send_signal(signal.SIGKILL)
        status = cut.wait()
        if status == 0:
            break
        assert status == -signal.SIGKILL
        kills += 1
    assert kills == KILLS
    assert final(tmp_path, "cut") == final(tmp_path, "whole")
    assert len(final(tmp_path, "cut")) == 2


@pytest.mark.slow
def test_two_processes_on_one_run_are_one_too_many(tmp_path, process):
    first = process("shared", 60_000, at=0)
    first.stdout.readline()
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "shared"), "60000", "0"]
    second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "is being written by another process" in second.stderr
    first.send_signal(signal.SIGTERM)
    assert first.wait() != 0
    (run,) = Store(str(tmp_path / "shared")).runs()
    assert not run.is_finished()
    assert run.status()["step"] > 0
