"""Jobs that are trained side by side by one program, until each has come to its end."""

import contextlib
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import jax

from groklab.errors import StoreError
from groklab.machine import is_exhausted
from groklab.runner.interrupt import Interrupt
from groklab.runner.job import Job
from groklab.runner.watch import Report, Watch
from groklab.store import Columns
from groklab.training import BlockEnd, Program, State, trajectory
from groklab.training.arrays import pick, to_arrays, together

SAVING_AT_MOST = 0.05  # of the time: many large checkpoints are written less often
SHOWING_AT_MOST = 0.02  # of the time
SECONDS_BETWEEN_SHOWS = 0.5


class Hooks(NamedTuple):
    """What an ensemble listens and talks to while it trains."""

    interrupt: Interrupt
    watch: Watch
    seconds_between_saves: float


class Ensemble:
    """Jobs side by side, and the state that they have reached."""

    def __init__(self, jobs: Sequence[Job], devices: Sequence[Any] = (), state: State | None = None) -> None:
        self.jobs, self.devices, self.share = list(jobs), devices, len(jobs)
        self.step = jobs[0].recorder.step
        self._state, self._host = state, None
        self._saved_at, self._save_seconds = time.perf_counter(), 0.0
        self._shown_at, self._show_seconds = self._saved_at, 0.0

    def train(self, hooks: Hooks) -> "list[Ensemble]":
        """Train until all jobs are finished, or half of them; return what is left to train.

        Where memory runs out, two halves are left. Where Ctrl-C asks for it, every job is saved and KeyboardInterrupt
        raised.
        """
        try:
            return self._train(hooks)
        except (jax.errors.JaxRuntimeError, MemoryError) as error:
            if hooks.interrupt.requested and self not in hooks.interrupt.unsaved:
                raise KeyboardInterrupt from error  # Ctrl-C reached the compiler's own processes too
            if len(self.jobs) == 1 or not is_exhausted(error):
                raise
        finally:
            hooks.interrupt.unsaved.discard(self)
        hooks.watch.note(f"memory ran out at {len(self.jobs)} runs side by side: going on in two halves")
        half = len(self.jobs) // 2
        return [self._part(range(half)), self._part(range(half, len(self.jobs)))]

    def _train(self, hooks: Hooks) -> "list[Ensemble]":
        program = Program([job.setup for job in self.jobs], [job.member for job in self.jobs], self.devices)
        self._state = self._begin(program, hooks.watch)
        schedule = self.jobs[0].plan.record.steps(self.jobs[0].plan.steps)
        reached = program.begin(self._state, self.step, [job.recorder.in_a_row for job in self.jobs])
        ends = frozenset().union(*(job.recorder.kept for job in self.jobs))
        for moment in trajectory(program, schedule, reached, self.step, ends):
            self._take(moment, hooks.watch)
            hooks.interrupt.unsaved.add(self)  # only now: until the first moment programs were compiled
            if not self._save(0.0 if hooks.interrupt.requested else hooks.seconds_between_saves):
                self._show()
            for job in self.jobs:
                hooks.watch.report(_report(job, self.step, program.width))
            running = [at for at, job in enumerate(self.jobs) if not job.recorder.is_finished]
            if hooks.interrupt.requested and running:
                raise KeyboardInterrupt
            if 2 * len(running) <= len(self.jobs):
                return [self._part(running)] if running else []
        return []

    def _begin(self, program: Program, watch: Watch) -> State:
        """Compile, only then have seconds counted, and return the state to go on from."""
        watch.compiling(self.jobs[0].recorder.run.name)
        with compiling(self.jobs[0].program()):
            state = program.start() if self._state is None else self._state
            program.compile(state)
        for job in self.jobs:
            job.recorder.start_clock(self.share, len(self.jobs))
            if self.step >= 0:
                watch.recorded(job.recorder.run, job.recorder.rows())
        return self._first(state) if self._state is None else state

    def _first(self, state: State) -> State:
        if self.step < 0:
            return state
        like = pick(state, [0]) if len(self.jobs) > 1 else jax.device_get(state)  # 64 bits whatever JAX allows
        return together([job.state(like) for job in self.jobs])

    def _take(self, moment: BlockEnd, watch: Watch) -> None:
        self._state, self._host, self.step = moment.reached.state, None, moment.step
        if not len(moment.steps):
            return
        for index, job in self._running():
            one = moment.of(index if len(self.jobs) > 1 else None)
            job.recorder.take(one.table, one.answers, is_over=one.is_over)
            watch.recorded(job.recorder.run, one.table)
            step = job.recorder.step
            if job.recorder.wants_snapshot(step):
                job.recorder.keep(step, self._arrays(index))
            if step == job.plan.steps or one.is_over:
                job.recorder.finish(step, self._arrays(index))

    def _save(self, seconds: float) -> bool:
        began = time.perf_counter()
        if began - self._saved_at < (seconds and max(seconds, self._save_seconds / SAVING_AT_MOST)):
            return False
        for index, job in self._running():
            job.recorder.save(self.step, self._arrays(index))
        self._saved_at = time.perf_counter()
        self._save_seconds = self._saved_at - began
        return True

    def _show(self) -> None:
        """Write what is not yet saved for those who watch; a store that refuses it is told at the next save."""
        began = time.perf_counter()
        if began - self._shown_at < max(SECONDS_BETWEEN_SHOWS, self._show_seconds / SHOWING_AT_MOST):
            return
        with contextlib.suppress(StoreError):
            for _, job in self._running():
                job.recorder.show()
        self._shown_at = time.perf_counter()
        self._show_seconds = self._shown_at - began

    @property
    def host(self) -> State:
        """The state in host memory, fetched once a moment however many jobs are written."""
        if self._host is None:
            self._host = jax.device_get(self._state)
        return self._host  # pyright: ignore[reportReturnType]

    def _arrays(self, index: int) -> Columns:
        return to_arrays(pick(self.host, [index]) if len(self.jobs) > 1 else self.host)

    def _running(self) -> Iterator[tuple[int, Job]]:
        return ((index, job) for index, job in enumerate(self.jobs) if not job.recorder.is_finished)

    def _part(self, indices: Sequence[int]) -> "Ensemble":
        state = None if self._state is None or not indices else pick(self.host, indices)
        part = Ensemble([self.jobs[index] for index in indices], self.devices, state)
        for job in part.jobs:
            job.recorder.stop_clock()  # until its turn comes: the other half may be first
        part.step = self.step
        return part


_guard = threading.Lock()
_locks: weakref.WeakValueDictionary[Any, threading.Lock] = weakref.WeakValueDictionary()


def compiling(program: Any) -> threading.Lock:
    """Return the lock under which a program is first called, so that two threads do not compile it twice."""
    with _guard:
        return _locks.setdefault(program, threading.Lock())


def _report(job: Job, step: int, width: int) -> Report:
    seen = job.recorder
    step = seen.step if seen.is_finished else step
    train, validation = seen.last("train_accuracy"), seen.last("validation_accuracy")
    return Report(seen.run.name, step, job.plan.steps, train, validation, seen.is_finished, width)
