"""`groklab export RUN`: a run's network as files that other tools read."""

import argparse

from rich.console import Console

from groklab.cli.words import wide
from groklab.runner import export
from groklab.store import DEFAULT, Store
from groklab.training import decode

FORMS = ("transformer-lens",)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("run", help="name or id of a run, or the beginning of one (groklab list runs)")
    parser.add_argument("--to", choices=FORMS, default=FORMS[0], help="for which tool (default transformer-lens)")
    parser.add_argument("--step", type=int, help="of a step whose weights were kept (default: the last)")
    parser.add_argument("--output", default=".", help="folder or URL to write to (default: here)")
    parser.add_argument("--store", default=DEFAULT, help=f"folder or URL of the runs (default {DEFAULT})")


def execute(options: argparse.Namespace) -> int:
    """Write the files and say where they are."""
    console = wide(Console())
    run = Store(options.store).find(options.run)
    for place in export(decode(run.plan()["plan"]), run, options.output, step=options.step):
        console.print(place, soft_wrap=True, highlight=False)
    return 0
