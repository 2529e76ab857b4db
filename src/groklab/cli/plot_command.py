"""`groklab plot RUN …`: draw runs again."""

import argparse

from groklab.cli.theory import expected
from groklab.plots import draw
from groklab.store import DEFAULT, Store


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "runs",
        nargs="+",
        help="names or ids of runs; seeds of one setting are drawn as median and range, settings apart",
    )
    parser.add_argument("--store", default=DEFAULT, help=f"folder or URL of the runs (default {DEFAULT})")
    parser.add_argument("--out", help="file to write: .png, .jpg, .pdf or .svg (default: beside the run)")


def execute(options: argparse.Namespace) -> int:
    """Draw the runs and say where the figure is."""
    store = Store(options.store)
    runs = store.find_all(options.runs)
    print(draw(runs, options.out, expected(runs)))
    return 0
