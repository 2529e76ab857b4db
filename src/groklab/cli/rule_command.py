"""`groklab rule TABLE|RUN`: which rule a table obeys, how sure that is, and what its blanks are by it."""

import argparse
import os
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table as Grid

from groklab.algebra import Held
from groklab.algebra.explanation import GROUP
from groklab.cli import as_json, output
from groklab.cli.choice import RUN, add_choice, chosen
from groklab.cli.table_command import PIPED, piped
from groklab.errors import InvalidSetting, InvalidTable
from groklab.rules import Cell, Ring, Rule, ring, rule
from groklab.rules.filled import write
from groklab.rules.gap import HOW_TO_HAVE_GAP
from groklab.rules.sources import Source
from groklab.rules.words import confidence, kind_in_words, network_in_words
from groklab.store import Store
from groklab.tasks.named import PATH
from groklab.tasks.table_file import ENDINGS, named

SHOWN = 40
TABLE_SHOWN = 12  # rows and columns: a larger table goes into a file
LAWS_SHOWN = 6
EPILOG = """examples:
  groklab rule my-table.csv                   a table of your own, with or without blanks
  groklab rule my-table.csv --out whole.csv   the same, and the table with its blanks filled
  groklab rule --last                         what the network that was trained last has found
  groklab rule plus.csv times.csv             two tables: are they a ring, or a field?
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    about = f"{PATH}, {PIPED} for a table on standard input, or {RUN}"
    parser.add_argument("table", nargs="?", metavar="TABLE|RUN", help=about)
    parser.add_argument(
        "times", nargs="?", metavar="TABLE", help="a second table: with the first as sums, is it a ring?"
    )
    parser.add_argument("--out", help="file for the table with its blanks filled by the rule, as CSV")
    parser.add_argument("--json", action="store_true", help="as JSON, for other programs")
    add_choice(parser)
    parser.epilog = EPILOG


def execute(options: argparse.Namespace) -> int:
    """Find the rule, and print it."""
    source = _source(options)
    with Console(stderr=True).status("looking for a rule …"):
        found = rule(source) if options.times is None else ring(source, options.times)
    whole = found.plus if isinstance(found, Ring) else found
    if options.out is not None:
        write(whole, options.out)
    if options.json:
        print(as_json.text_of(found.as_dict()))
        return 0
    console = output.console()
    for line in _ring(found) if isinstance(found, Ring) else lines_of(found):
        console.print(line, highlight=False, soft_wrap=isinstance(line, str))
    if options.out is not None:
        console.print(_written(whole, options.out), highlight=False, soft_wrap=True)
    return 0


def _source(options: argparse.Namespace) -> Source:
    name = options.table
    if options.times is not None and options.out is not None:
        raise InvalidSetting("`--out` must be given with one table, got two. Ask for the rule of each.")
    if name is None and not options.last:
        raise InvalidTable(f"`table` must be {PATH}, a run, or --last, got nothing.")
    if name is None or not (name == PIPED or name.lower().endswith(ENDINGS)):
        if name is not None and os.path.exists(name) and name not in (run.name for run in Store(options.store).runs()):
            raise InvalidTable(f"{named(name)} must be {PATH}, or the name of a run. Save a table as CSV.")
        return chosen(Store(options.store), name, is_last=options.last)
    if options.last:
        raise InvalidTable(f"`table` must be one, got {name} and --last. Leave one out.")
    return piped() if name == PIPED else name


def _written(found: Rule, target: str) -> str:
    kept = f"; {len(found.exceptions)} known cells that it has wrong are left as they are" if found.exceptions else ""
    return f"written: {target}, with {len(found.blanks)} blanks filled by the rule{kept}"


def lines_of(found: Rule) -> Iterator[str | Grid]:
    """Yield what is printed of a rule."""
    left, right, answers, _ = found.table
    yield f"{len(left)} rows, {len(right)} columns, {len(answers)} answers; {found.known:,} cells known"
    if found.name:
        yield f"rule: {found.name}, {kind_in_words(found)}"
        if found.formula and found.formula != found.name and f" in {found.group}" not in found.formula:
            yield f"as a formula: {found.formula}"
        yield from _doubt(found)
        yield confidence(found)
    else:
        yield f"{confidence(found)}{', and this is how nearly laws hold:' if found.laws else ''}"
        yield from [_laws(found.laws)] if found.laws else ()
        yield f"rows and columns in which no answer is twice: {found.latin:.0%}"
    if found.network is not None:
        yield from (f"  {line}" for line in network_in_words(found.network))
    yield from _facts(found)
    yield from _certificate(found)
    yield from _cells("mistakes, if it is the right rule", found.exceptions, found.sign)
    yield from _cells("blanks, filled by the rule", found.blanks, found.sign)
    yield from _whole(found)


def _doubt(found: Rule) -> Iterator[str]:
    """Yield what else has the same name."""
    if found.found is None or found.found.is_certain:
        return
    if found.small_group:
        yield f"GAP calls it {found.small_group}"
    elif found.kind == GROUP:
        yield f"other groups may have this name; GAP has a number for each: {HOW_TO_HAVE_GAP}"
    else:
        yield "other groups may have this table too"


def _whole(found: Rule) -> Iterator[str]:
    """Yield a small table with its blanks filled, these in brackets."""
    filled = found.filled()
    if not found.blanks or max(filled.values.shape) > TABLE_SHOWN:
        return
    blank = {(cell.left, cell.right) for cell in found.blanks}
    rows = [
        [
            f"[{filled.answers[at]}]" if (x, y) in blank else filled.answers[at]
            for y, at in zip(filled.right, row, strict=True)
        ]
        for x, row in zip(filled.left, filled.values, strict=True)
    ]
    grid = [[found.sign, *filled.right], *([x, *row] for x, row in zip(filled.left, rows, strict=True))]
    widths = [max(map(len, column)) for column in zip(*grid, strict=True)]
    yield "the whole table, blanks that the rule fills in brackets:"
    yield from ("  " + "  ".join(map(str.rjust, row, widths)) for row in grid)


def _facts(found: Rule) -> Iterator[str]:
    """Yield what is seen of a complete operation."""
    seen = found.structure
    if seen is None or found.exceptions:
        return
    neutral = "none" if seen.identity is None else f"`{found.table.left[seen.identity]}`"
    laws = [
        f"{held.law.name} in {held.right:,} of {held.cases:,} cases"
        for held in (seen.associative, seen.commutative, seen.idempotent)
    ]
    yield f"it is a{'n' if seen.kind[0] in 'aeiou' else ''} {seen.kind}; neutral element: {neutral}; {', '.join(laws)}"


def _certificate(found: Rule) -> Iterator[str]:
    """Yield what each symbol stands for, unless it is itself."""
    sides = found.labels
    names = ("symbols",) if len(sides) == 1 else ("rows", "columns", "answers")
    for name, side in zip(names, sides, strict=False):
        if any(symbol != word for symbol, word in side.items()):
            shown = [f"{symbol} → {word}" for symbol, word in list(side.items())[:SHOWN]]
            more = [f"and {len(side) - SHOWN} more (--json)"] if len(side) > SHOWN else []
            yield f"what {name} stand for: {'; '.join([*shown, *more])}"
    if found.found is not None and found.found.about:
        yield f"  ({found.found.about})"


def _cells(title: str, cells: Sequence[Cell], sign: str) -> Iterator[str]:
    if not cells:
        return
    yield f"{title}:"
    for cell in cells[:SHOWN]:
        given = f", not {cell.given}" if cell.given is not None else ""
        yield f"  {cell.left} {sign} {cell.right} = {cell.by_rule}{given}"
    if len(cells) > SHOWN:
        yield f"  … and {len(cells) - SHOWN} more (--json)"


def _laws(laws: Sequence[Held]) -> Grid:
    """Return the laws that hold most nearly, and the three that everybody asks for."""
    asked = {"associative", "commutative", "idempotent"}
    shown = [held for at, held in enumerate(laws) if at < LAWS_SHOWN or held.law.name in asked]
    grid = Grid(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 2))
    for held in shown:
        grid.add_row(held.law.name, held.law.equation, f"{held.share:.1%} of {held.cases:,} cases")
    return grid


def _ring(found: Ring) -> Iterator[str | Grid]:
    yield f"together: {found.name}" if found.name else "together: no ring"
    held = found.distributive
    yield f"distributive in {held.right:,} of {held.cases:,} cases"
    for name, part in (("first", found.plus), ("second", found.times)):
        yield f"{name} table:"
        yield from (f"  {line}" if isinstance(line, str) else line for line in lines_of(part))
