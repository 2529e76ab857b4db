"""Runs of Weights & Biases: offline, unless its own variables or a login say otherwise."""

import glob
import netrc
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from groklab.tracking.base import PROJECT, Row, TrackedRun, Tracker, imported

SERVER = "https://api.wandb.ai"
LAST = "last-step"  # a file beside that of an offline run, which only its server can read again
# Numbers alone: no output of the terminal, no code, and nothing of the machine.
ALONE = {
    "console": "off",
    "save_code": False,
    "disable_git": True,
    "x_disable_stats": True,
    "x_disable_meta": True,
    "x_save_requirements": False,
    "silent": True,
}


def tracker(folder: str) -> Tracker:
    """Return the tracker whose files lie in a folder, or where WANDB_DIR says."""
    return WeightsAndBiases(os.environ.get("WANDB_DIR") or folder)


class WeightsAndBiases(Tracker):
    """A project of Weights & Biases, or its files."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        if "WANDB_MODE" not in os.environ and not is_logged_in():
            # In the environment, or what it measures of itself would be sent all the same.
            os.environ.update({"WANDB_MODE": "offline", "WANDB_ERROR_REPORTING": "false"})
        imported("wandb.apis.public")  # or a thread would, when it begins a run
        self._init, self._settings = imported("wandb").init, imported("wandb").Settings(**ALONE)

    def open(self, name: str, id: str, settings: Mapping[str, Any]) -> TrackedRun:
        """Return the run, which goes on where the server has it; offline it is one more part of it."""
        os.makedirs(self._folder, exist_ok=True)
        last = last_step(f"{self._folder}/wandb", id)
        if last >= 0:
            time.sleep(1.1)  # the folder of a part is named by its second
        run = self._init(
            project=os.environ.get("WANDB_PROJECT", PROJECT),
            name=name,
            id=id,
            resume="allow",
            reinit="create_new",
            config=dict(settings),
            dir=self._folder,
            mode=os.environ.get("WANDB_MODE"),
            settings=self._settings,
        )
        return Part(run, last if run.offline else run.step - 1)


class Part(TrackedRun):
    """What one process writes of a run."""

    def __init__(self, run: Any, last: int) -> None:
        self._run, self._last = run, last
        # Written in its place at every row: a process that is killed leaves no half of it.
        self._note = open(Path(run.dir).with_name(LAST), "wb", 0) if run.offline else None  # noqa: SIM115

    def last_step(self) -> int:
        """Return the last step that the server, or the offline parts, have."""
        return self._last

    def write(self, rows: Sequence[Row]) -> None:
        """Log rows, and note how far they go."""
        for step, numbers in rows:
            self._run.log(numbers, step=step, commit=True)  # or a row is kept back until the next one
            if self._note is not None:
                self._note.seek(0)
                self._note.write(b"%20d" % step)

    def close(self, final: Mapping[str, int] | None) -> None:
        """Put the milestones into the summary, and end the part."""
        self._run.summary.update(dict(final or {}))
        self._run.finish(exit_code=1 if final is None else 0)
        if self._note is not None:
            self._note.close()


def last_step(folder: str, id: str) -> int:
    """Return the last step in the offline parts of a run, −1 where there is none."""
    parts = glob.glob(f"{glob.escape(folder)}/offline-run-*-{glob.escape(id)}/{LAST}")
    return max((int(Path(part).read_bytes() or -1) for part in parts), default=-1)


def is_logged_in() -> bool:
    """Whether there is a key for the server, in a variable or where `wandb login` writes it."""
    if os.environ.get("WANDB_API_KEY") or os.environ.get("WANDB_IDENTITY_TOKEN_FILE"):
        return True
    host = urlsplit(os.environ.get("WANDB_BASE_URL") or SERVER).hostname or ""
    try:
        return netrc.netrc(os.environ.get("NETRC")).authenticators(host) is not None
    except (OSError, netrc.NetrcParseError):
        return False
