"""A tracker in memory, which can fail: what tests install under the name `fake`."""

import sys
import threading
import types

from groklab.tracking.base import TrackedRun, Tracker
from groklab.tracking.kinds import TRACKERS


class Fake(Tracker):
    """Keeps what it is told; `fails` is called with what it is about to do."""

    def __init__(self, fails=lambda doing: None):
        self.rows, self.settings, self.final, self.threads, self.fails = {}, {}, {}, set(), fails

    def open(self, name, id, settings):
        self.fails("open")
        self.rows.setdefault(name, [])
        self.settings.setdefault(name, dict(settings))
        return FakeRun(self, name)

    def steps(self, name):
        return [step for step, _ in self.rows[name]]


class FakeRun(TrackedRun):
    def __init__(self, tracker, name):
        self._tracker, self._name = tracker, name

    def last_step(self):
        return max(self._tracker.steps(self._name), default=-1)

    def write(self, rows):
        self._tracker.threads.add(threading.current_thread().name)
        for row in rows:
            self._tracker.fails("write")
            self._tracker.rows[self._name].append(row)

    def close(self, final):
        self._tracker.fails("close")
        self._tracker.final.setdefault(self._name, []).append(final)


def install(monkeypatch, name="fake", **options):
    """Make a fake tracker one of those that there are, and return it."""
    fake = Fake(**options)
    monkeypatch.setitem(TRACKERS, name, name.title())
    monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    module = types.ModuleType(f"groklab.tracking.{name}")

    def tracker(folder):
        fake.fails("import")
        fake.folder = folder
        return fake

    module.tracker = tracker
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return fake
