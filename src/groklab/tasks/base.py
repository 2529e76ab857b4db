"""The interface of a task."""

import abc

from groklab.settings import Settings
from groklab.types import Examples


class Task(Settings):
    """Something to learn from examples."""

    @property
    @abc.abstractmethod
    def name(self) -> str:
        """A word for the task, as in file names."""

    @abc.abstractmethod
    def examples(self, *, seed: int) -> Examples:
        """Return every example and the split; the same seed gives the same ones."""

    @property
    def is_fresh(self) -> bool:
        """Whether each batch is drawn anew, by the task's `draw`, instead of from the examples."""
        return False
