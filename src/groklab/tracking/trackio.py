"""Runs of Trackio: in a database of its own folder, unless its own variables say otherwise."""

import contextvars
import os
from collections.abc import Mapping, Sequence
from typing import Any

from groklab.tracking.base import PROJECT, Row, TrackedRun, Tracker, imported
from groklab.tracking.hushed import hushed

ELSEWHERE = ("TRACKIO_SPACE_ID", "TRACKIO_SERVER_URL")  # variables by which a user sends numbers away


def tracker(folder: str) -> Tracker:
    """Return the tracker whose database lies in a folder, or where TRACKIO_DIR says."""
    os.makedirs(os.environ.setdefault("TRACKIO_DIR", folder), exist_ok=True)  # read when it is imported
    if not any(os.environ.get(name) for name in ELSEWHERE):
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # or it would ask there who has logged in
    return Trackio()


class Trackio(Tracker):
    """A project of Trackio."""

    def __init__(self) -> None:
        self._trackio = imported("trackio")

    def open(self, name: str, id: str, settings: Mapping[str, Any]) -> TrackedRun:
        """Return the run, which goes on where there is one of this name."""
        how = {"resume": "allow", "embed": False, "auto_log_gpu": False, "auto_log_cpu": False}
        with hushed():  # in a context of its own: it would end the run that was opened before
            run = contextvars.Context().run(self._trackio.init, PROJECT, name=name, config=dict(settings), **how)
        return Opened(run)


class Opened(TrackedRun):
    """A run of Trackio."""

    def __init__(self, run: Any) -> None:
        self._run, self._troubles = run, list[str]()
        # It writes in a thread of its own, and only warns there of what could not be written.
        run._warn_once = lambda key, message: self._troubles.append(message)
        self._last = run._next_step - 1  # there is no public way to ask

    def last_step(self) -> int:
        """Return the last step that Trackio has."""
        return self._last

    def write(self, rows: Sequence[Row]) -> None:
        """Log rows; raise what went wrong with those before."""
        self._check()
        for step, numbers in rows:
            self._run.log(numbers, step=step)
            self._last = step

    def close(self, final: Mapping[str, int] | None) -> None:
        """Log the milestones at the last step: there is no summary."""
        if final:
            self._run.log(dict(final), step=self._last)
        with hushed():
            self._run.finish()
        self._check()

    def _check(self) -> None:
        if self._troubles:
            raise OSError(self._troubles[0])
