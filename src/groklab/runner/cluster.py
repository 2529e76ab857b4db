"""The engine for a Ray cluster: a task trains an ensemble, and what a lost node had in hand goes on elsewhere."""

import json
import time
from collections.abc import Iterator, Sequence
from typing import Any

import jax

from groklab.errors import GroklabError, InvalidSetting, RunLocked, missing
from groklab.runner import local
from groklab.runner.compiled import keep_programs
from groklab.runner.describe import describe
from groklab.runner.following import Follower
from groklab.runner.interrupt import Interrupt
from groklab.runner.job import Job, is_complete
from groklab.runner.options import Options
from groklab.runner.watch import Watch
from groklab.store import Run, Store
from groklab.training import decode, encode

try:
    import ray
except ImportError:
    raise missing("`engine` ray", "Ray", "ray") from None
from ray.exceptions import RayTaskError, TaskCancelledError

from groklab.runner.machines import Machines, connected, machines

WIDTH = 64  # runs side by side on a GPU
POLL = 0.25  # seconds within which Ctrl-C is heard
SECONDS_TO_SAVE = 60.0  # that tasks get when they are to stop
SECONDS_FOR_LOCK = 60.0  # that a process on a lost node may take to die


def carry_out(jobs: Sequence[Job], store: Store, options: Options) -> None:
    """Train all jobs to their ends: on a GPU many side by side in each task, on a core one.

    Where the cluster has GPUs, its other cores train nothing. Raise `InvalidSetting` where no cluster can be joined.
    """
    with connected():
        if options.again:
            for job in jobs:
                _erase(job, store)
        tasks = Tasks(store, options)
        with Interrupt() as interrupt:
            try:
                for ensemble in ensembles(jobs, store, options, tasks.machines):
                    tasks.begin(ensemble)
                tasks.to_the_end(interrupt)
            finally:
                tasks.stop()


class Tasks:
    """The tasks under way, each with the ensemble of jobs that it trains."""

    def __init__(self, store: Store, options: Options) -> None:
        self._options, self._ensembles = options, dict[Any, Sequence[Job]]()
        self._url = store.folder.local_path or store.folder.url  # a worker has another working directory
        self._follower = Follower(store, options.watch)
        self.machines = machines()
        options.watch.note(str(self.machines))
        needs: dict[str, Any] = {"num_gpus": 1} if self.machines.gpus else {"num_cpus": 1}
        self._remote = ray.remote(max_retries=-1, **needs)(
            train
        )  # where a node is lost, Ray starts its tasks elsewhere

    def begin(self, ensemble: Sequence[Job]) -> None:
        """Hand an ensemble to the cluster; `again` is not handed on, lest a task that is started anew trains anew."""
        plans = [json.dumps(encode(job.plan)) for job in ensemble]
        task = self._remote.remote(plans, self._url, self._options.width, self._options.seconds_between_saves)
        self._ensembles[task] = ensemble

    def to_the_end(self, interrupt: Interrupt) -> None:
        """Wait for all tasks; raise what one of them raised, or KeyboardInterrupt where it is asked for."""
        while self._ensembles:
            done, _ = ray.wait(list(self._ensembles), timeout=POLL)
            for task in done:
                ensemble = self._ensembles.pop(task)
                if is_whole(task):
                    self._follower.finish(ensemble)
                else:
                    self.begin(ensemble)
            if interrupt.requested:
                raise KeyboardInterrupt
            if self._follower.is_due():
                self._look()

    def stop(self) -> None:
        """Have all save their runs and end: a task that is cancelled gets a SIGINT, which is a wish there too."""
        for task in self._ensembles:
            ray.cancel(task)
        if self._ensembles:
            ray.wait(list(self._ensembles), num_returns=len(self._ensembles), timeout=SECONDS_TO_SAVE)

    def _look(self) -> None:
        found = machines()
        if found != self.machines:
            self._options.watch.note(str(found))
        self.machines = found
        waiting = [job for ensemble in self._ensembles.values() for job in ensemble]
        self._follower.look(waiting[: 2 * found.slots])  # tasks are begun in their order


def train(plans: Sequence[str], url: str, width: int | None, seconds_between_saves: float) -> None:
    """Carry out plans, given as JSON, in a worker's process; those that have a checkpoint go on from it."""
    keep_programs()
    store, chosen = Store(url), [decode(json.loads(plan)) for plan in plans]
    jobs = [Job(plan) for plan in chosen if not is_complete(plan, store.run(plan.task.name, plan.id))]
    if width is None and jax.default_backend() != "cpu":
        width = len(plans)
    until = time.monotonic() + SECONDS_FOR_LOCK
    while True:
        try:
            return local.carry_out(jobs, store, Options(False, width, 1, Watch(), seconds_between_saves))
        except RunLocked:
            if time.monotonic() > until:
                raise
            time.sleep(1)


def ensembles(jobs: Sequence[Job], store: Store, options: Options, found: Machines) -> Iterator[Sequence[Job]]:
    """Divide jobs into tasks, as even as can be; those side by side share the program, the schedule and the step."""
    alike: dict[Any, list[Job]] = {}
    for job in jobs:
        step = 0 if options.again or not found.gpus else _run(job, store).status()["step"]
        alike.setdefault((job.program(), job.plan.steps, job.plan.record.pace, step), []).append(job)
    for group in alike.values():
        even = -(-len(group) // max(found.gpus, 1))
        size = options.width or (min(WIDTH, even) if found.gpus else 1)
        if size > 1:
            group.sort(key=lambda job: job.examples.train_size)  # as the local engine does, for the same reason
        yield from (group[at : at + size] for at in range(0, len(group), size))


def is_whole(task: Any) -> bool:
    """Whether a task came to its end; not where its node was told to end. Raise what the task raised."""
    try:
        ray.get(task)
    except TaskCancelledError:
        return False
    except RayTaskError as error:
        if isinstance(error.cause, GroklabError):
            raise error.cause from None
        if "failed to import on the worker" in str(error.cause):
            raise InvalidSetting("`engine` ray needs groklab on every node, got a node without it.") from None
        raise
    return True


def _erase(job: Job, store: Store) -> None:
    run = _run(job, store)
    try:
        run.begin(describe(job.plan), again=True)
        run.folder.remove("plan.json")  # the machine that trains the run says what it is
    finally:
        run.release()


def _run(job: Job, store: Store) -> Run:
    return store.run(job.plan.task.name, job.plan.id)
