"""A run as it goes: block after block of recordings, each at most about a second."""

import time
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import jax
import numpy as np

from groklab.training.block import SLOTS, Reached, Seen, slots_of
from groklab.training.program import Program

SECONDS_OF_A_BLOCK = 1.0  # so that progress moves and Ctrl-C is answered
FIRST = 16  # steps and recordings of the first block; each is at most twice as long as the one before


class Recorded(NamedTuple):
    """What a block brought of one run: recorded columns, up to where it was over, and its answers by their moments."""

    table: dict[str, np.ndarray]
    answers: dict[str, np.ndarray]
    is_over: bool


class BlockEnd(NamedTuple):
    """Where a block ends: how far each member is, and the steps that were recorded on the way with what was seen there.

    Arrays of `seen` are on the host. Several members have a leading axis in every array, also those of `reached`.
    """

    step: int
    reached: Reached
    steps: np.ndarray
    seen: Seen

    def of(self, member: int | None = None) -> "Recorded":
        """Return what the block brought of one member; None: of the only one."""
        numbers, predicted, has_come, end, is_over = jax.tree.map(
            lambda array: np.asarray(array)[... if member is None else member],
            (self.seen.numbers, self.seen.predicted, self.seen.has_come, self.reached.step, self.reached.is_over),
        )
        count = int(np.searchsorted(self.steps, end, side="right"))
        table = {"step": self.steps[:count], **{name: column[:count] for name, column in numbers.items()}}
        answers = {name: each for name, each in predicted.items() if has_come.get(name, True)}
        return Recorded(table, answers, bool(is_over))


def trajectory(
    program: Program, schedule: Sequence[int], reached: Reached, step: int, ends: Collection[int] = ()
) -> Iterator[BlockEnd]:
    """Yield the ends of the blocks after `step`; a `step` of -1 begins with step 0 itself.

    Where it is cut changes no number. At each recorded step among `ends` a block ends.
    """
    at, now, size = int(np.searchsorted(schedule, step, side="right")), max(step, 0), FIRST
    while at < len(schedule):
        steps = _next(schedule, at, now, size, ends)
        began = time.perf_counter()
        reached, seen = program.block(reached, slots_of(now, steps, schedule))
        size = _size(size, len(steps) + steps[-1] - now, time.perf_counter() - began)
        recorded = int(np.searchsorted(schedule, steps[-1], side="right")) - at
        at, now = at + recorded, steps[-1]
        yield BlockEnd(now, reached, np.asarray(steps[:recorded], np.int64), jax.device_get(seen))


def _next(schedule: Sequence[int], at: int, now: int, size: int, ends: Collection[int]) -> list[int]:
    """Return the recorded steps of the next block, or, where the first of them is too far, a step on the way."""
    steps = []
    for step in schedule[at : at + SLOTS]:
        if len(steps) + 1 + step - now > size:
            break
        steps.append(step)
        if step in ends:
            break
    return steps or [min(now + size, schedule[at])]


def _size(size: int, made: int, seconds: float) -> int:
    return max(1, min(int(made / max(seconds, 1e-6) * SECONDS_OF_A_BLOCK), 2 * size))
