"""What a runner tells while it works."""

from typing import NamedTuple

from groklab.columns import Columns
from groklab.store import Run


class Report(NamedTuple):
    """How far one run is; `width` runs share its program."""

    run: str
    step: int
    steps: int
    train_accuracy: float
    validation_accuracy: float
    is_finished: bool
    width: int


class Watch:
    """Listens to a runner, from several threads at once. This one says nothing."""

    wants_rows = False  # whether rows are read again for it where another process records them

    def note(self, text: str) -> None:
        """Take note of a choice the runner made."""

    def report(self, report: Report) -> None:
        """Take note of a moment of one run."""

    def recorded(self, run: Run, rows: Columns) -> None:
        """Take note of what a run recorded, in the order of its steps, before they are reported.

        A run that goes on begins with all rows that it has, and rows that were told before may come again.
        """

    def compiling(self, run: str) -> None:
        """Take note that a run's program is being compiled, which can take a minute."""

    def calculating(self) -> None:
        """Take note that all runs are there, and what needs none is calculated, which can take minutes."""

    def leave(self) -> None:
        """End the process, if it is one's own, as it was asked to: everything is saved, and nothing moves for long."""
