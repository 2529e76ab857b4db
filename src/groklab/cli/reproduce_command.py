"""`groklab reproduce PAPER[/FIGURE] … [NAME=VALUE …]`: train, draw and judge what a paper says, or a variation."""

import argparse
import time

from rich.console import Console
from rich.text import Text

from groklab.cli import output
from groklab.cli.choice import add_data, take_data
from groklab.cli.progress import ProgressLine
from groklab.cli.tracking import add_tracking, tracked, trackers_of
from groklab.cli.verdicts import verdicts_table
from groklab.errors import DataMissing, InvalidSetting, MissingExtra
from groklab.papers import PAPERS, catalogue, ledger
from groklab.papers.catalogue import Entry
from groklab.papers.claims import SCALES, Scale, Verdict
from groklab.papers.reproduce import Reproduced, planned, reproduce
from groklab.runner import ENGINES
from groklab.runner.compiled import keep_programs
from groklab.store import DEFAULT, Store

CHANGED = "Judged by the bounds of the figure as it is; not entered in the ledger."
EXAMPLES = (
    "change one thing, in all runs of a figure, or take other seeds:",
    "  groklab reproduce nanda2023/progress weight_decay=2",
    "  groklab reproduce nanda2023/phase-change p=59 fraction=0.8 steps=800 seed=0..2",
    "groklab run --help lists the settings. What a figure itself varies stays as it is. The picture says what was",
    "changed; the verdicts are shown, but not entered in the ledger.",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "what", nargs="+", metavar="PAPER[/FIGURE]", help=f"{', '.join(PAPERS)}, or power2022/fig1-left"
    )
    # For the help alone: the first takes all words. They may stand in any order, and are told apart by their sign.
    parser.add_argument(
        "changes", nargs="*", default=[], metavar="NAME=VALUE", help="what shall differ in all runs of a figure"
    )
    parser.add_argument("--scale", choices=SCALES, default="laptop", help="size of the runs (default laptop)")
    parser.add_argument("--store", default=DEFAULT, help=f"folder or URL to keep runs in (default {DEFAULT})")
    add_data(parser)
    parser.add_argument("--engine", choices=ENGINES, default="local", help="where runs are trained (default local)")
    add_tracking(parser)
    parser.add_argument("--quiet", action="store_true", help="no progress line")
    parser.epilog = "\n".join([*EXAMPLES, "", "figures:", *(f"  {line}" for line in _lines())])


def execute(options: argparse.Namespace) -> int:
    """Reproduce every figure asked for; print its verdicts as it is done."""
    keep_programs()
    console = output.console()
    take_data(options)
    trackers_of(options)  # refuses before anything is trained, and not as a figure that lacks something
    began = time.perf_counter()
    given = [*options.what, *options.changes]
    names, changes = ([word for word in given if ("=" in word) == is_change] for is_change in (False, True))
    if not names:
        raise InvalidSetting(
            f"`PAPER[/FIGURE]` must say which figure shall have {changes[0]}. Known: {', '.join(PAPERS)}."
        )
    entries = catalogue.named(names)
    runs = {entry: _planned(entry, options.scale, changes) for entry in entries}  # refuses before anything is trained
    verdicts: list[Verdict] = []
    for entry, count in runs.items():
        try:
            verdicts += _reproduced(entry, count, changes, options, console).verdicts
        except (DataMissing, MissingExtra) as error:
            if f"{entry.paper}/{entry.name}" in names:
                raise
            console.print(f"left out: {error}\n", highlight=False, markup=False)  # of a whole paper the rest is made
    console.print(f"{ledger.counted(verdicts)}; {time.perf_counter() - began:,.0f} s", highlight=False)
    return 0


def _reproduced(
    entry: Entry, runs: int, changes: list[str], options: argparse.Namespace, console: Console
) -> Reproduced:
    """Reproduce one figure, and print what came of it."""
    about = f"with {' '.join(changes)}" if changes else entry.summary
    console.print(Text.assemble((f"{entry.paper}/{entry.name}", "bold"), f"  {about}"))
    how = {"scale": options.scale, "engine": options.engine, "changes": changes}
    line, store = ProgressLine(console, runs, is_silent=options.quiet), Store(options.store)
    with line as progress, tracked(progress, options, store) as watch:
        done = reproduce(entry.paper, entry.name, store, watch=watch, **how)
    console.print(verdicts_table(done.verdicts))
    if changes:
        for verdict in done.verdicts:
            if verdict.because:
                console.print(f"{verdict.claim.name}: {verdict.because}", highlight=False)
        console.print(CHANGED, highlight=False)
    if done.conclusion:
        console.print(done.conclusion, highlight=False)
    console.print(f"figure: {done.picture}\n", soft_wrap=True, highlight=False)
    return done


def _planned(entry: Entry, scale: Scale, changes: list[str]) -> int:
    try:
        return planned(entry.paper, entry.name, scale, changes)
    except InvalidSetting as refusal:
        raise InvalidSetting(f"{entry.paper}/{entry.name}: {refusal}") from None


def _lines() -> list[str]:
    entries = catalogue.named(PAPERS)
    width = max(len(f"{entry.paper}/{entry.name}") for entry in entries)
    return [f"{entry.paper + '/' + entry.name:{width}}  {entry.summary}" for entry in entries]
