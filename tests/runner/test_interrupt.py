"""Ctrl-C while a program is being compiled: what is unsaved is waited for, the program is not."""

import os
import signal
import threading
import time

import jax
import pytest
from kinds import small_plan

from groklab.runner import execute
from groklab.runner import interrupt as module
from groklab.runner.interrupt import Interrupt
from groklab.store import Store
from groklab.training import Program


def pressed(interrupt):
    os.kill(os.getpid(), signal.SIGINT)
    assert interrupt.requested


def test_it_leaves_once_nothing_is_unsaved(monkeypatch):
    monkeypatch.setattr(module, "SECONDS_TO_END", 0.05)
    left = threading.Event()
    with Interrupt(left.set) as interrupt:
        interrupt.unsaved.add("a batch that trains")
        pressed(interrupt)
        assert not left.wait(0.3)
        interrupt.unsaved.clear()
        assert left.wait(5)


def test_it_does_not_leave_where_the_process_ends_by_itself(monkeypatch):
    monkeypatch.setattr(module, "SECONDS_TO_END", 0.2)
    left = threading.Event()
    with Interrupt(left.set) as interrupt:
        pressed(interrupt)
    assert not left.wait(0.6)


def test_without_a_way_to_leave_it_is_a_wish():
    before = threading.active_count()
    with Interrupt() as interrupt:
        pressed(interrupt)
        time.sleep(0.05)
        assert threading.active_count() == before


def test_a_compiler_that_ctrl_c_ends_too_is_no_error(monkeypatch, tmp_path):
    def ended(program, state):
        os.kill(os.getpid(), signal.SIGINT)
        raise jax.errors.JaxRuntimeError("INTERNAL: ptxas exited with non-zero error code 2")

    with monkeypatch.context() as patched:
        patched.setattr(Program, "compile", ended)
        with pytest.raises(KeyboardInterrupt):
            execute([small_plan(steps=2)], Store(str(tmp_path)))
    (run,) = execute([small_plan(steps=2)], Store(str(tmp_path)))
    assert run.is_finished()
