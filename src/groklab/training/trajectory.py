"""A run as it goes: moment after moment, each at most about a second from the last."""

import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from groklab.training.member import State
from groklab.training.program import Program

SECONDS_BETWEEN_MOMENTS = 1.0  # so that progress moves and Ctrl-C answers
FIRST_STRETCH = 16


class Moment(NamedTuple):
    """The state after `step` updates, and what was seen there if the step is a recorded one.

    Every array has a leading axis of members.
    """

    step: int
    state: State
    numbers: dict[str, np.ndarray] | None
    predicted: np.ndarray | None


def trajectory(program: Program, schedule: Sequence[int], state: State, step: int) -> Iterator[Moment]:
    """Yield the moments after `step`; a `step` of -1 begins with step 0 itself. Where it is cut changes no number."""
    stretch = FIRST_STRETCH
    now = max(step, 0)
    for recorded in (at for at in schedule if at > step):
        while now < recorded:
            until = min(recorded, now + stretch)
            began = time.perf_counter()
            state = program.advance(state, now, until)
            stretch = _next_stretch(stretch, until - now, time.perf_counter() - began)
            now = until
            if now < recorded:
                yield Moment(now, state, None, None)
        numbers, predicted = program.observe(state, now)
        yield Moment(now, state, {name: np.asarray(value) for name, value in numbers.items()}, np.asarray(predicted))


def _next_stretch(stretch: int, made: int, seconds: float) -> int:
    per_second = made / max(seconds, 1e-6)
    return max(1, min(int(per_second * SECONDS_BETWEEN_MOMENTS), 2 * stretch))
