"""One run on disk: a folder with its plan, its recorded numbers and its checkpoint.

plan.json               the plan, and the versions and hardware it ran on
status.json             how far it is, its milestones, its cost
metrics/part-*.parquet  one row for each recorded step, in the order of writing
recent.parquet          while it runs: the rows since the last part, for those who watch
metrics.parquet         all rows in one file, when the run is finished
state.safetensors       the checkpoint; it says which parts it covers
table.safetensors       for table tasks: the cells, and which of them are withheld
snapshots/step-*        the weights at some recorded steps, where the plan asks for them
measured-*.parquet      what was measured of the snapshots afterwards
lock                    held by the process that writes
"""

import contextlib
import errno
from collections.abc import Mapping
from typing import Any

import filelock
import numpy as np

from groklab.columns import Columns, join
from groklab.errors import RunDamaged, RunLocked, RunMissing, StoreError
from groklab.store import names
from groklab.store.files import Folder, saying
from groklab.store.formats import (
    damaged,
    from_json,
    from_parquet,
    from_safetensors,
    to_json,
    to_parquet,
    to_safetensors,
)
from groklab.store.names import METRICS, PARTS, PLAN, RECENT, SNAPSHOTS, STATE, STATUS, TABLE
from groklab.store.strangers import refuse_strangers


