"""Runs that are begun on the page: the same command as on a command line, in a process of its own."""

import contextlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from typing import IO, Any, NamedTuple

from groklab.errors import GroklabError, InvalidSetting
from groklab.page.imports import ready

MOST = 2  # at once
ENDED = (0, 130)  # how a process ends that has finished, or was asked to stop
SECONDS_TO_END = 60.0
STEPS, SIDE, WIDTH = 100_000, 128, 1024  # at most: what a page begins takes minutes, not days
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,40}")
NUMBER = re.compile(r"[0-9]{1,10}(\.[0-9]{1,12})?([eE]-?[0-9]{1,2})?")


class Asked(NamedTuple):
    """A number that the page asks for: what it is, its bounds, what the form begins with, and the form's step."""

    what: str
    most: float
    usual: str
    least: float = 0
    step: str = "any"


SETTINGS = {
    "p": Asked("modulus", SIDE, "23", 2, "1"),
    "fraction": Asked("share of the table to train on", 1, "0.7"),
    "weight_decay": Asked("weight decay", 1e4, "1"),
    "learning_rate": Asked("learning rate", 1e2, "0.003"),
    "width": Asked("width of the embedding", WIDTH, "128", 1, "1"),
    "steps": Asked("steps at most", STEPS, "5000", 1, "1"),
    "seed": Asked("seed", 2**31 - 1, "3", 0, "1"),
}
GROUPS = ("S3", "S4", "A4", "D6", "Q8", "Z12")  # that the page names; it takes any other word of a table too
GROKLAB = (sys.executable, "-P", "-m", "groklab.page.minded")  # -P: no file of the current folder is run
MODELS = ("mlp", "transformer")
ALWAYS = ("snapshots=1.15", "stop_after=20")


def offered() -> dict[str, Any]:
    """Return what a form can ask for: the operations, the networks, and the numbers with their bounds."""
    ready()
    from groklab.tasks.modular import OPERATIONS

    return {
        "operations": [*OPERATIONS, *GROUPS],
        "modular": list(OPERATIONS),
        "models": list(MODELS),
        "numbers": [{"name": name, **asked._asdict()} for name, asked in SETTINGS.items()],
    }


class Play:
    """The processes that train what the page has asked for."""

    def __init__(self, place: str, *, is_allowed: bool = True) -> None:
        self.place, self.is_allowed = place, is_allowed
        self._running: dict[str, Trained] = {}
        self._said: dict[str, str] = {}
        self._lock = threading.Lock()

    def begin(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Train a run in a process of its own; raise `InvalidSetting` where that cannot be, before anything begins."""
        if not self.is_allowed:
            raise InvalidSetting("`play` must be allowed to train here. Start the page without --look-only.")
        ready()
        words = words_of(asked)
        task, id = _checked(words)
        name = f"{task}-{id}"
        with self._lock:
            self._reap()
            if name not in self._running:
                if len(self._running) >= MOST:
                    raise InvalidSetting(f"`play` must train at most {MOST} runs at once. Stop one, or wait for it.")
                self._running[name] = _started(words, self.place)
                self._said.pop(name, None)
        return {"name": name, "key": id, "command": f"groklab run {' '.join(words)}"}

    def stop(self, name: str) -> None:
        """Ask a run to save and to stop, as Ctrl-C does."""
        with self._lock:
            if name in self._running:
                self._running[name].process.send_signal(signal.SIGINT)

    def state(self) -> dict[str, Any]:
        """Return which runs are being trained, and what those said that ended with a word."""
        with self._lock:
            self._reap()
            return {"running": sorted(self._running), "said": dict(self._said)}

    def close(self) -> None:
        """Stop all, and wait until they are saved."""
        with self._lock:
            for each in self._running.values():
                each.process.send_signal(signal.SIGINT)
            for each in self._running.values():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    each.process.wait(SECONDS_TO_END)
            self._reap()

    def _reap(self) -> None:
        for name, each in list(self._running.items()):
            if each.process.poll() is not None:
                said = each.last_word()
                if each.process.returncode not in ENDED:
                    self._said[name] = said
                del self._running[name]


class Trained(NamedTuple):
    """A process that trains, and the file that it complains into: a pipe that nobody reads would fill up."""

    process: subprocess.Popen[bytes]
    errors: IO[bytes]

    def last_word(self) -> str:
        """Return the last line of complaint of a process that has ended, and close its files."""
        with self.errors, self.process:
            self.errors.seek(0)
            lines = self.errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1].removeprefix("groklab: ") if lines else "It ended without a word."


def words_of(asked: Mapping[str, Any]) -> list[str]:
    """Return the words of the command; raise `InvalidSetting` for anything but the few settings that the page has."""
    unknown = sorted(set(asked) - {"operation", "model", *SETTINGS})
    if unknown:
        raise InvalidSetting(f"`{unknown[0][:40]}` is not a setting of the page. Use `groklab run` for it.")
    operation, model = str(asked.get("operation", "addition")), str(asked.get("model", "mlp"))
    if not WORD.fullmatch(operation):
        raise InvalidSetting(
            f"`operation` must be the word of a table, such as addition or S4, got {operation[:40]!r}."
        )
    if model not in MODELS:
        raise InvalidSetting(f"`model` must be {' or '.join(MODELS)}, got {model[:40]!r}.")
    words = [operation, f"model={model}"]
    for name, setting in SETTINGS.items():
        value = str(asked.get(name, ""))
        if not value or (name == "p" and not _is_modular(operation)):
            continue
        if not NUMBER.fullmatch(value) or float(value) > setting.most:
            raise InvalidSetting(
                f"`{name}`, the {setting.what}, must be a number of at most {setting.most:g}, got {value[:40]!r}."
            )
        words.append(f"{name}={value}")
    return [*words, *ALWAYS]


def _is_modular(operation: str) -> bool:
    from groklab.tasks.modular import OPERATIONS

    return operation in OPERATIONS


def _checked(words: list[str]) -> tuple[str, str]:
    """Return the task and the id of the run that words describe; raise `InvalidSetting` unless it can be trained."""
    from groklab.tasks import BinaryTable
    from groklab.training import prepare, sweep_from

    try:
        (plan,) = sweep_from(words[0], words[1:]).plans()
    except GroklabError:
        raise
    except ValueError as error:
        raise InvalidSetting(f"`{words[0]}` cannot be trained: {error}") from None
    if not isinstance(plan.task, BinaryTable):
        raise InvalidSetting(f"`operation` must be the word of a table, got {words[0]}. Use `groklab run` for it.")
    side = max(plan.task.operation.cells().values.shape)
    if side > SIDE:
        raise InvalidSetting(
            f"`operation` must have a table of at most {SIDE} rows here, got {side}. Use `groklab run`."
        )
    prepare(plan)
    return plan.task.name, plan.id


def _started(words: list[str], place: str) -> Trained:
    command = [*GROKLAB, "run", *words, f"--store={place}", "--quiet", "--no-figure"]
    errors = tempfile.TemporaryFile()  # noqa: SIM115 (for as long as the process)
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,  # nothing is said: it closes when this process ends, in whichever way
        stdout=subprocess.DEVNULL,
        stderr=errors,
        start_new_session=True,  # out of the terminal's group: Ctrl-C there is the page's, which has every run saved
    )
    return Trained(process, errors)
