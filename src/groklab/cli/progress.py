"""The lines that move while runs are trained, or something is calculated."""

import contextlib
import signal
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from groklab.cli import leave
from groklab.runner import Report, Watch
from groklab.store.words import percent

STOPPED = "Stopped and saved. The same command goes on from here."
LINES = 4  # at most, for runs one by one; of the others, and of more than that side by side, only their number is


class ProgressLine(Watch):
    """Shows step, steps/s, time left and accuracies of the runs in hand; called by the runner at every moment."""

    def __init__(self, console: Console, runs: int, *, is_silent: bool) -> None:
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=16),
            TextColumn("{task.fields[text]}", markup=False),
            TimeRemainingColumn(compact=True),
        )
        self._console, self._is_silent = console, is_silent
        self._bars = Bars(*columns, console=console, disable=is_silent, transient=True, speed_estimate_period=30)
        self._all = self._bars.add_task("all runs", total=runs, text=f"0 of {runs}", visible=runs > 1)
        self._tasks: dict[str, TaskID] = {}
        self._first: dict[str, tuple[int, float]] = {}
        self._rates: dict[str, float] = {}
        self._shares: dict[str, float] = {}
        self._runs = runs
        self._is_asked = False  # at Ctrl-C, whether to say something

    def note(self, text: str) -> None:
        """Print a choice the runner made."""
        if not self._is_silent:
            self._console.print(text, highlight=False)

    def compiling(self, run: str) -> None:
        """Show that a run's program is being compiled."""
        if run not in self._tasks and len(self._tasks) < LINES:
            self._tasks[run] = self._bars.add_task(run, total=None, text="compiling …")

    def calculating(self) -> None:
        """Show that nothing is trained any more, and what is calculated."""
        self._bars.add_task("calculating", total=None, text="what needs no training: up to two minutes")

    def leave(self, *_: object) -> None:
        """End the process: everything is saved, and what is under way would be waited for."""
        self.stop()
        self._console.print(STOPPED)
        leave()

    def report(self, report: Report) -> None:
        """Take note of a moment of one run."""
        now = time.perf_counter()
        first_step, first_time = self._first.setdefault(report.run, (report.step, now))
        if report.step > first_step:
            self._rates[report.run] = (report.step - first_step) / (now - first_time)
        self._shares[report.run] = 1.0 if report.is_finished else report.step / report.steps
        finished = sum(share == 1 for share in self._shares.values())
        self._bars.update(self._all, completed=sum(self._shares.values()), text=f"{finished} of {self._runs}")
        self._line(report)

    def _line(self, report: Report) -> None:
        if report.is_finished:
            self._take_away(report.run)
            return
        if report.run not in self._tasks and report.width <= LINES and len(self._tasks) < LINES:
            self._tasks[report.run] = self._bars.add_task(report.run, total=report.steps, text="")
        if report.run not in self._tasks:
            return
        text = (
            f"step {report.step:,}  {self.rate_of(report.run)} steps/s  train "
            f"{percent(report.train_accuracy, 1):>7}  validation {percent(report.validation_accuracy, 1):>7}"
        )
        self._bars.update(self._tasks[report.run], total=report.steps, completed=report.step, text=text)

    def _take_away(self, name: str) -> None:
        if name in self._tasks:
            self._bars.remove_task(self._tasks.pop(name))

    def rate_of(self, name: str) -> str:
        """Return a run's steps per second, compilation left out; a dash where none were made."""
        return f"{self._rates[name]:.0f}" if name in self._rates else "–"

    @property
    def seen(self) -> set[str]:
        """The names of the runs that were trained."""
        return set(self._shares)

    def stop(self) -> None:
        """Take the line away."""
        self._bars.stop()

    def __enter__(self) -> "ProgressLine":
        self._bars.start()
        if signal.getsignal(signal.SIGINT) is leave:  # in a process of its own, where Ctrl-C ends it without a word
            with contextlib.suppress(ValueError):  # another thread than the main one cannot
                signal.signal(signal.SIGINT, self.leave)
                self._is_asked = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_asked:
            signal.signal(signal.SIGINT, leave)
        self._bars.stop()
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            self._console.print(STOPPED)
