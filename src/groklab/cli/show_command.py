"""`groklab show RUN`: its plan, its milestones, its blanks filled in."""

import argparse
import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from rich.table import Table
from rich.text import Text

from groklab.cli import as_json, output
from groklab.cli.choice import RUN, add_choice, chosen
from groklab.cli.words import number
from groklab.errors import StoreError
from groklab.milestones import THRESHOLD
from groklab.phases import NAMES, phases
from groklab.store import Columns, Run, Store
from groklab.store.words import parent_of, percent, settings, thresholds

BLANKS_SHOWN = 40
CROSSINGS = {
    "memorized": "first recorded step with training accuracy ≥ {memorized_from}",
    "generalized": "first recorded step with validation accuracy ≥ {generalized_from}",
    "settled": "from here on validation accuracy stays ≥ {generalized_from} to the end",
}
ENDS = (  # of each phase
    "training loss falls below 1 % of ln p",
    "then validation loss stays 5 % below its peak, or more",
    "then it stays below 0.01 nats (the phases of Nanda et al. 2023)",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("run", nargs="?", help=RUN)
    parser.add_argument("--json", action="store_true", help="as JSON, for other programs")
    add_choice(parser)


def execute(options: argparse.Namespace) -> int:
    """Print the run."""
    console = output.console()
    run = chosen(Store(options.store), options.run, is_last=options.last)
    about, status = run.plan(), run.status()
    if options.json:
        print(as_json.text_of({**as_json.run_of(run), "blanks": dict(filled(run)), "made_by": about.get("versions")}))
        return 0
    state = "finished" if status["is_finished"] else "unfinished: the command that began it goes on"
    console.print(Text.assemble((run.name, "bold"), f"  {state}  ({run.folder.url})"))
    console.print(_table([*milestones(run), *phase_rows(run.metrics(), about["plan"])]))
    for line in family(Store(options.store), run):
        console.print(line, highlight=False)
    console.print("settings:")
    console.print(_table((name, _plain(value), "") for name, value in settings(run).items()))
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    console.print(f"on {about['hardware']['device']} ({about['hardware']['cores']} cores): {versions}")
    for line in blanks(run):
        console.print(line, highlight=False)
    return 0


def family(store: Store, run: Run) -> Iterator[str]:
    """Yield from which run it was forked, and which were forked from it."""
    parent = parent_of(run)
    if parent is not None:
        is_there = store.named(parent["run"]).is_there()
        gone = "" if is_there else ", which is not in this store: its plan is in the fork's"
        yield f"forked from {parent['run']} at step {parent['step']:,}{gone}"
    forks = [each.name for each in store.runs() if (_parent(each) or {}).get("run") == run.name]
    if forks:
        yield f"forks: {', '.join(forks)}"


def _parent(run: Run) -> dict[str, Any] | None:
    with contextlib.suppress(StoreError):  # a damaged run has its own sentence elsewhere
        return parent_of(run)
    return None


def milestones(run: Run) -> Iterator[tuple[str, str, str]]:
    """Yield what became of a run: a word, a number, and what it means."""
    about, status = run.plan(), run.status()
    levels = {name: percent(level) for name, level in thresholds(run).items()}
    seconds = f"in {status['seconds']:,.0f} s" if "seconds" in status else ""
    steps = status.get("steps", about["plan"]["steps"])  # a run that has not been saved yet says nothing of them
    yield "trained", f"{status['step']:,} of at most {steps:,} steps", seconds
    lost = status.get("diverged_at")
    if lost is not None:
        yield "diverged at", f"step {lost:,}", "its loss was no finite number any more, and the run ended"
    for part, words in (("train", "training"), ("validation", "validation")):
        if f"{part}_accuracy" in status and lost is None:
            yield f"{words} accuracy", percent(status[f"{part}_accuracy"], 1), "at the last recorded step"
    for word, meaning in CROSSINGS.items():
        step = status.get(f"{word}_at")
        yield (
            f"{word} at",
            f"never in {status['step']:,} steps" if step is None else f"step {step:,}",
            meaning.format_map(levels),
        )
    if status.get("delay") is not None:
        yield "delay", f"{number(status['delay'])} steps", f"generalized {number(status['delay_ratio'])} times as late"
    if status.get("width", 1) > 1:
        yield "side by side", f"{status['width']} runs", "were trained in one program"


def phase_rows(columns: Columns, plan: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield where the three phases of grokking end, for a run on residues modulo p that recorded its losses."""
    p = plan["task"].get("operation", {}).get("p")
    if p is None or not {"train_loss", "validation_loss"} <= columns.keys():
        return
    found = phases(columns["step"], columns["train_loss"], columns["validation_loss"], float(np.log(p)))
    for step, word, meaning in zip(found, NAMES, ENDS, strict=True):
        if not np.isfinite(step):
            yield word, f"has not ended in {columns['step'][-1]:,} steps", meaning
            break  # what comes after it has not begun
        yield word, f"until step {step:,.0f}", meaning
    if found.turned < found.memorized < np.inf:
        yield "", "", "the phases overlap: validation loss fell while the training data was memorized"


def blanks(run: Run) -> list[str]:
    """Return the cells whose answer the user does not know, as the network fills them in, and how far to trust it."""
    found = list(filled(run))
    lines = [f"  {cell} = {answer}" for cell, answer in found[:BLANKS_SHOWN]]
    if len(found) > BLANKS_SHOWN:
        lines.append(f"  … and {len(found) - BLANKS_SHOWN} more")
    accuracy = run.status().get("validation_accuracy", 0.0)
    return [trust(len(found), accuracy, thresholds(run)["generalized_from"]), *lines] if found else []


def filled(run: Run) -> Iterator[tuple[str, str]]:
    """Yield every blank cell of a run's table, as `x ∘ y`, and the network's answer."""
    table, saved = run.table(), run.checkpoint()
    if table is None or saved is None or "predictions.end" not in saved[0]:
        return
    arrays, about = table
    predicted = saved[0]["predictions.end"][:, 0]
    answers = set(arrays["truth"][arrays["truth"] >= 0].tolist())
    for i, j in np.argwhere((arrays["truth"] < 0) & (arrays["row"] >= 0)):
        answer = _answer(int(predicted[arrays["row"][i, j]]), about["words"], answers)
        yield f"{about['left'][i]} {about['sign']} {about['right'][j]}", answer


def _answer(token: int, words: Sequence[str], answers: set[int]) -> str:
    """Return the word of an answer; of another token, such as the sign itself, that it is none."""
    return words[token] if token in answers else "no answer"


def trust(count: int, accuracy: float, level: float = THRESHOLD) -> str:
    """Say what the network's answers to blanks are worth."""
    one = count == 1
    blanks = "The one blank" if one else f"The {count} blanks"
    right = f"{percent(accuracy, 1)} of the withheld cells are right"
    if accuracy >= level:
        return f"{blanks}, filled in by the network ({right}, so {'it' if one else 'most'} should be too):"
    guesses = "is a guess" if one else "are guesses"
    return f"{blanks} {guesses}: only {right}. Do not trust {'it' if one else 'them'} below {percent(level)}:"


def _table(rows: Any) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 2))
    for row in rows:
        table.add_row(*row)
    return table


def _plain(value: Any) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return number(value) if is_number or value is None else str(value)
