"""`groklab claims`: the ledger of all claims judged in a store, without training."""

import argparse

from groklab.cli import output
from groklab.cli.verdicts import verdicts_table
from groklab.papers import ledger
from groklab.store import DEFAULT, Store


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--format", choices=("table", "markdown", "json"), default="table", help="how to print it")
    parser.add_argument("--store", default=DEFAULT, help=f"folder or URL of the runs (default {DEFAULT})")


def execute(options: argparse.Namespace) -> int:
    """Print the ledger."""
    verdicts = ledger.read(Store(options.store))
    if options.format != "table":
        print({"markdown": ledger.as_markdown, "json": ledger.as_json}[options.format](verdicts), end="")
        return 0
    console = output.console()
    if not verdicts:
        console.print(f"No claims in {options.store} yet. Judge some with: groklab reproduce power2022/fig1-left")
        return 0
    console.print(verdicts_table(verdicts, is_whole=True))
    console.print(ledger.counted(verdicts), highlight=False)
    return 0
