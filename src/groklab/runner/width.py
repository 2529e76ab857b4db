"""How many members one program trains at once on an accelerator: found by measurement."""

import itertools
import time
from collections.abc import Callable, Sequence
from typing import Any

import jax

from groklab.machine import is_exhausted
from groklab.runner.job import Job
from groklab.training import Program

FIRST = 16
GROWTH = 4
GAIN = 1.1  # wider must be at least a tenth faster: each width costs a compilation
SECONDS = 0.5  # of measuring at each width


def widest(rate: Callable[[int], float], at_most: int) -> tuple[int, dict[int, float]]:
    """Return the width at which `rate`, in member-steps per second, stops rising, and every rate that was measured.

    A rate of 0 means that memory ran out: half of that width is tried, then the search ends.
    """
    width = min(FIRST, at_most)
    rates = {width: rate(width)}
    while width > 1 and rates[width] == 0:
        width //= 2
        rates[width] = rate(width)
    while width < at_most and len(rates) == _rising(rates):
        wider = min(width * GROWTH, at_most)
        rates[wider] = rate(wider)
        if rates[wider] == 0 and wider // 2 > width:
            rates[wider // 2] = rate(wider // 2)
            break
        width = wider
    return max(rates, key=lambda width: rates[width]), rates


def rate_by_width(jobs: Sequence[Job], devices: Sequence[Any]) -> Callable[[int], float]:
    """Return a function from a width to the member-steps per second of the first jobs, 0 where memory runs out."""

    def rate(width: int) -> float:
        try:
            return _rate(jobs[:width], devices)
        except jax.errors.JaxRuntimeError as error:
            if is_exhausted(error):
                return 0.0
            raise

    return rate


def _rate(jobs: Sequence[Job], devices: Sequence[Any]) -> float:
    program = Program([job.setup for job in jobs], [job.member for job in jobs], devices)
    state = program.advance(program.start(), 0, 1)
    steps, seconds = 4, 0.0
    while seconds < SECONDS:
        steps *= 2
        began = time.perf_counter()
        program.advance(state, 1, 1 + steps)
        seconds = time.perf_counter() - began
    return steps * len(jobs) / seconds


def _rising(rates: dict[int, float]) -> int:
    """Count the leading widths each of which is enough faster than the one before."""
    values = [rates[width] for width in sorted(rates)]
    falls = [right < GAIN * left for left, right in itertools.pairwise(values)]
    return 1 + (falls.index(True) if True in falls else len(falls))