class Run:
    """The folder of one run. Reading needs no lock; `begin` takes the one that writing needs."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.name = folder.url.rsplit("/", 1)[-1]
        self.id = self.name.rsplit("-", 1)[-1]
        self._parts, self._snapshots = folder.folder(PARTS), folder.folder(SNAPSHOTS)
        self._lock: filelock.BaseFileLock | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Run) and self.folder.url == other.folder.url

    def __hash__(self) -> int:
        return hash(self.folder.url)

    def __repr__(self) -> str:
        try:
            status = self.status()
        except StoreError:  # a broken run must not keep others from being listed
            return f"<Run {self.name}, which cannot be read>"
        return (
            f"<Run {self.name}, {'finished' if status.get('is_finished') else 'unfinished'} at step {status['step']:,}>"
        )

    # reading

    def plan(self) -> dict[str, Any]:
        """Return the plan and what it ran on, as JSON values."""
        about = self._json(PLAN)
        self._check_owner(self.folder, PLAN, about.get("id"))
        return about

    def status(self) -> dict[str, Any]:
        """Return how far the run is; an unfinished run without a checkpoint is at step 0."""
        if not self.folder.has(STATUS):
            return {"step": 0, "is_finished": False}
        status = self._json(STATUS)
        self._check_owner(self.folder, STATUS, status.pop("run", None))
        return status

    def written(self) -> float:
        """Return when the run was last saved, or begun where it never was, in seconds since 1970."""
        name = next((name for name in (STATUS, PLAN, STATE) if self.folder.has(name)), None)
        if name is None:  # also where it went since it was found
            raise RunMissing(f"`{self.folder.url}` is not there. Was the run moved or deleted?")
        return self.folder.written(name)

    def is_there(self) -> bool:
        """Whether the folder is that of a run, be it damaged."""
        return any(self.folder.has(name) for name in (PLAN, STATUS, STATE))

    def is_finished(self) -> bool:
        """Whether the run reached its end."""
        return bool(self.status().get("is_finished"))

    def metrics(self, after: int = -1) -> Columns:
        """Return the recorded numbers by column, those after a step, also those not yet saved; {} for none.

        Of a run that is being trained no more is read than that takes. Later parts that repeat a step win.
        """
        if self.folder.has(METRICS):
            columns = self._rows(self.folder, METRICS)
            is_whole = after < 0 and len(columns["step"])
            return columns if is_whole else _chosen(columns, np.flatnonzero(columns["step"] > after))
        tables = self._recent()  # before the parts: what it holds may become one meanwhile
        for name in reversed(self._part_names()):
            tables.insert(0, self._rows(self._parts, name))
            if np.any(tables[0]["step"][:1] <= after):
                break
        columns = join(tables)
        last = {int(step): row for row, step in enumerate(columns.get("step", ())) if step > after}
        return _chosen(columns, np.array([last[step] for step in sorted(last)], int))

    def last_shown(self) -> float:
        """Return when rows were last shown or saved, in seconds since 1970."""
        written = self.written()
        with contextlib.suppress(StoreError):  # it may go meanwhile: the run has come to its end
            return max(self.folder.written(RECENT), written) if self.folder.has(RECENT) else written
        return written

    def checkpoint(self) -> tuple[Columns, dict[str, Any]] | None:
        """Return the checkpoint's arrays and what it says of itself, or None where there is none."""
        return self._arrays(self.folder, STATE)

    def has_checkpoint(self) -> bool:
        """Whether there is a checkpoint, be it damaged."""
        return self.folder.has(STATE)

    def snapshots(self) -> list[int]:
        """Return the steps whose weights are kept."""
        found = map(names.SNAPSHOT.fullmatch, self._snapshots.names())
        return [int(match.group(1)) for match in found if match]

    def snapshot(self, step: int) -> Columns:
        """Return the weights at a step, by name; raise `RunMissing` where they were not kept."""
        kept = self.snapshots()
        found = self._arrays(self._snapshots, names.snapshot(step)) if step in kept else None
        if found is None:
            cure = (
                f"The nearest that is: {min(kept, key=lambda other: abs(other - step))}."
                if kept
                else "No step is: train it with snapshots=1.2, for example."
            )
            raise RunMissing(f"`step` must be one whose weights {self.name} has kept, got {step}. {cure}")
        return found[0]

    def table(self) -> tuple[Columns, dict[str, Any]] | None:
        """Return the table of a table task, or None."""
        return self._arrays(self.folder, TABLE)

    # writing

    def begin(self, plan: Mapping[str, Any], *, again: bool = False) -> list[str]:
        """Lock the run for writing and lay its plan down; raise `RunLocked` if another process writes it.

        Return what had to be mended, a sentence each. Raise `StoreError` where the folder is not a run's: nothing that
        groklab did not make is removed or written over.
        """
        refuse_strangers(self.folder, [self._parts, self._snapshots])
        self.folder.create()
        self._take_lock()
        if again:
            self._erase()
        self.folder.sweep(names.is_half_written)
        self._parts.create()
        self._parts.sweep(names.is_half_written)
        return self._mend_plan(plan)

    def release(self) -> None:
        """Let other processes write."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def write_table(self, arrays: Mapping[str, np.ndarray], about: Mapping[str, Any]) -> None:
        """Write the table of a table task."""
        self._write_arrays(self.folder, TABLE, arrays, about)

    def keep(self, step: int, weights: Mapping[str, np.ndarray]) -> None:
        """Write the weights at a step."""
        self._refuse_orphans()
        self._snapshots.create()
        self._write_arrays(self._snapshots, names.snapshot(step), weights, {"step": step})

    def remember(self, name: str, columns: Columns) -> None:
        """Write numbers that were worked out from the run."""
        self.folder.write(names.measured(name), to_parquet(columns))

    def recall(self, name: str) -> Columns | None:
        """Return what `remember` wrote, or None."""
        file = names.measured(name)
        return self._columns(self.folder, file) if self.folder.has(file) else None

    def resume(self) -> tuple[Columns, dict[str, Any], Columns] | None:
        """Return the checkpoint, what it says of itself and the numbers it covers; drop what lies beyond it."""
        saved = self.checkpoint()
        if saved and saved[1]["parts"] == 0 and self.folder.has(METRICS):  # cut off while finishing
            return *saved, self.metrics()
        self.folder.remove(METRICS)
        self.folder.remove(RECENT)
        covered = saved[1]["parts"] if saved else 0
        found = self._part_names()
        for name in found[covered:]:
            self._parts.remove(name)
        if saved is None:
            return None
        missing = [name for name in map(names.part, range(covered)) if name not in found]
        if missing:
            raise RunDamaged(damaged(f"{self.folder.url}/{PARTS}/{missing[0]}", "it is missing"))
        return *saved, join([self._rows(self._parts, name) for name in found[:covered]])

    def save(
        self, rows: Columns, arrays: Mapping[str, np.ndarray], step: int, parts: int, status: Mapping[str, Any]
    ) -> int:
        """Write new rows as a part, then the checkpoint that covers it; return the number of parts."""
        self._refuse_orphans()
        if rows:
            self._parts.write(names.part(parts), to_parquet(rows))
            parts += 1
        self._write_arrays(self.folder, STATE, arrays, {"step": step, "parts": parts})
        self._write_status({**status, "step": step, "is_finished": False})
        return parts

    def show(self, rows: Columns) -> None:
        """Write the rows since the last save for those who watch, on this machine; no run goes on from there."""
        if self.folder.local_path is not None and self.folder.has(PLAN):  # elsewhere each write is a request
            self.folder.write(RECENT, to_parquet(rows))

    def finish(self, columns: Columns, arrays: Mapping[str, np.ndarray], step: int, status: Mapping[str, Any]) -> None:
        """Write everything in its final form: one table, one checkpoint, no parts."""
        self._refuse_orphans()
        self.folder.remove(RECENT)
        self.folder.write(METRICS, to_parquet(columns))
        self._write_arrays(self.folder, STATE, arrays, {"step": step, "parts": 0})
        self._write_status({**status, "step": step, "is_finished": True})
        self._parts.remove_all(names.is_part)

    def _refuse_orphans(self) -> None:
        if not self.folder.has(PLAN):
            raise StoreError(
                f"`{self.folder.url}` was removed or changed while it was trained: nothing more is written."
            )

    def _mend_plan(self, plan: Mapping[str, Any]) -> list[str]:
        is_new = not self.is_there()
        try:
            if self.folder.has(PLAN) and self.plan():
                return []
            what = "is missing"
        except RunDamaged:
            what = "is damaged"
        self.folder.write(PLAN, to_json(plan))
        return [] if is_new else [f"`{self.folder.url}/{PLAN}` {what}: it is written again"]

    def _erase(self) -> None:
        self._parts.remove_all(names.is_part)
        self._snapshots.remove_all(names.is_snapshot)
        for name in self.folder.names():
            if name in (STATUS, PLAN, STATE, METRICS, RECENT, TABLE) or names.MEASURED.fullmatch(name):
                self.folder.remove(name)

    def _take_lock(self) -> None:
        if self.folder.local_path is None:
            return  # object stores have no locks; docs/design.md says what that means
        self._lock = filelock.FileLock(f"{self.folder.local_path}/{names.LOCK}")
        with saying(self.folder.url):
            try:
                self._lock.acquire(timeout=0)
            except NotImplementedError as error:
                self._lock = None
                raise OSError(errno.ENOSYS, str(error)) from None
            except filelock.Timeout:  # an OSError, but not one of the disk
                self._lock = None
                raise RunLocked(
                    f"`{self.folder.url}` is being written by another process. Wait for it, or choose another --store."
                ) from None

    def _recent(self) -> list[Columns]:
        with contextlib.suppress(RunMissing):
            return [self._rows(self.folder, RECENT)]
        return []

    def _part_names(self) -> list[str]:
        return [name for name in self._parts.names() if names.PART.fullmatch(name)]

    def _rows(self, folder: Folder, name: str) -> Columns:
        """Return recorded numbers; raise `RunDamaged` where they have no steps."""
        columns = self._columns(folder, name)
        if "step" not in columns or columns["step"].dtype.kind not in "iu":
            raise RunDamaged(damaged(f"{folder.url}/{name}", "its rows have no steps that are whole numbers"))
        return columns

    def _columns(self, folder: Folder, name: str) -> Columns:
        columns = from_parquet(folder.read(name), f"{folder.url}/{name}")
        if "run" in columns and len(columns["run"]):
            self._check_owner(folder, name, columns["run"][0])
        return columns

    def _arrays(self, folder: Folder, name: str) -> tuple[Columns, dict[str, Any]] | None:
        if not folder.has(name):
            return None
        arrays, about = from_safetensors(folder.read(name), f"{folder.url}/{name}")
        self._check_owner(folder, name, about.pop("run", None))
        return arrays, about

    def _write_arrays(
        self, folder: Folder, name: str, arrays: Mapping[str, np.ndarray], about: Mapping[str, Any]
    ) -> None:
        folder.write(name, to_safetensors(arrays, {"run": self.id, **about}))

    def _write_status(self, status: Mapping[str, Any]) -> None:
        self.folder.write(STATUS, to_json({"run": self.id, **status}))

    def _json(self, name: str) -> dict[str, Any]:
        return from_json(self.folder.read(name), f"{self.folder.url}/{name}")

    def _check_owner(self, folder: Folder, name: str, owner: Any) -> None:
        if owner != self.id:
            raise RunDamaged(damaged(f"{folder.url}/{name}", f"it is that of another run, {owner}"))


def _chosen(columns: Columns, rows: np.ndarray) -> Columns:
    return {name: values[rows] for name, values in columns.items()} if len(rows) else {}
