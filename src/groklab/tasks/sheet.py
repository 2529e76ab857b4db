"""A table as it was written: from lines of cells to symbols along two sides and answers inside."""

import itertools
import re
from collections import Counter
from typing import NamedTuple

from groklab.errors import InvalidTable
from groklab.tasks.repairs import BLANK, is_missing, is_sign, listed, repaired
from groklab.tasks.rules import check_distinct, check_known, check_side, check_symbol
from groklab.tasks.table_file import Line, lines_of

SIGN = "∘"

_NUMBER = re.compile(r"-?[0-9]+")
_TIMES = frozenset("xXoO")  # letters that serve as signs
_DASHES = frozenset(("-", "--", "–", "—", "."))
_FOLDED = re.compile(r"[\u00ad\u200b\u200e\u200f\u061c\u2060-\u2064\ufeff]")
_ENOUGH = 9  # known cells, from which on a single answer of another kind stands out


class Sheet(NamedTuple):
    """A table as text, `None` where a cell is not known, and notes of what was taken for what."""

    sign: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    body: tuple[tuple[str | None, ...], ...]
    notes: tuple[str, ...]


def sheet_of(name: str, data: bytes) -> Sheet:
    """Read a table from the bytes of a text file; `name` is what messages call it."""
    lines, notes = repaired(lines_of(name, data))
    _check_frame(name, lines)
    (_, (corner, *right)), *rows = lines
    left = tuple(line.cells[0] for line in rows)
    unknown = _unknown(rows, {*left, *right})
    body = tuple(tuple(None if cell in unknown else cell for cell in line.cells[1:]) for line in rows)
    answers = Counter(cell for row in body for cell in row if cell is not None)
    sign, doubt = _sign(name, corner, left, tuple(right), answers)
    check_known(name, answers.total())
    notes += [doubt, _spellings(rows, unknown), *_doubts({*left, *right}, answers, rows)]
    return Sheet(sign, left, tuple(right), body, tuple(filter(None, notes)))


def _check_frame(name: str, lines: list[Line]) -> None:
    """Refuse lines of different lengths, and symbols along the sides that are too few, too many, blank or equal."""
    header, *rows = lines
    for line in rows:
        if len(line.cells) != len(header.cells):
            raise InvalidTable(
                f"{name} must have rows of one length, got {len(line.cells)} cells in line {line.number} after"
                f" {len(header.cells)} in line {header.number}. Is a separator missing?"
            )
    check_side(name, "rows below the column symbols", len(rows), " Is the line of column symbols missing?")
    separate = " Separate them by commas, semicolons or tabs."
    check_side(name, "columns beside the row symbols", len(header.cells) - 1, separate)
    column = [line.cells[0] for line in rows]
    for symbol, line in itertools.chain(((each, header) for each in header.cells[1:]), zip(column, rows, strict=True)):
        check_symbol(name, symbol, f" in line {line.number}")
    check_distinct(name, "column", header.cells[1:], " Is the line of column symbols missing?")
    check_distinct(name, "row", column, " Is the column of row symbols missing?", lines=[line.number for line in rows])


def _unknown(rows: list[Line], sides: set[str]) -> set[str]:
    """Return the spellings that stand for a cell that is not known; what names a row or a column is a symbol."""
    cells = {cell for line in rows for cell in line.cells[1:]}
    return {cell for cell in cells if cell in BLANK or (is_missing(cell) and cell not in sides)}


def _sign(
    name: str, corner: str, left: tuple[str, ...], right: tuple[str, ...], answers: Counter[str]
) -> tuple[str, str]:
    """Return the sign in the corner and a doubt about it; refuse the first answer of a table without symbols."""
    if not corner or is_sign(corner):
        return corner or SIGN, ""
    if corner in left and corner in right:
        return corner, f"`{corner}` in the corner is read as the sign, though it names a row and a column too"
    if corner in answers or corner in left or corner in right:
        raise InvalidTable(
            f"{name} must have column symbols in its first line and row symbols in its first column, got `{corner}` in"
            " the corner, which is also one of its symbols. Write those beside the answers; if they are there, empty"
            " the corner."
        )
    kinds = {_kind(symbol) for symbol in (corner, *left, *right)}
    if "" in kinds or len(kinds) > 1 or corner in _TIMES:
        return corner, ""
    doubt = f"`{corner}` in the corner is read as the sign; if it is an answer, row and column symbols are missing"
    return corner, doubt


def _kind(symbol: str) -> str:
    if _NUMBER.fullmatch(symbol):
        return "number"
    if len(symbol) > 1 or not symbol.isalpha():
        return ""
    return "small letter" if symbol.islower() else "letter"


def _spellings(rows: list[Line], unknown: set[str]) -> str:
    """Say what was read as not known, unless all of it is blank or all of it is `?`."""
    counts = Counter(cell for line in rows for cell in line.cells[1:] if cell in unknown)
    if len(counts) < 2 and counts.keys() <= BLANK:
        return ""
    return "read as not known: " + ", ".join(
        f"{count} × {f'`{spelling}`' if spelling else 'blank'}" for spelling, count in counts.items()
    )


def _doubts(sides: set[str], answers: Counter[str], rows: list[Line]) -> list[str]:
    """Return what looks like a mistake."""
    others = [symbol for symbol in answers if symbol not in sides]
    notes = []
    if "?" in sides:
        notes.append("`?` names a row or a column, but in a cell it is read as not known")
    dashes = [] if "+" in answers else [symbol for symbol in others if symbol in _DASHES]
    if dashes:
        notes.append(f"{listed(dashes)} is read as an answer; a cell that is not known must be blank")
    elif len(others) == 1 and answers[others[0]] == 1 and answers.total() >= _ENOUGH:
        number = next(line.number for line in rows if others[0] in line.cells[1:])
        notes.append(f"`{others[0]}` in line {number} is the one answer that names no row and no column")
    return [*notes, *_twins([*sorted(sides), *answers])]


def _twins(symbols: list[str]) -> list[str]:
    alike: dict[str, str] = {}
    notes = []
    for symbol in dict.fromkeys(symbols):
        twin = alike.setdefault(" ".join(_FOLDED.sub("", symbol).split()), symbol)
        notes += [f"{twin!a} and {symbol!a} are two symbols that look the same"] if twin != symbol else []
    return notes
