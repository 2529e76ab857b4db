"""Handing the numbers of runs to one tracker, in a thread of its own: training never waits for a tracker."""

import contextlib
import queue
import textwrap
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from groklab.columns import Columns
from groklab.milestones import CROSSINGS
from groklab.store import Run
from groklab.store.causes import line_of
from groklab.store.words import settings
from groklab.tracking.base import TrackedRun
from groklab.tracking.columns import rows_after
from groklab.tracking.kinds import TRACKERS, tracker

KEPT = "All numbers are in the metrics.parquet of each run; docs/trackers.md tells how to import them"

LONGEST = 160  # characters of a cause: some trackers quote whole tables


class Told(NamedTuple):
    """Rows of a run, or None where it is finished."""

    run: Run
    rows: Columns | None


class Writer:
    """Takes what runs record, and writes it as fast as the tracker does; a tracker that fails gets nothing more."""

    def __init__(self, name: str, folder: str, say: Callable[[str], None]) -> None:
        self._name, self._say = name, say
        self._told: queue.SimpleQueue[Told | None] = queue.SimpleQueue()
        self._open: dict[str, Open] = {}
        self._has_failed = False
        self._thread = threading.Thread(target=self._work, name=f"track {name}", daemon=True)
        with self._failing():
            self._tracker = tracker(name, folder)
            self._thread.start()

    def take(self, run: Run, rows: Columns | None) -> None:
        """Take rows of a run, None where it is finished, and return at once."""
        if not self._has_failed:
            self._told.put(Told(run, rows))

    def close(self, seconds: float) -> None:
        """Wait until all is written, for so many seconds at most."""
        if self._has_failed:
            return
        self._told.put(None)
        self._thread.join(seconds)
        if self._thread.is_alive():
            self._say(f"{TRACKERS[self._name]} has not taken all numbers within {seconds:g} seconds. {KEPT}.")

    def _work(self) -> None:
        with self._failing():
            while self._write(self._waiting()):
                pass

    @contextlib.contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # whatever a tracker raises, training goes on
            self._has_failed = True
            self._say(f"{TRACKERS[self._name]} failed and gets nothing more ({_cause(error)}). {KEPT}.")

    def _waiting(self) -> list[Told | None]:
        """Return all that waits to be written, at least one: a slow tracker gets many rows at once."""
        found = [self._told.get()]
        while not self._told.empty():
            found.append(self._told.get_nowait())
        return found

    def _write(self, told: Sequence[Told | None]) -> bool:
        """Write what was told of each run; return whether more will come."""
        tables: dict[Run, list[Columns]] = {}
        for each in told:
            if each is not None and each.rows is not None:
                tables.setdefault(each.run, []).append(each.rows)
        for run, parts in tables.items():
            if run.name not in self._open:
                self._open[run.name] = Open(self._tracker.open(run.name, run.id, settings(run)))
            self._open[run.name].write(parts)
        for each in told:
            if each is not None and each.rows is None and each.run.name in self._open:
                self._open.pop(each.run.name).finish(each.run.status())
        if None in told:
            for one in self._open.values():
                one.run.close(None)
        return None not in told


def _cause(error: Exception) -> str:
    return textwrap.shorten(line_of(error), LONGEST, placeholder=" …")


class Open:
    """A tracker's run that is being written, and how far it is."""

    def __init__(self, run: TrackedRun) -> None:
        self.run, self._step, self._has_grown = run, run.last_step(), False

    def write(self, tables: Sequence[Columns]) -> None:
        """Add the rows that the tracker lacks."""
        rows = rows_after(self._step, tables)
        if rows:
            self.run.write(rows)
            self._step, self._has_grown = rows[-1][0], True

    def finish(self, status: Mapping[str, Any]) -> None:
        """Add the milestones that the run came to, unless the tracker had the whole run before."""
        reached = {name: status.get(name) for name in (*CROSSINGS, "diverged_at")}
        final = {name: int(step) for name, step in reached.items() if step is not None}
        self.run.close(final if self._has_grown else {})
