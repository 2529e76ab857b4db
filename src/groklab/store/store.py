"""A store: a folder of runs, local or at any fsspec URL."""

import contextlib
import os
from collections.abc import Sequence

from groklab.errors import RunMissing, StoreError
from groklab.store.files import Folder
from groklab.store.run import Run
from groklab.store.words import differing, of_run

DEFAULT = os.environ.get("GROKLAB_STORE") or "./runs"
WIDTH = 90  # characters of what tells a run apart
SHOWN = 8  # runs that a refusal names


class Store:
    """A folder of runs; it need not exist before the first is written."""

    def __init__(self, url: str = DEFAULT) -> None:
        self.folder = Folder(url)

    def runs(self) -> list[Run]:
        """Return all runs by name, the damaged ones too."""
        return [run for name in self.folder.names() if (run := self._run(name)).is_there()]

    def run(self, task: str, id: str) -> Run:
        """Return the run of a task with an id, whether it exists or not."""
        return self._run(f"{task}-{id}")

    def named(self, name: str) -> Run:
        """Return the run of a full name, whether it exists or not."""
        return self._run(name)

    def find(self, name: str) -> Run:
        """Return the one run whose name or id begins with `name`; raise `RunMissing` with what there is."""
        return self.find_all([name])[0]

    def find_all(self, names: Sequence[str]) -> list[Run]:
        """Return the run that each name means, as `find` does, from one look at the store."""
        runs = self._some()
        return [self._meant(name, runs) for name in names]

    def _meant(self, name: str, runs: Sequence[Run]) -> Run:
        found = [run for run in runs if run.name == name or run.id.startswith(name) or run.name.startswith(name)]
        exact = [run for run in found if name in (run.name, run.id)]
        if len(found) == 1 or exact:
            return (exact or found)[0]
        if found:
            raise RunMissing(
                f"`{name}` begins the names of {len(found)} runs. Give more of the name, or take the one trained last:"
                f" groklab show --last.\n{_told_apart(found)}"
            )
        known = ", ".join(run.name for run in runs[:SHOWN])
        more = f" and {len(runs) - SHOWN} more: groklab list runs" if len(runs) > SHOWN else ""
        raise RunMissing(
            f"No run in `{self.folder.url}` has a name or id that begins with `{name}`. There are: {known}{more}."
        )

    def last(self) -> Run:
        """Return the run that was written last."""
        return max(self._some(), key=lambda run: run.written())

    def _some(self) -> list[Run]:
        runs = self.runs()
        if not runs:
            raise RunMissing(f"`{self.folder.url}` holds no runs. Train one with: groklab run division")
        return runs

    def _run(self, name: str) -> Run:
        return Run(self.folder.folder(name))


def _told_apart(runs: Sequence[Run]) -> str:
    """Return a line for each run with what tells it apart; a run whose plan is broken has only its name."""
    width, names = max(len(run.name) for run in runs), differing(runs)
    return "\n".join(f"  {run.name:{width}}  {_words(run, names)}".rstrip() for run in runs)


def _words(run: Run, names: Sequence[str]) -> str:
    with contextlib.suppress(StoreError):
        words = of_run(run, names)
        return words if len(words) <= WIDTH else f"{words[: WIDTH - 2]} …"
    return ""
