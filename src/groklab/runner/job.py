"""Plans that are not finished in the store, and which of them can be trained side by side."""

from collections.abc import Iterator, Sequence
from typing import Any

import jax
import numpy as np

from groklab.errors import RunDamaged, RunMissing
from groklab.runner.describe import describe, describe_table, has_table, other_cores
from groklab.runner.parents import Parent
from groklab.runner.recorder import Recorder
from groklab.store import Columns, Run, Store
from groklab.training import Member, Plan, Setup, State, prepare
from groklab.training.arrays import from_arrays
from groklab.training.forks import begun
from groklab.types import Examples


class Job:
    """One plan, laid out on the host; `open` takes its run for writing."""

    run: Run | None = None
    recorder: Recorder
    saved: Any
    forked: Columns | None = None  # the state that a fork begins with, as its parent left it

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.setup: Setup
        self.member: Member
        self.examples: Examples
        self.setup, self.member, self.examples = prepare(plan)

    def open(self, store: Store, *, again: bool) -> list[str]:
        """Lock the run, lay its plan down and find out how far it is; a run cut off while finishing is finished.

        What is damaged and known is written again; return what must be said of the run, a sentence each.
        """
        run = self.run = store.run(self.plan.task.name, self.plan.id)
        parent = Parent(store, self.plan) if self.plan.before else None
        notes = run.begin(describe(self.plan, parent and parent.describe()), again=again)
        self.saved = run.resume()
        self.recorder = Recorder(self.plan, run, self.saved)
        if parent is not None and self.saved is None:
            self.forked = parent.hand_over(self.recorder)
        elif parent is not None:
            notes += parent.changed_since(run)
        if self.saved is None:
            describe_table(self.plan, run, self.examples)
            return notes
        if not has_table(self.plan, run):
            describe_table(self.plan, run, self.examples)
            notes.append(f"`{run.folder.url}/table.safetensors` is missing or damaged: it is written again")
        if self.saved[1]["parts"] == 0:
            self.recorder.finish(self.recorder.step, self.saved[0])
            return notes
        return notes + other_cores(run)

    def close(self) -> None:
        """Let other processes write the run."""
        if self.run is not None:
            self.run.release()

    def program(self) -> Any:
        """Return what jobs must share to run the same executable: the static parts and the shapes."""
        leaves, structure = jax.tree.flatten((self.setup, self.member))
        kinds = tuple((leaf.shape, str(leaf.dtype)) if hasattr(leaf, "shape") else leaf for leaf in leaves)
        return structure, kinds

    def pace(self) -> Any:
        """Return what jobs must share to be trained side by side: the program, the schedule, and the step."""
        return self.program(), self.plan.steps, self.plan.record.pace, self.recorder.step

    def state(self, like: State) -> State:
        """Return the saved state, or that of the fork; raise `RunDamaged` unless it fits `like`."""
        if self.forked is not None:
            return jax.tree.map(np.asarray, begun(self.plan, self.setup, self.forked))
        return from_arrays(self.saved[0], like, self.recorder.run.name)


def is_complete(plan: Plan, run: Run) -> bool:
    """Whether a run is finished, and what can be written again, where it is damaged, is not."""
    try:
        return run.is_finished() and bool(run.plan()) and has_table(plan, run)
    except (RunDamaged, RunMissing):
        return False


def programs_of(jobs: Sequence[Job]) -> int:
    """Return how many compiled programs the jobs need."""
    return len({job.program() for job in jobs})


def groups(jobs: Sequence[Job]) -> Iterator[list[Job]]:
    """Yield the jobs that can be trained side by side."""
    found: dict[Any, list[Job]] = {}
    for job in jobs:
        found.setdefault(job.pace(), []).append(job)
    yield from found.values()
