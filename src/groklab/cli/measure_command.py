"""`groklab measure RUN MEASURE …`: what measures say of the weights that a run has kept."""

import argparse
import csv
import sys

import numpy as np
import xarray
from rich.console import Console
from rich.table import Table

from groklab import measures
from groklab.cli.choice import RUN, add_choice, chosen
from groklab.cli.words import number, wide
from groklab.errors import InvalidSetting, unknown
from groklab.measures import Measure
from groklab.runner import measured
from groklab.store import Store
from groklab.training import decode

STEPS_SHOWN = 8
WORDS = {kind.__name__.lower(): kind for kind in measures.KINDS}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("words", nargs="*", metavar="RUN MEASURE …", help=f"{RUN}, and some of {', '.join(WORDS)}")
    parser.add_argument("--step", type=int, help="at one step whose weights were kept (default: at all of them)")
    parser.add_argument("--csv", action="store_true", help="every number, as CSV, instead of a table of the main ones")
    add_choice(parser)


def execute(options: argparse.Namespace) -> int:
    """Measure, and print what was found by step."""
    name = None if options.last else next(iter(options.words), None)
    wanted = [measure_named(word) for word in options.words[0 if options.last else 1 :]]
    if not wanted:
        raise InvalidSetting(f"`measure` must be some of {', '.join(WORDS)}, got none.")
    run = chosen(Store(options.store), name, is_last=options.last)
    steps = None if options.step is None else [options.step]
    found = measured(decode(run.plan()["plan"]), run, wanted, steps)
    if not found.data_vars:
        raise InvalidSetting(
            f"`{run.name}` has kept no weights on its way. Train it with snapshots=1.2, then measure again."
        )
    if options.csv:
        _csv(found)
    else:
        wide(Console()).print(_table(found))
    return 0


def measure_named(word: str) -> Measure:
    """Return the measure that a word stands for."""
    if word.lower() not in WORDS:
        raise InvalidSetting(unknown("measure", word, WORDS))
    return WORDS[word.lower()]()


def _csv(found: xarray.Dataset) -> None:
    writer = csv.writer(sys.stdout)
    names = [str(name) for name in found.data_vars]
    writer.writerow(["step", *names])
    for row in range(found.sizes["step"]):
        writer.writerow([int(found.step[row]), *(float(found[name][row]) for name in names)])


def _table(found: xarray.Dataset) -> Table:
    """Return a row for each number that is not one of a numbered series, a column for some of the steps."""
    every = [str(name) for name in found.data_vars]
    names = [name for name in every if not name.rpartition(".")[2].isdigit()] or every
    rows = np.unique(np.linspace(0, found.sizes["step"] - 1, STEPS_SHOWN).round().astype(int))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for word in ("step", *(f"{int(found.step[row]):,}" for row in rows)):
        table.add_column(word, justify="left" if word == "step" else "right", no_wrap=True)
    for name in names:
        table.add_row(name, *(number(float(found[name][row])) for row in rows))
    if len(rows) < found.sizes["step"]:
        table.caption = f"{len(rows)} of {found.sizes['step']} kept steps; --csv gives them all"
        table.caption_justify = "left"
    return table
