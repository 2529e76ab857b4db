"""A run in a line: what the list of runs says of it."""

import hashlib
import json
import re
import time
from typing import Any, NamedTuple

from groklab.errors import StoreError
from groklab.naming import SEEDS
from groklab.page.checks import NUMBERS, Odd, check
from groklab.store import Run
from groklab.store.words import settings_of, without_seeds

QUIET = 20.0  # seconds without a word after which an unfinished run counts as stopped
ID = re.compile(r"[0-9a-f]{12}")


class Entry(NamedTuple):
    """What is known of a run from its plan and its status.

    `key` stands for it in addresses; `group` is shared by runs that differ in their seeds alone; `written` is when it
    last said something, in seconds since 1970.
    """

    run: Run
    key: str
    task: str
    state: str
    written: float
    group: str
    parent: dict[str, Any] | None
    status: dict[str, Any]
    settings: dict[str, Any]
    trouble: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return what the list shows, but for the settings."""
        return {
            "key": self.key,
            "name": self.run.name,
            "task": self.task,
            "state": self.state,
            "group": self.group,
            "seeds": [self.settings.get(name) for name in SEEDS],
            "parent": self.parent,
            "trouble": self.trouble,
            **{name: self.status.get(name) for name in NUMBERS},
        }


def entry_of(run: Run, key: str, written: float) -> Entry:
    """Read what the list says of a run; of a damaged one, what is damaged."""
    try:
        about, status = run.plan(), run.status()
        status.setdefault("steps", about["plan"]["steps"])
        settings = settings_of(about)
        check(about, settings, status)
        known = state_of(status, written), written, _group(about), about.get("parent"), status, settings
        return Entry(run, key, about["task"], *known)
    except StoreError as error:
        trouble = str(error)
    except Exception as error:  # whole, and not what any version of ours writes: it must hide no other run
        what = f" ({error})" if isinstance(error, Odd) else ""
        rule = f"`{run.folder.url}` must hold a plan and a status as groklab writes them, got others{what}"
        trouble = f"{rule}. Was it made by another program?"
    return Entry(run, key, run.name.rpartition("-")[0], "damaged", written, key, None, {}, {}, trouble)


def state_of(status: dict[str, Any], written: float) -> str:
    """Say how a run is; one that is not finished runs as long as it says something now and then."""
    if status.get("diverged_at") is not None:
        return "diverged"
    if status.get("is_finished"):
        return "finished"
    return "running" if time.time() - written < QUIET else "stopped"


def key_of(run: Run) -> str:
    """Return what stands for a run in addresses: its id, or a hash of its name where that is no id."""
    return run.id if ID.fullmatch(run.id) else hashed(run.name)


def hashed(name: str) -> str:
    """Return a key for a run whose id cannot be one."""
    return hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def _group(about: dict[str, Any]) -> str:
    text = json.dumps([about["task"], without_seeds(about.get("plan", {}))], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
