"""Timing of contenders in turn, so that whatever else the machine does falls on all of them alike."""

import time
from collections.abc import Callable

Timed = Callable[[int], object]  # carries out that many steps
Clocked = Callable[[int], float]  # the same; returns the seconds that the steps took


def clocked(run: Timed) -> Clocked:
    """Return a function that carries out steps by `run` and returns the seconds they took."""

    def seconds(count: int) -> float:
        began = time.perf_counter()
        run(count)
        return time.perf_counter() - began

    return seconds


def steps_for(run: Clocked, seconds: float) -> int:
    """Return how many steps take about that long, 8 at least."""
    count, took = 4, 0.0
    while took < seconds / 4:
        count *= 2
        took = run(count)
    return max(count, round(count * seconds / took))


def in_turn(contenders: dict[str, Clocked], counts: dict[str, int], rounds: int) -> dict[str, list[float]]:
    """Return seconds a step of each, round by round."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            seconds[name].append(run(counts[name]) / counts[name])
    return seconds
