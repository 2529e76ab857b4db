"""Plans → programs → device → store."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jax
import numpy as np

from groklab.runner.arrays import from_arrays, stack, to_arrays
from groklab.runner.describe import describe, describe_table
from groklab.runner.interrupt import Interrupt
from groklab.runner.recorder import Recorder
from groklab.store import Run, Store
from groklab.training import Member, Plan, Program, Setup, State, prepare, trajectory

SECONDS_BETWEEN_SAVES = 10.0
WIDTH_ON_ACCELERATORS = 32

Watch = Callable[[Recorder, int, int], None]


class Work:
    """One plan that is not finished in the store."""

    def __init__(self, plan: Plan, run: Run, setup: Setup, member: Member, recorder: Recorder, saved: Any) -> None:
        self.plan, self.run, self.recorder = plan, run, recorder
        self.setup, self.member, self.saved = setup, member, saved

    def group(self) -> Any:
        """Return what works must share to be trained side by side: the program, the schedule, and the step."""
        leaves, structure = jax.tree.flatten((self.setup, self.member))
        kinds = tuple((leaf.shape, str(leaf.dtype)) if hasattr(leaf, "shape") else leaf for leaf in leaves)
        return structure, kinds, self.plan.steps, self.plan.record.growth, self.recorder.step


def execute(
    plans: Sequence[Plan],
    store: Store,
    *,
    again: bool = False,
    width: int | None = None,
    watch: Watch = lambda recorder, step, width: None,
    seconds_between_saves: float = SECONDS_BETWEEN_SAVES,
) -> list[Run]:
    """Carry out every plan that the store does not hold finished; return their runs, in order.

    All plans are checked before any is trained. Where Ctrl-C or termination asks for it, every run is saved and
    KeyboardInterrupt raised; the same call goes on from there, to the same numbers bit for bit.
    """
    prepared = [prepare(plan) for plan in plans]
    runs = [store.run(plan.task.name, plan.id) for plan in plans]
    todo = {
        run.name: (plan, run, *parts[:2], parts[2])
        for plan, run, parts in zip(plans, runs, prepared, strict=True)
        if again or not run.is_finished()
    }
    opened: list[Work] = []
    try:
        for plan, run, setup, member, examples in todo.values():
            run.begin(describe(plan), again=again)
            saved = run.resume()
            if saved is None:
                describe_table(plan, run, examples)
            opened.append(Work(plan, run, setup, member, Recorder(plan, run, saved), saved))
        with Interrupt() as interrupt:
            for batch in batches(opened, width or default_width()):
                _train(batch, interrupt, watch, seconds_between_saves)
    finally:
        for work in opened:
            work.run.release()
    return runs


def default_width() -> int:
    """Return how many members a program trains at once: one on a CPU, where width gains nothing."""
    return 1 if jax.default_backend() == "cpu" else WIDTH_ON_ACCELERATORS


def batches(works: Sequence[Work], width: int) -> Iterator[list[Work]]:
    """Group works that can be trained side by side, at most `width` at once."""
    groups: dict[Any, list[Work]] = {}
    for work in works:
        groups.setdefault(work.group(), []).append(work)
    for group in groups.values():
        yield from (group[first : first + width] for first in range(0, len(group), width))


def _train(batch: list[Work], interrupt: Interrupt, watch: Watch, seconds_between_saves: float) -> None:
    plan, step = batch[0].plan, batch[0].recorder.step
    program = Program([work.setup for work in batch], [work.member for work in batch])
    state = _state(program, batch)
    for work in batch:
        work.recorder.start_clock()
    if step >= plan.steps:  # cut off while finishing
        _finish(batch, state, step)
    for moment in trajectory(program, plan.record.steps(plan.steps), state, step):
        state, step = moment.state, moment.step
        if moment.numbers is not None and moment.predicted is not None:
            for index, work in _running(batch):
                numbers = {name: values[index] for name, values in moment.numbers.items()}
                work.recorder.record(step, numbers, moment.predicted[index])
                if step == plan.steps or work.recorder.should_stop():
                    work.recorder.finish(step, to_arrays(state, index))
        _save(batch, state, step, 0.0 if interrupt.requested else seconds_between_saves)
        for _, work in _running(batch):
            watch(work.recorder, step, program.width)
        if interrupt.requested:
            raise KeyboardInterrupt
        if not list(_running(batch)):
            break
    for work in batch:
        watch(work.recorder, work.recorder.step, program.width)


def _state(program: Program, batch: list[Work]) -> State:
    state = program.start()
    if batch[0].saved is None:
        return state
    like = jax.tree.map(lambda leaf: np.asarray(leaf)[:1], state)  # NumPy keeps 64 bits whatever JAX allows
    return stack([from_arrays(work.saved[0], like, work.run.name) for work in batch])


def _running(batch: list[Work]) -> Iterator[tuple[int, Work]]:
    return ((index, work) for index, work in enumerate(batch) if not work.recorder.is_finished)


def _save(batch: list[Work], state: State, step: int, seconds: float) -> None:
    for index, work in _running(batch):
        if work.recorder.is_due(seconds):
            work.recorder.save(step, to_arrays(state, index))


def _finish(batch: list[Work], state: State, step: int) -> None:
    for index, work in enumerate(batch):
        work.recorder.finish(step, to_arrays(state, index))
