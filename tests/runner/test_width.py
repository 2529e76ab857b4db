from types import SimpleNamespace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from kinds import small_plan

from groklab.models import MLP
from groklab.runner import Watch, execute, job, recorder
from groklab.runner.width import widest
from groklab.store import Store
from groklab.training import Program, Seeds, prepare

QUICK = MLP(width=8, hidden=16)  # compiled in a moment, several widths of it
SECONDS = 100.0  # that a step of a program takes, next to which the time of a test is nothing


@pytest.fixture
def clock(monkeypatch):
    """A clock of training alone: every step of a program moves it on."""
    clock = SimpleNamespace(now=0.0)
    clock.perf_counter = lambda: clock.now
    block = Program.block

    def timed(program, reached, slots):
        clock.now += SECONDS * (until(slots) - slots.begin)
        return block(program, reached, slots)

    monkeypatch.setattr(Program, "block", timed)
    monkeypatch.setattr(recorder, "time", clock)
    return clock


def until(slots):
    return slots.ends[max(slots.used - 1, 0)] if slots.used else slots.begin


def rates(saturates, memory):
    return lambda width: 0.0 if width > memory else 100.0 * min(width, saturates)


@pytest.mark.parametrize(
    ("saturates", "memory", "count", "chosen"),
    [
        (10_000, 10_000, 512, 512),  # it pays to the end
        (64, 10_000, 512, 64),  # throughput stops rising
        (10_000, 200, 512, 128),  # memory runs out, half is tried
        (10_000, 5, 512, 4),  # it runs out at once
        (10_000, 10_000, 3, 3),
    ],
)
def test_width_grows_until_throughput_or_memory_ends(saturates, memory, count, chosen):
    width, measured = widest(rates(saturates, memory), count)
    assert width == chosen
    assert measured[width] > 0


class Listener(Watch):
    def __init__(self):
        self.notes, self.widths = [], []

    def note(self, text):
        self.notes.append(text)

    def report(self, report):
        self.widths.append(report.width)


@pytest.mark.parametrize("fails_at", [0, 3, 11])
def test_where_memory_runs_out_two_halves_go_on(monkeypatch, tmp_path, fails_at, clock):
    plans = [small_plan(model=QUICK, seeds=Seeds(seed, seed, seed)) for seed in range(5)]
    whole = execute(plans, Store(str(tmp_path / "whole")))
    began = clock.now
    block = Program.block

    def exhausted(program, reached, slots):
        if program.width > 2 and until(slots) >= fails_at:
            raise jax.errors.JaxRuntimeError("RESOURCE_EXHAUSTED: Out of memory allocating 1 byte.")
        return block(program, reached, slots)

    monkeypatch.setattr(Program, "block", exhausted)
    watch = Listener()
    runs = execute(plans, Store(str(tmp_path / "halved")), width=5, watch=watch)
    assert any("memory ran out at 5 runs" in note for note in watch.notes)
    status = [run.status() for run in runs]
    assert sum(each["seconds"] for each in status) == pytest.approx(clock.now - began)
    assert {each["width"] for each in status} == {1, 2}
    for run, other in zip(runs, whole, strict=True):
        ours, theirs = run.metrics(), other.metrics()
        assert list(ours["step"]) == list(theirs["step"])
        np.testing.assert_allclose(ours["train_loss"], theirs["train_loss"], rtol=1e-3)


@pytest.mark.usefixtures("clock", "short_blocks")
def test_what_has_stopped_makes_room(monkeypatch, tmp_path):
    """With half of the members at their end the program is narrowed, and the others go on as before."""
    plans = [small_plan(model=QUICK, seeds=Seeds(seed, 0, 0)) for seed in range(4)]
    recordings = plans[0].record.steps(20).index(8) + 1

    def laid_out(plan):
        setup, member, examples = prepare(plan)
        if plan in (plans[0], plans[2]):
            ends = np.asarray(-1.0), jnp.asarray(recordings, jnp.int32)
            member = eqx.tree_at(lambda member: (member.thresholds["generalized"], member.stop_after), member, ends)
        return setup, member, examples

    monkeypatch.setattr(job, "prepare", laid_out)
    watch = Listener()
    runs = execute(plans, Store(str(tmp_path)), width=4, watch=watch)
    assert [run.status()["step"] for run in runs] == [8, 20, 8, 20]
    assert set(watch.widths) == {4, 2}
    assert [run.status()["width"] for run in runs] == [4, 2, 4, 2]
    narrowed = 8 * SECONDS / 4 + 12 * SECONDS / 2
    assert [run.status()["seconds"] for run in runs] == [8 * SECONDS / 4, narrowed] * 2
    last = [run.metrics()["train_loss"][-1] for run in runs]
    solo = execute(plans[1:2], Store(str(tmp_path / "solo")))[0].metrics()["train_loss"][-1]
    assert last[1] == pytest.approx(solo, rel=1e-3)
