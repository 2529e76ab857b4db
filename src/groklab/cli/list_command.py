"""`groklab list`: what there is to choose from, and the papers and runs of a store."""

import argparse
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from groklab.cli import as_json, catalogue, output
from groklab.cli.words import number
from groklab.errors import StoreError
from groklab.milestones import CROSSINGS
from groklab.papers import PAPERS, ledger
from groklab.papers.catalogue import figures, title
from groklab.papers.claims import SCALES, Verdict
from groklab.store import DEFAULT, Run, Store
from groklab.store.words import differing, of_run

SECTIONS = ("tasks", "models", "objectives", "optimizers", "measures", "settings", "papers", "runs")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("section", nargs="?", choices=SECTIONS, help="only this section")
    parser.add_argument("--json", action="store_true", help="as JSON, for other programs")
    parser.add_argument("--store", default=DEFAULT, help=f"folder or URL of the runs (default {DEFAULT})")


def execute(options: argparse.Namespace) -> int:
    """Print the sections."""
    if options.json:
        store = Store(options.store)
        found = {name: as_json.listed(name, store) for name in SECTIONS if options.section in (None, name)}
        print(as_json.text_of(found[options.section] if options.section else found))
        return 0
    console = output.console()
    sections = {
        "tasks": _tasks,
        "models": _models,
        "objectives": _objectives,
        "optimizers": _optimizers,
        "measures": _measures,
        "settings": _settings,
    }
    for name, show in sections.items():
        if options.section in (None, name):
            show(console)
    if options.section in (None, "papers"):
        _papers(console, Store(options.store))
    if options.section in (None, "runs"):
        _runs(console, Store(options.store))
    return 0


def _tasks(console: Console) -> None:
    table = _table("Tasks: a word for `groklab run`", "word", "what it computes, modulo p")
    for name, formula in catalogue.operations():
        table.add_row(name, formula)
    table.add_row(
        "S5, A4, D6, Z12, Q8, Z2xS3",
        "composition in a group: symmetric, alternating, dihedral, cyclic, quaternion, product",
    )
    table.add_row("my-table.csv", "a table of your own; blanks are filled in")
    table.add_row("mainline", "x + y mod 113 as in Nanda et al. 2023: tokens, split, network and all")
    table.add_row("digits", "adding two numbers of five digits, fresh ones in every batch; size=700 for a fixed number")
    table.add_row("repeats", "random tokens in which a stretch comes again: what induction heads are for")
    table.add_row("skip-trigrams", "one token somewhere before decides the answer at the end")
    table.add_row("teacher-student", "regression of what another network answers, as in Liu et al. 2023")
    table.add_row("linear-teacher", "regression of a weighted sum, as in Levi et al. 2024 (groklab predict)")
    table.add_row("polynomial-teacher", "regression of the square of a weighted sum, as in Kumar et al. 2024")
    table.add_row("kernel-eigenvector", "regression of what a lazy network finds easy (which=1) or hard (which=200)")
    table.add_row("quadratic", "x + y mod 97 by a quadratic network, as in Gromov 2023")
    table.add_row("curve", "a polynomial through twenty noisy points: degree=19 is the worst (groklab predict)")
    table.add_row("digits8", "handwritten digits of 8 by 8 pixels, regressed on one-hot vectors")
    table.add_row("parity", "the product of 3 of 40 bits, from 1,000 examples; size=0 for fresh ones in every batch")
    console.print(table)
    _kinds(console, "Settings of tasks", "tasks", ("Given",))


def _models(console: Console) -> None:
    _kinds(console, "Models", "models")


def _objectives(console: Console) -> None:
    _kinds(console, "Objectives: objective=cross-entropy, squared-error, …", "objectives")


def _optimizers(console: Console) -> None:
    table = _table("Optimizers: optimizer=… begins with the defaults of its kind", "word", "what it is")
    table.add_row("adamw", "Adam with weight decay 1 (the default)")
    table.add_row("adam", "Adam without weight decay")
    table.add_row("sgd", "gradient descent; optimizer.rule=momentum has a momentum")
    console.print(table)
    _kinds(console, "Settings of optimizers", "optimizers")


def _measures(console: Console) -> None:
    _kinds(console, "Measures", "measures")


def _settings(console: Console) -> None:
    _kinds(console, "Settings of every run", "training")


def _kinds(console: Console, title: str, package: str, skip: tuple[str, ...] = ()) -> None:
    table = _table(title, "kind", "setting", "default", "")
    for kind in catalogue.kinds(package, skip):
        table.add_row(kind.name, "", "", kind.summary, style="bold")
        for name, default, text in kind.fields:
            table.add_row("", name, default, text)
    console.print(table)


def _papers(console: Console, store: Store) -> None:
    verdicts, trouble = _verdicts(store)
    for paper in PAPERS:
        table = _table(title(paper), "figure", *SCALES, "what it shows")
        for entry in figures(paper):
            found = [each for each in verdicts if (each.paper, each.figure) == (paper, entry.name)]
            standing = [_standing([each for each in found if each.scale == scale]) for scale in SCALES]
            table.add_row(f"{paper}/{entry.name}", *standing, entry.summary)
        console.print(table)
    marks = ", ".join(f"{mark} {word}" for word, mark in ledger.MARKS.items())
    console.print(f"claims in {store.folder.url}: {marks}, minutes of training; – never run", highlight=False)
    if trouble:
        console.print(trouble, highlight=False)


def _verdicts(store: Store) -> tuple[list[Verdict], str]:
    try:
        return ledger.read(store), ""
    except StoreError as error:  # a broken ledger must not hide what can be reproduced
        return [], str(error)


def _standing(verdicts: Sequence[Verdict]) -> str:
    """Say how many claims of a figure hold, fail and are undecided, and what its runs cost."""
    if not verdicts:
        return "–"
    counts = " ".join(f"{mark} {sum(each.verdict == word for each in verdicts)}" for word, mark in ledger.MARKS.items())
    return f"{counts}, {verdicts[0].made.seconds / 60:,.0f} min"


def _runs(console: Console, store: Store) -> None:
    runs = store.runs()
    if not runs:
        console.print(f"No runs in {store.folder.url}. Train one with: groklab run division fraction=0.4 stop_after=5")
        return
    table = _table(f"Runs in {store.folder.url}", "run", "step", "memorized", "generalized", "settled", "settings")
    names = {task: differing([run for run in runs if _task(run) == task]) for task in set(map(_task, runs))}
    for run in runs:
        try:
            status, words = run.status(), of_run(run, names[_task(run)])
        except StoreError as error:  # one broken run must not hide the others
            table.add_row(run.name, "", "", "", "", str(error))
            continue
        at = [number(status.get(name)) for name in CROSSINGS]
        table.add_row(run.name, f"{status['step']:,}{_state(status)}", *at, words)
    console.print(table)


def _state(status: dict[str, Any]) -> str:
    if status.get("diverged_at") is not None:
        return " diverged"
    return "" if status["is_finished"] else " …"


def _task(run: Run) -> str:
    """Return the task's word, with which a run's name begins: runs of one task are told apart, not from all others."""
    return run.name.rpartition("-")[0]


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in ("run", "figure", *SCALES))
    return table
