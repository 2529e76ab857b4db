"""The runs of a store as the page knows them: each is read again when its files have changed."""

import threading
import time
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from groklab.errors import RunMissing, StoreError
from groklab.page.entry import Entry, entry_of, hashed, key_of, state_of
from groklab.store import Run, Store

SHARE = 0.05  # of the time that looking at all runs may take
LEAST = 1.0  # seconds from one look at all runs to the next
SOON = 0.5  # seconds after which it is worth looking for a run that was not there


class News(NamedTuple):
    """What has changed since a version of the list: runs, the keys of those that are gone, and the version now."""

    changed: list[Entry]
    gone: list[str]
    until: int


class Library:
    """The runs of a store by their keys. It may be asked from several threads, for several browsers."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._entries: dict[str, Entry] = {}
        self._stamps: dict[str, float] = {}
        self._versions: dict[str, int] = {}  # of the list, at which each run changed last, those that are gone too
        self._version = 0
        self._lock = threading.Lock()
        self._next, self._looked = 0.0, 0.0
        self._keys: dict[str, str] = {}  # by the names of runs
        self._kept: frozenset[str] | None = None

    def keep(self, names: Iterable[str]) -> None:
        """Know the runs of these names only."""
        self._kept = frozenset(names)
        self._next = 0.0

    def entries(self) -> list[Entry]:
        """Return all runs, as they were when they were last looked at."""
        self.look()
        with self._lock:
            return list(self._entries.values())

    def entry(self, key: str) -> Entry:
        """Return the run of a key; raise `RunMissing` where there is none."""
        found = self._entries.get(key)
        if found is None:
            self.look(at_once=time.monotonic() - self._looked > SOON)  # it may be new
            found = self._entries.get(key)
        if found is None:
            raise RunMissing(f"No run in this store has the id {key[:40]!r}. Was it removed? #/runs lists all.")
        return found

    def look(self, *, at_once: bool = False) -> None:
        """Look at all runs, unless that was done a moment ago."""
        with self._lock:
            began = time.monotonic()
            if began < self._next and not at_once:
                return
            found = self.store.folder.stamps()
            stamps = {name: at for name, at in found.items() if self._kept is None or name in self._kept}
            self._read(stamps)
            for key in [key for key, entry in self._entries.items() if entry.run.name not in stamps]:
                self._forget(key)
            self._looked = time.monotonic()
            self._next = self._looked + max(LEAST, (self._looked - began) / SHARE)

    def look_at(self, names: Iterable[str]) -> None:
        """Look at some runs by their names, and at those that are being trained."""
        with self._lock:
            running = [entry.run.name for entry in self._entries.values() if entry.state == "running"]
            self._read(dict.fromkeys([*running, *names], 0.0))

    def news(self, since: int) -> News:
        """Return what has changed since a version of the list; 0 is before all."""
        with self._lock:
            keys = [key for key, version in self._versions.items() if version > since]
            changed = [self._entries[key] for key in keys if key in self._entries]
            return News(changed, [key for key in keys if key not in self._entries], self._version)

    def _read(self, stamps: Mapping[str, float]) -> None:
        """Read the runs that have changed; a stamp of 0 tells nothing, and the run's own files are asked."""
        for name, stamp in stamps.items():
            run = self.store.named(name)
            key = self._key(run)
            known = self._entries.get(key)
            if known is not None and stamp and stamp == self._stamps.get(key) and known.state != "running":
                continue
            if (written := _written(run)) is None:  # a folder that is no run's, or not yet
                self._forget(key)
                continue
            self._stamps[key] = stamp
            if known is None or known.written != written or _has_stopped(known):
                self._entries[key] = entry_of(run, key, written)
                self._note(key)

    def _key(self, run: Run) -> str:
        """Return the key of a run; of two with one id, as a copied folder has it, the first has the plain one."""
        if run.name not in self._keys:
            plain = key_of(run)
            self._keys[run.name] = hashed(run.name) if plain in self._keys.values() else plain
        return self._keys[run.name]

    def _forget(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._note(key)

    def _note(self, key: str) -> None:
        self._version += 1
        self._versions[key] = self._version


def _written(run: Run) -> float | None:
    try:
        return run.last_shown() if run.is_there() else None
    except StoreError:  # removed meanwhile, or a file among the runs
        return None


def _has_stopped(entry: Entry) -> bool:
    """Whether a run that counts as running has said nothing for too long."""
    return entry.state == "running" and state_of(entry.status, entry.written) != "running"
