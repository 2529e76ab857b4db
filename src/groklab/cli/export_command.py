"""`groklab export RUN`: a run's network as files that other tools read."""

import argparse

from rich.console import Console

from groklab.cli.choice import RUN, add_choice, chosen
from groklab.cli.words import wide
from groklab.runner import export
from groklab.store import Store

FORMS = ("transformer-lens",)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("run", nargs="?", help=RUN)
    parser.add_argument("--to", choices=FORMS, default=FORMS[0], help="for which tool (default transformer-lens)")
    parser.add_argument("--step", type=int, help="of a step whose weights were kept (default: the last)")
    parser.add_argument("--output", default=".", help="folder or URL to write to (default: here)")
    add_choice(parser)


def execute(options: argparse.Namespace) -> int:
    """Write the files and say where they are."""
    console = wide(Console())
    run = chosen(Store(options.store), options.run, is_last=options.last)
    for place in export(run, options.output, step=options.step):
        console.print(place, soft_wrap=True, highlight=False)
    return 0
