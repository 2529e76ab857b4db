"""Which run is meant: one named, or the last."""

import argparse

from groklab.errors import RunMissing
from groklab.store import DEFAULT, Run, Store

RUN = "name or id of a run, or the beginning of one (groklab list runs)"


def add_choice(parser: argparse.ArgumentParser) -> None:
    """Declare the options that choose a run where none is named."""
    parser.add_argument("--last", action="store_true", help="the run that was trained last, instead of a name")
    parser.add_argument("--store", default=DEFAULT, help=f"folder or URL of the runs (default {DEFAULT})")


def chosen(store: Store, name: str | None, *, is_last: bool) -> Run:
    """Return the run that is meant; raise `RunMissing` unless it is either named or the last one."""
    if is_last == (name is not None):
        raise RunMissing(f"`run` must be a name or --last, got {'both' if is_last else 'neither'}.")
    return store.last() if name is None else store.find(name)
