"""`groklab show RUN`: its plan, its milestones, its blanks filled in."""

import argparse
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from groklab.cli.words import number, wide
from groklab.store import DEFAULT, Run, Store
from groklab.store.differences import flat

BLANKS_SHOWN = 40


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("run", help="name or id of a run, or the beginning of one (groklab list runs)")
    parser.add_argument("--store", default=DEFAULT, help=f"folder or URL of the runs (default {DEFAULT})")


def execute(options: argparse.Namespace) -> int:
    """Print the run."""
    console = wide(Console())
    run = Store(options.store).find(options.run)
    about, status = run.plan(), run.status()
    state = "finished" if status["is_finished"] else "unfinished: the command that began it goes on"
    console.print(f"[bold]{run.name}[/bold]  {state}  ({run.folder.url})")
    console.print(_pairs(status))
    console.print(_pairs(flat(about["plan"])))
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    console.print(f"on {about['hardware']['device']} ({about['hardware']['cores']} cores): {versions}")
    for line in blanks(run):
        console.print(line, highlight=False)
    return 0


def blanks(run: Run) -> list[str]:
    """Return the cells whose answer the user does not know, as the network fills them in."""
    table, saved = run.table(), run.checkpoint()
    if table is None or saved is None or "predictions.end" not in saved[0]:
        return []
    arrays, about = table
    places = np.argwhere((arrays["truth"] < 0) & (arrays["row"] >= 0))
    predicted = saved[0]["predictions.end"][:, 0]
    lines = [
        f"  {about['left'][i]} {about['sign']} {about['right'][j]} = {about['words'][predicted[arrays['row'][i, j]]]}"
        for i, j in places[:BLANKS_SHOWN]
    ]
    if len(places) > BLANKS_SHOWN:
        lines.append(f"  … and {len(places) - BLANKS_SHOWN} more")
    count = "The one blank" if len(places) == 1 else f"The {len(places)} blanks"
    return [f"{count}, filled in by the network:", *lines] if len(places) else []


def _pairs(values: dict[str, Any]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 2))
    for name, value in values.items():
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        table.add_row(name, number(value) if is_number or value is None else str(value))
    return table
