"""One run on disk: a folder with its plan, its recorded numbers and its checkpoint.

plan.json               the plan, and the versions and hardware it ran on
status.json             how far it is, its milestones, its cost
metrics/part-*.parquet  one row for each recorded step, in the order of writing
metrics.parquet         the same, in one file, when the run is finished
state.safetensors       the checkpoint; it says which parts it covers
table.safetensors       for table tasks: the cells, and which of them are withheld
snapshots/step-*        the weights at some recorded steps, where the plan asks for them
measured-*.parquet      what was measured of the snapshots afterwards
lock                    held by the process that writes
"""

import json
from collections.abc import Mapping
from typing import Any

import filelock
import numpy as np

from groklab.errors import RunDamaged, RunLocked, RunMissing, StoreError
from groklab.store.files import Folder, saying
from groklab.store.tables import (
    Columns,
    damaged,
    from_parquet,
    from_safetensors,
    join,
    to_parquet,
    to_safetensors,
)

STATE, METRICS, TABLE = "state.safetensors", "metrics.parquet", "table.safetensors"
SNAPSHOT = ".safetensors"


class Run:
    """The folder of one run. Reading needs no lock; `begin` takes the one that writing needs."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.name = folder.url.rsplit("/", 1)[-1]
        self.id = self.name.rsplit("-", 1)[-1]
        self._parts, self._snapshots = folder.folder("metrics"), folder.folder("snapshots")
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
        return self._json("plan.json")

    def status(self) -> dict[str, Any]:
        """Return how far the run is; an unfinished run without a checkpoint is at step 0."""
        return self._json("status.json") if self.folder.has("status.json") else {"step": 0, "is_finished": False}

    def written(self) -> float:
        """Return when the run was last saved, or begun where it never was, in seconds since 1970."""
        return self.folder.written("status.json" if self.folder.has("status.json") else "plan.json")

    def is_finished(self) -> bool:
        """Whether the run reached its end."""
        return bool(self.status().get("is_finished"))

    def metrics(self) -> Columns:
        """Return all recorded numbers by column; later parts that repeat a step win."""
        if self.folder.has(METRICS):
            return from_parquet(self.folder.read(METRICS), f"{self.folder.url}/{METRICS}")
        parts = [self._part(name) for name in self._parts.names()]
        columns = join(parts)
        if not columns:
            return {}
        steps = columns["step"]
        last = {int(step): row for row, step in enumerate(steps)}
        rows = np.array([last[step] for step in sorted(last)])
        return {name: values[rows] for name, values in columns.items()}

    def checkpoint(self) -> tuple[Columns, dict[str, Any]] | None:
        """Return the checkpoint's arrays and what it says of itself, or None where there is none."""
        return self._arrays(STATE)

    def snapshots(self) -> list[int]:
        """Return the steps whose weights are kept."""
        return [int(name.removesuffix(SNAPSHOT).rpartition("-")[2]) for name in self._snapshots.names()]

    def snapshot(self, step: int) -> Columns:
        """Return the weights at a step, by name; raise `RunMissing` where they were not kept."""
        kept = self.snapshots()
        if step not in kept:
            cure = (
                f"The nearest that is: {min(kept, key=lambda other: abs(other - step))}."
                if kept
                else "No step is: train it with snapshots=1.2, for example."
            )
            raise RunMissing(f"`step` must be one whose weights {self.name} has kept, got {step}. {cure}")
        name = _snapshot(step)
        return from_safetensors(self._snapshots.read(name), f"{self._snapshots.url}/{name}")[0]

    def table(self) -> tuple[Columns, dict[str, Any]] | None:
        """Return the table of a table task, or None."""
        return self._arrays(TABLE)

    # writing

    def begin(self, plan: Mapping[str, Any], *, again: bool = False) -> None:
        """Lock the run for writing and lay its plan down; raise `RunLocked` if another process writes it."""
        self.folder.create()
        self._take_lock()
        if again:
            self._erase()
        self.folder.sweep()
        self._parts.create()
        self._parts.sweep()
        if not self.folder.has("plan.json"):
            self._write_json("plan.json", plan)

    def release(self) -> None:
        """Let other processes write."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def write_table(self, arrays: Mapping[str, np.ndarray], about: Mapping[str, Any]) -> None:
        """Write the table of a table task."""
        self.folder.write(TABLE, to_safetensors(arrays, about))

    def keep(self, step: int, weights: Mapping[str, np.ndarray]) -> None:
        """Write the weights at a step."""
        self._snapshots.create()
        self._snapshots.write(_snapshot(step), to_safetensors(weights, {"step": step}))

    def remember(self, name: str, columns: Columns) -> None:
        """Write numbers that were worked out from the run."""
        self.folder.write(f"measured-{name}.parquet", to_parquet(columns))

    def recall(self, name: str) -> Columns | None:
        """Return what `remember` wrote, or None."""
        file = f"measured-{name}.parquet"
        return from_parquet(self.folder.read(file), f"{self.folder.url}/{file}") if self.folder.has(file) else None

    def resume(self) -> tuple[Columns, dict[str, Any], Columns] | None:
        """Return the checkpoint, what it says of itself and the numbers it covers; drop what lies beyond it."""
        saved = self.checkpoint()
        if saved and saved[1]["parts"] == 0 and self.folder.has(METRICS):  # cut off while finishing
            return *saved, self.metrics()
        self.folder.remove(METRICS)
        covered = saved[1]["parts"] if saved else 0
        names = self._parts.names()
        for name in names[covered:]:
            self._parts.remove(name)
        if saved is None:
            return None
        if len(names) < covered:
            raise RunDamaged(damaged(f"{self.folder.url}/metrics", len(names)))
        return *saved, join([self._part(name) for name in names[:covered]])

    def save(
        self, rows: Columns, arrays: Mapping[str, np.ndarray], step: int, parts: int, status: Mapping[str, Any]
    ) -> int:
        """Write new rows as a part, then the checkpoint that covers it; return the number of parts."""
        if rows:
            self._parts.write(f"part-{parts:05d}.parquet", to_parquet(rows))
            parts += 1
        self.folder.write(STATE, to_safetensors(arrays, {"step": step, "parts": parts}))
        self._write_json("status.json", {**status, "step": step, "is_finished": False})
        return parts

    def finish(self, columns: Columns, arrays: Mapping[str, np.ndarray], step: int, status: Mapping[str, Any]) -> None:
        """Write everything in its final form: one table, one checkpoint, no parts."""
        self.folder.write(METRICS, to_parquet(columns))
        self.folder.write(STATE, to_safetensors(arrays, {"step": step, "parts": 0}))
        self._write_json("status.json", {**status, "step": step, "is_finished": True})
        self.folder.remove("metrics")

    def _erase(self) -> None:
        derived = [name for name in self.folder.names() if name.startswith("measured-")]
        for name in ("status.json", "plan.json", STATE, METRICS, TABLE, "metrics", "snapshots", *derived):
            self.folder.remove(name)

    def _take_lock(self) -> None:
        if self.folder.local_path is None:
            return  # object stores have no locks; docs/design.md says what that means
        self._lock = filelock.FileLock(f"{self.folder.local_path}/lock")
        with saying(self.folder.url):
            try:
                self._lock.acquire(timeout=0)
            except filelock.Timeout:  # an OSError, but not one of the disk
                self._lock = None
                raise RunLocked(
                    f"`{self.folder.url}` is being written by another process. Wait for it, or choose another --store."
                ) from None

    def _part(self, name: str) -> Columns:
        return from_parquet(self._parts.read(name), f"{self._parts.url}/{name}")

    def _arrays(self, name: str) -> tuple[Columns, dict[str, Any]] | None:
        if not self.folder.has(name):
            return None
        return from_safetensors(self.folder.read(name), f"{self.folder.url}/{name}")

    def _write_json(self, name: str, value: Mapping[str, Any]) -> None:
        self.folder.write(name, json.dumps(value, indent=1).encode())

    def _json(self, name: str) -> dict[str, Any]:
        content = self.folder.read(name)
        try:
            return json.loads(content)
        except ValueError:
            raise RunDamaged(damaged(f"{self.folder.url}/{name}", len(content))) from None


def _snapshot(step: int) -> str:
    return f"step-{step:010d}{SNAPSHOT}"
