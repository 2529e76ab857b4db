"""A watch that hands what runs record to trackers, and everything to another watch."""

from collections.abc import Callable, Sequence
from types import TracebackType

from groklab.columns import Columns
from groklab.errors import unknown
from groklab.runner import Report, Watch
from groklab.store import Run, Store
from groklab.tracking.columns import ALL, USUAL, chosen, numbers_in
from groklab.tracking.kinds import refuse_missing
from groklab.tracking.writer import Writer

SECONDS = 60.0  # that a tracker gets at the end for what it has not taken yet
SECONDS_AT_CTRL_C = 5.0


class Tracking(Watch):
    """Hands numbers to trackers while it is entered; `watch` hears everything as before.

    `only` are the names of the numbers, or `all`. The files of trackers lie in `tracked` beside the runs of the store.
    What goes wrong with a tracker is said once, by `say`, and never reaches the training.
    """

    wants_rows = True

    def __init__(
        self,
        watch: Watch,
        trackers: Sequence[str],
        store: Store,
        *,
        only: Sequence[str] = USUAL,
        say: Callable[[str], None] = print,
    ) -> None:
        for name in trackers:
            refuse_missing(name)
        self._watch, self._trackers, self._only, self._say = watch, dict.fromkeys(trackers), tuple(only), say
        self._folder = f"{store.folder.local_path or '.'}/tracked"
        self._writers: list[Writer] = []
        self._runs: dict[str, Run] = {}
        self._unknown: set[str] = {ALL, *USUAL}  # what need not be recorded, or was told before

    def note(self, text: str) -> None:
        """Hand on a choice the runner made."""
        self._watch.note(text)

    def compiling(self, run: str) -> None:
        """Hand on that a run's program is being compiled."""
        self._watch.compiling(run)

    def calculating(self) -> None:
        """Hand on that what needs no training is calculated."""
        self._watch.calculating()

    def leave(self) -> None:
        """Hand on that the process is to end. What a tracker lacks then, it gets when the run goes on."""
        self._watch.leave()

    def recorded(self, run: Run, rows: Columns) -> None:
        """Hand the numbers that are asked for to every tracker."""
        self._watch.recorded(run, rows)
        self._runs[run.name] = run
        self._tell_unknown(rows)
        asked = chosen(rows, self._only)
        for writer in self._writers:
            writer.take(run, asked)

    def report(self, report: Report) -> None:
        """Hand on a moment of one run, and tell the trackers where it is the last."""
        self._watch.report(report)
        if report.is_finished and report.run in self._runs:
            run = self._runs.pop(report.run)
            for writer in self._writers:
                writer.take(run, None)

    def _tell_unknown(self, rows: Columns) -> None:
        for name in self._only:
            if name not in rows and name not in self._unknown:
                self._unknown.add(name)
                self._say(unknown("recorded number", name, numbers_in(rows)))

    def __enter__(self) -> "Tracking":
        self._writers = [Writer(name, f"{self._folder}/{name}", self._say) for name in self._trackers]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for writer in self._writers:
            writer.close(SECONDS if kind is None else SECONDS_AT_CTRL_C)
