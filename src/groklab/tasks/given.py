"""A table of the user's own: from a file, or from any function on a finite set."""

import codecs
import csv
import io
import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from groklab.errors import InvalidTable
from groklab.settings import setting
from groklab.tasks.cells import ABSENT, MAX_SIDE, UNKNOWN, Cells, Operation, in_order

MAX_BYTES = 8_000_000
MIN_SIDE = 2
MIN_KNOWN = 4
SIGN = "∘"

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_SEPARATORS = "\t;,"  # a comma last: where a line has as many of both, it is the decimal mark
_NO_WORD = re.compile(r"\W+")
_QUOTED = re.compile(r'"[^"]*"')
_LONGEST_WORD = 40


class Given(Operation):
    """A composition table written out, by default addition modulo 2."""

    left: tuple[str, ...] = setting(("0", "1"), "row symbols")
    right: tuple[str, ...] = setting(("0", "1"), "column symbols")
    answers: tuple[str, ...] = setting(("0", "1"), "symbols an answer can be")
    values: tuple[tuple[int, ...], ...] = setting(
        ((0, 1), (1, 0)), "index of each answer; -1 for a blank, -2 for an undefined cell"
    )
    sign: str = setting(SIGN, "symbol of the operation")
    word: str = setting("table", "what the operation is called, as in the names of runs")

    def validate(self) -> None:
        if not self.word or self.word != word_of(self.word):
            raise InvalidTable(
                f"`word` must be letters, digits, - and _, got {self.word!r}. Try {word_of(self.word)!r}."
            )
        _check_values(self)
        _check_table("`values`", self.left, self.right, (*self.answers, self.sign), self.values)

    @classmethod
    def from_csv(cls, path: str | Path) -> "Given":
        """Read a table from a text file, UTF-8 or marked as UTF-16, separated by commas, semicolons or tabs.

        The first row holds the column symbols after the sign of the operation (or nothing), the first column the
        row symbols. A cell that is not known is blank or holds `?`. The operation is called as the file is.
        """
        name = f"`{path}`"
        (_, header), *lines = _lines(name, _text(name, Path(path)))
        _check_lines(name, header, lines)
        body = [row[1:] for _, row in lines]
        left, right = tuple(row[0] for _, row in lines), tuple(header[1:])
        answers = in_order(symbol for row in body for symbol in row if symbol not in ("", "?"))
        index = {"": UNKNOWN, "?": UNKNOWN} | {symbol: at for at, symbol in enumerate(answers)}
        values = tuple(tuple(index[symbol] for symbol in row) for row in body)
        sign = header[0] or SIGN
        _check_table(name, left, right, (*answers, sign), values)
        return cls(left, right, answers, values, sign, word_of(Path(path).stem))

    @classmethod
    def from_function(
        cls, function: Callable[[Any, Any], Any], elements: Iterable[Any], *, sign: str = SIGN
    ) -> "Given":
        """Tabulate `function(x, y)` over all pairs of `elements`; a result outside them is a further answer.

        Elements and results must be hashable, and no two of them may read the same as text.
        """
        members = list(itertools.islice(elements, MAX_SIDE + 1))
        _check_side("`elements`", "elements", len(members))
        results = [[function(x, y) for y in members] for x in members]
        index: dict[Any, int] = {}
        for value in itertools.chain(members, *results):
            index.setdefault(_hashable(value), len(index))
        symbols, answers = tuple(map(str, members)), tuple(map(str, index))
        values = tuple(tuple(index[value] for value in row) for row in results)
        _check_table("`elements`", symbols, symbols, answers, values)
        _check_distinct("`function`", "answer", answers)
        return cls(symbols, symbols, answers, values, sign)

    @property
    def name(self) -> str:
        return self.word

    def cells(self) -> Cells:
        """Return the table as it was given."""
        return Cells(self.left, self.right, self.answers, np.array(self.values), self.sign)


def word_of(text: str) -> str:
    """Return a text as a word that may stand in the name of a folder."""
    return _NO_WORD.sub("-", text)[:_LONGEST_WORD].strip("-") or "table"


