"""A store: a folder of runs, local or at any fsspec URL."""

from groklab.errors import RunMissing
from groklab.store.files import Folder
from groklab.store.run import Run

DEFAULT = "./runs"


class Store:
    """A folder of runs; it need not exist before the first is written."""

    def __init__(self, url: str = DEFAULT) -> None:
        self.folder = Folder(url)

    def runs(self) -> list[Run]:
        """Return all runs, by name."""
        return [run for name in self.folder.names() if (run := self._run(name)).folder.has("plan.json")]

    def run(self, task: str, id: str) -> Run:
        """Return the run of a task with an id, whether it exists or not."""
        return self._run(f"{task}-{id}")

    def named(self, name: str) -> Run:
        """Return the run of a full name, whether it exists or not."""
        return self._run(name)

    def find(self, name: str) -> Run:
        """Return the one run whose name or id begins with `name`; raise `RunMissing` with what there is."""
        runs = self.runs()
        if not runs:
            raise RunMissing(f"`{self.folder.url}` holds no runs. Train one with: groklab run division")
        found = [run for run in runs if run.name == name or run.id.startswith(name) or run.name.startswith(name)]
        if len(found) == 1:
            return found[0]
        known = ", ".join(run.name for run in (found or runs)[:8])
        if found:
            raise RunMissing(f"`{name}` begins the names of {len(found)} runs: {known}. Give more of the name.")
        raise RunMissing(f"`{name}` is no run in {self.folder.url}. There are: {known}.")

    def _run(self, name: str) -> Run:
        return Run(self.folder.folder(name))
