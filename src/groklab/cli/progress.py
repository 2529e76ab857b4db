"""The line that moves while runs are trained."""

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from groklab.runner import Recorder


class Progress:
    """Shows step, steps/s, time left and accuracies of the runs in hand; called by the runner at every moment."""

    def __init__(self, console: Console, runs: int, *, is_silent: bool) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(bar_width=16),
            TextColumn("{task.fields[text]}"),
            TimeRemainingColumn(compact=True),
        )
        self._bars = Bars(*columns, console=console, disable=is_silent, transient=True, speed_estimate_period=20)
        self._tasks: dict[str, TaskID] = {}
        self._first: dict[str, tuple[int, float]] = {}
        self._rates: dict[str, float] = {}
        self._runs = runs

    def __call__(self, recorder: Recorder, step: int, width: int) -> None:
        """Take note of a moment of one run."""
        name = recorder.run.name
        now = time.perf_counter()
        if name not in self._tasks:
            self._tasks[name] = self._bars.add_task(name, total=recorder.plan.steps, text="compiling")
        first_step, first_time = self._first.setdefault(name, (step, now))
        if step > first_step:
            self._rates[name] = (step - first_step) / (now - first_time)
        status = recorder.status()
        text = (
            f"step {step:,}  {self.rate_of(name)} steps/s  train {status.get('train_accuracy', 0):6.1%}  "
            f"validation {status.get('validation_accuracy', 0):6.1%}"
        )
        self._bars.update(self._tasks[name], completed=step, text=text)
        if recorder.is_finished:
            self._bars.update(self._tasks[name], visible=False)

    def rate_of(self, name: str) -> str:
        """Return a run's steps per second, compilation left out; a dash where none were made."""
        return f"{self._rates[name]:.0f}" if name in self._rates else "–"

    @property
    def seen(self) -> set[str]:
        """The names of the runs that were trained."""
        return set(self._tasks)

    def stop(self) -> None:
        """Take the line away."""
        self._bars.stop()

    def __enter__(self) -> "Progress":
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()