def _text(name: str, path: Path) -> str:
    if not path.is_file():
        raise InvalidTable(
            f"{name} must be a file, got {'a folder' if path.is_dir() else 'no such file'}. Check its path."
        )
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise InvalidTable(f"{name} must hold at most {MAX_BYTES // 10**6} MB, got {size / 1e6:.1f} MB.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InvalidTable(f"{name} must be readable, got {error.strerror}.") from error
    encoding = next((encoding for mark, encoding in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidTable(f"{name} must be UTF-8, got another byte in line {line}. Save it as UTF-8.") from error


def _lines(name: str, text: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if row]
    except csv.Error as error:
        raise InvalidTable(
            f"{name} must be separated by commas, semicolons or tabs, got a broken line {reader.line_num}: {error}."
        ) from error
    if not any(any(row) for _, row in lines):
        raise InvalidTable(f"{name} must hold a table, got an empty file.")
    return lines


def _separator(text: str) -> str:
    """Return the separator that the first line has most of, outside quotes."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=_QUOTED.sub("", first).count)


def _check_lines(name: str, header: list[str], lines: list[tuple[int, list[str]]]) -> None:
    for number, row in lines:
        if len(row) != len(header):
            raise InvalidTable(
                f"{name} must have rows of one length, got {len(row)} cells in line {number} after {len(header)} in the"
                " first. Is a separator missing?"
            )
    blank, mark = ([number for number, row in lines if spelling in row[1:]] for spelling in ("", "?"))
    if blank and mark:
        raise InvalidTable(
            f"{name} must spell unknown cells in one way, got a blank in line {blank[0]} and `?` in line {mark[0]}."
        )


def _check_values(table: Given) -> None:
    rows = table.values
    if any(not isinstance(row, tuple) or len(row) != len(table.right) for row in rows) or len(rows) != len(table.left):
        raise InvalidTable(
            f"`values` must be a tuple of {len(table.left)} tuples of {len(table.right)} integers, as `left` and"
            " `right` say."
        )
    for at in itertools.chain(*rows):
        if type(at) is not int or not ABSENT <= at < len(table.answers):
            raise InvalidTable(f"`values` must be -1, -2 or below the {len(table.answers)} `answers`, got {at!r}.")
    _check_distinct("`answers`", "answer", table.answers)


def _check_table(
    name: str, left: Sequence[Any], right: Sequence[Any], others: Sequence[Any], values: Sequence[Sequence[int]]
) -> None:
    """Refuse what cannot be a table; `others` are further symbols that must be printable."""
    _check_side(name, "rows", len(left))
    _check_side(name, "columns", len(right))
    for symbol in (*left, *right, *others):
        if not isinstance(symbol, str) or not symbol or not symbol.isprintable():
            raise InvalidTable(f"{name} must use visible text for every symbol, got {symbol!r}. Is a name missing?")
    _check_distinct(name, "row", left)
    _check_distinct(name, "column", right)
    known = sum(value >= 0 for row in values for value in row)
    if known < MIN_KNOWN:
        raise InvalidTable(f"{name} must have at least {MIN_KNOWN} known cells, got {known or 'none'}. Fill some in.")


def _check_side(name: str, side: str, size: int) -> None:
    if size < MIN_SIDE:
        cure = " Separate them by commas, semicolons or tabs." if side == "columns" else ""
        raise InvalidTable(f"{name} must have at least {MIN_SIDE} {side}, got {size}.{cure}")
    if size > MAX_SIDE:
        got = "more" if side == "elements" else size  # an iterable of elements is not read to its end
        raise InvalidTable(f"{name} must have at most {MAX_SIDE} {side}, got {got}.")


def _check_distinct(name: str, side: str, symbols: Sequence[Any]) -> None:
    seen: set[Any] = set()
    for symbol in symbols:
        if symbol in seen:
            raise InvalidTable(f"{name} must have distinct {side} symbols, got {symbol!r} twice. Rename one.")
        seen.add(symbol)


def _hashable(value: Any) -> Any:
    try:
        hash(value)
    except TypeError as error:
        raise InvalidTable(
            f"`function` must work with hashable values, got a {type(value).__name__}. Try a tuple."
        ) from error
    return value
