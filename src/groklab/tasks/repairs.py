"""What spreadsheets, pandas and R do to a table, undone.

A repair takes the lines of a file and returns them, changed or not, with a note of what it changed, or an empty one.
Lines may still differ in length.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from groklab.tasks.table_file import Line

Repaired = tuple[list[Line], str]

BLANK = frozenset(("", "?"))
# what pandas reads as missing, as other programs write it
_MISSING = {"#N/A", "#NA", "#NV", "N/A", "n/a", "NA", "<NA>", "NaN", "nan", "NAN", "-NaN", "-nan", "NaT"}
_MISSING |= {"NULL", "null", "None"}
_FORMULA_ERROR = re.compile(r"#\S+[!?]")  # #REF!, #DIV/0!, #NAME?, in the spreadsheet's language
_WHOLE = re.compile(r"(-?[0-9]+)[.,]0")
_UNNAMED = re.compile(r"Unnamed: [0-9]+")  # how pandas calls a column whose name is empty


def is_missing(cell: str) -> bool:
    """Return whether a cell is what programs write for a value they do not have."""
    return cell in BLANK or cell in _MISSING or _FORMULA_ERROR.fullmatch(cell) is not None


def is_sign(symbol: str) -> bool:
    """Return whether a symbol is written in signs alone, as operations are: `+`, `∘`, `**`."""
    kinds = {unicodedata.category(each) for each in symbol}
    return bool(kinds) and all(kind[0] == "P" or kind in ("Sm", "Sk") for kind in kinds)


def listed(symbols: Iterable[str]) -> str:
    """Return some symbols as a note names them, the first three of many."""
    first, *rest = dict.fromkeys(symbols)
    return ", ".join([f"`{each}`" for each in (first, *rest[:2])] + ["…"] * (len(rest) > 2))


def _without_empty(lines: list[Line]) -> Repaired:
    full = [line for line in lines if any(line.cells)]
    width = max(len(line.cells) for line in full)
    # an empty first column stays: without it answers would be taken for row symbols
    used = {0} | {at for line in full for at, cell in enumerate(line.cells) if cell}
    rows, columns = len(lines) - len(full), width - len(used)
    if columns:
        full = [line._replace(cells=tuple(c for at, c in enumerate(line.cells) if at in used)) for line in full]
    words = [f"{count} {word}{'s' * (count > 1)}" for count, word in ((rows, "line"), (columns, "column")) if count]
    verb = "is" if rows + columns == 1 else "are"
    return full, f"{' and '.join(words)} without any symbol {verb} left out" if words else ""


def _with_corner(lines: list[Line]) -> Repaired:
    """R begins the first line with the first column symbol."""
    header, *rows = lines
    below = {cell for line in rows for cell in line.cells}
    if {len(line.cells) for line in rows} != {len(header.cells) + 1} or not below.issuperset(header.cells):
        return lines, ""
    note = f"the first line is a cell shorter than all others: {listed(header.cells)} are read as column symbols"
    return [header._replace(cells=("", *header.cells)), *rows], note


def _without_numbers(lines: list[Line]) -> Repaired:
    """pandas writes its own numbers of the rows before row symbols that it has read as a column."""
    header, *rows = lines
    corner, first = (*header.cells, "")[:2]
    is_column = not corner and (is_sign(first) or _UNNAMED.fullmatch(first))
    if not is_column or not _are_even(lines) or _column(rows) != tuple(map(str, range(len(rows)))):
        return lines, ""
    return [line._replace(cells=line.cells[1:]) for line in lines], "a column that numbers the rows is left out"


def _without_name(lines: list[Line]) -> Repaired:
    """pandas calls a corner without a sign `Unnamed: 0`."""
    (number, (corner, *right)), *rows = lines
    if not _UNNAMED.fullmatch(corner):
        return lines, ""
    return [Line(number, ("", *right)), *rows], f"`{corner}` in the corner is not read as the sign"


def _with_whole_numbers(lines: list[Line]) -> Repaired:
    """pandas writes whole numbers as `5.0` where another of their column is missing."""
    cells = {cell for line in lines for cell in line.cells}
    whole = {cell: str(int(match[1])) for cell in cells if (match := _WHOLE.fullmatch(cell))}
    sides = (lines[0].cells[1:], _column(lines[1:]))
    are_two = any(cell in side and number in side for side in sides for cell, number in whole.items())
    if are_two or not any(number in cells for number in whole.values()):
        return lines, ""
    lines = [line._replace(cells=tuple(whole.get(cell, cell) for cell in line.cells)) for line in lines]
    return lines, f"read as whole numbers: {listed(sorted(whole))}"


def _with_row_symbols(lines: list[Line]) -> Repaired:
    """pandas leaves out row symbols when told `index=False`; the answers then show that the first cell is a symbol."""
    header, *rows = lines
    symbols = set(header.cells)
    is_square = {len(rows), len(symbols)} == {len(header.cells)} and "" not in symbols
    is_closed = all(cell in symbols or is_missing(cell) for line in rows for cell in line.cells)
    if not is_square or not is_closed or not _are_even(lines) or is_sign(header.cells[0]):
        return lines, ""
    rows = [line._replace(cells=(symbol, *line.cells)) for symbol, line in zip(header.cells, rows, strict=True)]
    note = f"no row symbols: {listed(header.cells)} of the first line are read as those of the rows too"
    return [header._replace(cells=("", *header.cells)), *rows], note


def _are_even(lines: list[Line]) -> bool:
    return len({len(line.cells) for line in lines}) == 1


def _column(rows: Sequence[Line]) -> tuple[str, ...]:
    return tuple(line.cells[0] for line in rows)


_REPAIRS = (_without_empty, _with_corner, _without_numbers, _without_name, _with_whole_numbers, _with_row_symbols)


def repaired(lines: list[Line]) -> tuple[list[Line], list[str]]:
    """Return the lines with every repair made, and what was done."""
    notes = []
    for repair in _REPAIRS:
        lines, note = repair(lines)
        notes += [note] if note else []
    return lines, notes
