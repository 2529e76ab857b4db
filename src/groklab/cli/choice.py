"""What is meant: which run, one named or the last, and which task."""

import argparse
from collections.abc import Sequence

from groklab.data.places import name_folder
from groklab.errors import InvalidSetting, RunMissing
from groklab.store import DEFAULT, Run, Store

RUN = "name or id of a run, or the beginning of one (groklab list runs)"


def add_choice(parser: argparse.ArgumentParser) -> None:
    """Declare the options that choose a run where none is named."""
    parser.add_argument("--last", action="store_true", help="the run that was trained last, instead of a name")
    parser.add_argument("--store", default=DEFAULT, help=f"folder or URL of the runs (default {DEFAULT})")


def add_data(parser: argparse.ArgumentParser) -> None:
    """Declare the option that says where data from outside the project lies."""
    parser.add_argument("--data", metavar="DIR", help="folder with copies of MNIST and the like (groklab data)")


def take_data(options: argparse.Namespace) -> None:
    """Let data be looked for in the folder that is named, if one is."""
    if options.data is not None:
        name_folder(options.data)


def chosen(store: Store, name: str | None, *, is_last: bool) -> Run:
    """Return the run that is meant; raise `RunMissing` unless it is either named or the last one."""
    if is_last == (name is not None):
        raise RunMissing(f"`run` must be a name or --last, got {'both' if is_last else 'neither'}.")
    return store.last() if name is None else store.find(name)


def told_apart(words: Sequence[str | None]) -> tuple[str | None, list[str]]:
    """Return the task, if one is named, wherever it stands, and the settings; raise `InvalidSetting` for two tasks."""
    tasks = [word for word in words if word and "=" not in word]
    if len(tasks) > 1:
        raise InvalidSetting(f"`task` must be one, got {tasks[0]} and {tasks[1]}. Settings have the form name=value.")
    return next(iter(tasks), None), [word for word in words if word and "=" in word]
