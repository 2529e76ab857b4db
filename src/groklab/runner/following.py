"""How far runs are that other processes train, read from their store."""

import contextlib
import time
from collections.abc import Sequence
from typing import Any

from groklab.errors import StoreError
from groklab.runner.job import Job
from groklab.runner.watch import Report, Watch
from groklab.store import Run, Store

LOCAL_SECONDS, REMOTE_SECONDS = 1.0, 5.0  # from one look to the next
SHARE = 0.1  # of the time, at most, is spent on looking
RUNS = 32  # at most, at a look: each costs a remote store three requests
SHARED_SECONDS = 60.0  # until what one machine wrote to a shared disk is seen by another


class Follower:
    """Tells a watch how far runs are, as often as the store bears."""

    def __init__(self, store: Store, watch: Watch) -> None:
        self._store, self._watch = store, watch
        self._seconds = REMOTE_SECONDS if store.folder.local_path is None else LOCAL_SECONDS
        self._next = 0.0
        self._steps: dict[str, int] = {}
        self._finished: set[str] = set()

    def is_due(self) -> bool:
        """Whether it is time for another look."""
        return time.monotonic() >= self._next

    def look(self, jobs: Sequence[Job]) -> None:
        """Report those of the first jobs that have been saved anew; a store that does not answer is passed over."""
        began = time.monotonic()
        for job in jobs[:RUNS]:
            with contextlib.suppress(StoreError):
                run = self._run(job)
                status = run.status()
                if status["step"] > self._steps.get(run.name, 0):
                    self._report(run, status, job)
        now = time.monotonic()
        self._next = now + max(self._seconds, (now - began) / SHARE)

    def finish(self, jobs: Sequence[Job]) -> None:
        """Report jobs that have come to their ends; raise `StoreError` where that is not to be seen from here."""
        until = time.monotonic() + SHARED_SECONDS
        for job in jobs:
            run = self._run(job)
            while not run.is_finished():
                if time.monotonic() > until:
                    raise StoreError(
                        f"`{run.folder.url}` is not on a disk that all nodes share: one of them finished the run, "
                        "and it is not there. Choose a shared folder with --store, or s3://…"
                    )
                time.sleep(1)
            if run.name not in self._finished:
                self._report(run, run.status(), job)

    def _run(self, job: Job) -> Run:
        return self._store.run(job.plan.task.name, job.plan.id)

    def _report(self, run: Run, status: dict[str, Any], job: Job) -> None:
        if self._watch.wants_rows and (rows := run.metrics(after=self._steps.get(run.name, -1))):
            self._watch.recorded(run, rows)
        self._steps[run.name] = status["step"]
        train, validation = (status.get(name, 0.0) for name in ("train_accuracy", "validation_accuracy"))
        is_finished = bool(status["is_finished"])
        self._finished |= {run.name} if is_finished else set()
        width = status.get("width", 1)
        self._watch.report(Report(run.name, status["step"], job.plan.steps, train, validation, is_finished, width))
