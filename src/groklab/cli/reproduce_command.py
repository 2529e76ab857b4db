"""`groklab reproduce PAPER[/FIGURE] …`: train, draw and judge what a paper says."""

import argparse
import time

from rich.console import Console

from groklab.cli.progress import Progress
from groklab.cli.verdicts import verdicts_table
from groklab.cli.words import wide
from groklab.papers import PAPERS, catalogue, ledger
from groklab.papers.claims import SCALES, Verdict
from groklab.papers.reproduce import planned, reproduce
from groklab.runner import ENGINES
from groklab.store import DEFAULT, Store


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "what", nargs="+", metavar="PAPER[/FIGURE]", help=f"{', '.join(PAPERS)}, or power2022/fig1-left"
    )
    parser.add_argument("--scale", choices=SCALES, default="laptop", help="size of the runs (default laptop)")
    parser.add_argument("--store", default=DEFAULT, help=f"folder or URL to keep runs in (default {DEFAULT})")
    parser.add_argument("--engine", choices=ENGINES, default="local", help="where runs are trained (default local)")
    parser.add_argument("--quiet", action="store_true", help="no progress line")
    parser.epilog = "\n".join(["figures:", *(f"  {line}" for line in _lines())])


def execute(options: argparse.Namespace) -> int:
    """Reproduce every figure asked for; print its verdicts as it is done."""
    console = wide(Console())
    store = Store(options.store)
    verdicts: list[Verdict] = []
    began = time.perf_counter()
    for entry in catalogue.named(options.what):
        console.print(f"[bold]{entry.paper}/{entry.name}[/bold]  {entry.summary}", highlight=False)
        runs = planned(entry.paper, entry.name, options.scale)
        with Progress(console, runs, is_silent=options.quiet) as progress:
            try:
                done = reproduce(
                    entry.paper, entry.name, store, scale=options.scale, engine=options.engine, watch=progress
                )
            except KeyboardInterrupt:
                progress.stop()
                console.print("Stopped and saved. The same command goes on from here.")
                raise
        console.print(verdicts_table(done.verdicts))
        console.print(f"figure: {done.picture}\n", soft_wrap=True, highlight=False)
        verdicts += done.verdicts
    console.print(f"{ledger.counted(verdicts)}; {time.perf_counter() - began:,.0f} s", highlight=False)
    return 0


def _lines() -> list[str]:
    entries = catalogue.named(PAPERS)
    width = max(len(f"{entry.paper}/{entry.name}") for entry in entries)
    return [f"{entry.paper + '/' + entry.name:{width}}  {entry.summary}" for entry in entries]
