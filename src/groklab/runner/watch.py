"""What a runner tells while it works."""

from typing import NamedTuple


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

    def note(self, text: str) -> None:
        """Take note of a choice the runner made."""

    def report(self, report: Report) -> None:
        """Take note of a moment of one run."""

    def compiling(self, run: str) -> None:
        """Take note that a run's program is being compiled, which can take a minute."""

    def leave(self) -> None:
        """End the process, if it is one's own: it was asked to stop, everything is saved, and a program compiles."""
