"""What a tracker is: a place outside the runs that keeps some of their numbers."""

import abc
import importlib
from collections.abc import Mapping, Sequence
from typing import Any

Row = tuple[int, dict[str, float]]  # an optimizer step, and what was recorded there
PROJECT = "groklab"  # what trackers file runs under, unless their own settings say otherwise


class TrackedRun(abc.ABC):
    """A run as a tracker has it."""

    @abc.abstractmethod
    def last_step(self) -> int:
        """Return the last step that the tracker has of the run, −1 where it has none."""

    @abc.abstractmethod
    def write(self, rows: Sequence[Row]) -> None:
        """Add rows, in the order of their steps."""

    @abc.abstractmethod
    def close(self, final: Mapping[str, int] | None) -> None:
        """Add the run's milestones, where it is finished, and let go of it; None where it is not."""


class Tracker(abc.ABC):
    """A tracker. One thread makes all calls of it and of its runs, and may wait in them; what they raise is told once.

    It is made before anything is trained, and imports all that it needs there: Python 3.11 parses sources for one
    thread at a time, and packages such as pydantic, which parse theirs when they are imported, can end in a SystemError
    where JAX traces in another.
    """

    @abc.abstractmethod
    def open(self, name: str, id: str, settings: Mapping[str, Any]) -> TrackedRun:
        """Return the tracker's run of a run's name and id, made with its settings where there is none."""


def imported(module: str) -> Any:
    """Return a module of a tracker's package: these are imported late, and only where they are asked for."""
    return importlib.import_module(module)
