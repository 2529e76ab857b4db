"""`groklab table TASK`: print a table with the cells withheld from training as `·`, to guess from."""

import argparse
import itertools
import sys

import numpy as np

from groklab.cli.run_command import SETTINGS_HELP
from groklab.errors import InvalidSetting, InvalidTable
from groklab.tasks import UNKNOWN, BinaryTable, Given, render
from groklab.tasks.table_file import MAX_BYTES
from groklab.training import Plan, Sweep, sweep_from

WITHHELD = "·"
PIPED = "-"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "task", help=f"division, S5, my-table.csv, … (groklab list tasks), or {PIPED} for a table on standard input"
    )
    parser.add_argument("overrides", nargs="*", metavar="name=value", help=SETTINGS_HELP)
    parser.add_argument("--limit", type=int, default=24, help="rows and columns to print (default 24)")
    parser.epilog = (
        f"{WITHHELD} is a cell withheld from training, ? one that the table leaves blank. `groklab run` with the same\n"
        "settings withholds the same cells."
    )


def execute(options: argparse.Namespace) -> int:
    """Print the table of every plan."""
    grid = grid_of(options.task, options.overrides)
    plans = grid.plans()
    texts = [table(plan, options.limit) for plan in plans]
    if len(plans) > 1:
        texts = [f"{words}\n\n{text}" for words, text in zip(headings(grid), texts, strict=True)]
    print("\n\n".join(texts))
    return 0


def grid_of(task: str, overrides: list[str]) -> Sweep:
    """Return the sweep asked for; the word `-` is subtraction only where nothing is piped in."""
    if task != PIPED or sys.stdin is None or sys.stdin.isatty():
        return sweep_from(task, overrides)
    return sweep_from(Plan(task=BinaryTable(piped())), overrides)


def piped() -> Given:
    """Return the table on standard input, of which no more is read than a table may hold."""
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    except OSError as error:
        got = (error.strerror or type(error).__name__).lower()
        raise InvalidTable(f"`standard input` must be readable, got: {got}. Give the path of a file.") from error
    if not data.strip():
        raise InvalidTable("`standard input` must hold a table, got nothing. For x - y write subtraction.")
    return Given.from_bytes(data, "`standard input`")


def table(plan: Plan, limit: int) -> str:
    """Return a plan's table as text, and what the marks in it mean."""
    if not isinstance(plan.task, BinaryTable):
        raise InvalidSetting(f"`task` must be a table to be printed, got {plan.task.name}.")
    cells = plan.task.operation.cells()
    is_blank = cells.values == UNKNOWN
    hidden = plan.task.layout(plan.task.examples(seed=plan.seeds.split)).withheld & ~is_blank
    marked = cells._replace(
        answers=(*cells.answers, WITHHELD), values=np.where(hidden, len(cells.answers), cells.values)
    )
    counts = [f"{WITHHELD} withheld from training: {hidden.sum():,} of {(cells.values >= 0).sum():,} known cells"]
    counts += [f"? not known: {is_blank.sum():,}"] if is_blank.any() else []
    return f"{render(marked, limit=limit)}\n\n{'; '.join(counts)}"


def headings(grid: Sweep) -> list[str]:
    """Return the settings of every plan of a sweep."""
    points = itertools.product(*(axis.points for axis in grid.axes))
    return [", ".join(f"{name} = {value}" for each in point for name, value in each.items()) for point in points]
