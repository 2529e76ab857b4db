"""A table of the user's own: from a file, or from any function on a finite set."""

import itertools
import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from groklab.errors import InvalidTable
from groklab.settings import setting
from groklab.tasks.cells import ABSENT, MAX_SIDE, UNKNOWN, Cells, Operation, in_order
from groklab.tasks.rules import check_distinct, check_known, check_side, check_symbol, tidy
from groklab.tasks.sheet import SIGN, sheet_of
from groklab.tasks.table_file import content, named

_NO_WORD = re.compile(r"\W+")
_LONGEST_WORD = 40


class TableNote(UserWarning):
    """What was taken for what in a table that was read, or what looks like a mistake in it."""


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

        The first line holds the column symbols after the sign of the operation (or nothing), the first column the
        row symbols. A cell that is not known is blank, or holds `?` or what programs write there, such as `NaN`. The
        operation is called as the file is. What was taken for what is told in warnings, each a `TableNote`.
        """
        return cls._read(content(path), named(path), word_of(Path(path).stem))

    @classmethod
    def from_bytes(cls, data: bytes, name: str) -> "Given":
        """Read a table from what such a file holds; messages call it by `name`."""
        return cls._read(data, name, "table")

    @classmethod
    def _read(cls, data: bytes, name: str, word: str) -> "Given":
        sheet = sheet_of(name, data)
        for note in sheet.notes:
            warnings.warn(f"{name}: {note}.", TableNote, stacklevel=3)
        answers = in_order(symbol for row in sheet.body for symbol in row if symbol is not None)
        index: dict[str | None, int] = {None: UNKNOWN} | {symbol: at for at, symbol in enumerate(answers)}
        values = tuple(tuple(index[symbol] for symbol in row) for row in sheet.body)
        return cls(sheet.left, sheet.right, answers, values, sheet.sign, word)

    @classmethod
    def from_function(
        cls, function: Callable[[Any, Any], Any], elements: Iterable[Any], *, sign: str = SIGN
    ) -> "Given":
        """Tabulate `function(x, y)` over all pairs of `elements`; a result outside them is a further answer.

        Elements and results must be hashable, and no two of them may read the same as text. Results that are equal,
        such as 1 and 1.0, are one answer, which reads as the element does.
        """
        members = list(itertools.islice(elements, MAX_SIDE + 1))
        check_side("`elements`", "elements", len(members))
        results = [[_distinguished(function(x, y)) for y in members] for x in members]
        known = [_distinguished(member) for member in members]
        _check_unequal(known)
        index: dict[Any, int] = {}
        for value in itertools.chain(known, *results):
            index.setdefault(value, len(index))
        symbols, answers = tuple(map(_symbol, known)), tuple(map(_symbol, index))
        values = tuple(tuple(index[value] for value in row) for row in results)
        _check_table("`elements`", symbols, symbols, answers, values)
        check_distinct("`function`", "answer", answers)
        return cls(symbols, symbols, answers, values, tidy(sign))

    @property
    def name(self) -> str:
        return self.word

    def cells(self) -> Cells:
        """Return the table as it was given."""
        return Cells(self.left, self.right, self.answers, np.array(self.values), self.sign)


def word_of(text: str) -> str:
    """Return a text as a word that may stand in the name of a folder."""
    return _NO_WORD.sub("-", text)[:_LONGEST_WORD].strip("-") or "table"


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
    check_distinct("`answers`", "answer", table.answers)


def _check_table(
    name: str, left: Sequence[Any], right: Sequence[Any], others: Sequence[Any], values: Sequence[Sequence[int]]
) -> None:
    """Refuse what cannot be a table; `others` are further symbols that must be printable."""
    check_side(name, "rows", len(left))
    check_side(name, "columns", len(right))
    for symbol in (*left, *right, *others):
        check_symbol(name, symbol)
        if symbol != tidy(symbol):
            raise InvalidTable(
                f"{name} must use symbols in composed form without space around them, got {symbol!a}. Try"
                f" {tidy(symbol)!a}."
            )
    check_distinct(name, "row", left)
    check_distinct(name, "column", right)
    check_known(name, sum(value >= 0 for row in values for value in row))


def _symbol(value: Any) -> str:
    return tidy(str(value))


def _check_unequal(members: Sequence[Any]) -> None:
    """Refuse elements such as 1 and 1.0, which read differently: no answer could tell them apart."""
    seen: dict[Any, Any] = {}
    for member in members:
        twin = seen.setdefault(member, member)
        if str(twin) != str(member):
            raise InvalidTable(f"`elements` must be distinct, got {twin!r} and {member!r}, which are equal. Drop one.")


def _distinguished(value: Any) -> Any:
    """Return what tells a value apart from others: texts that read the same are one."""
    try:
        hash(value)
    except TypeError as error:
        raise InvalidTable(
            f"`function` must work with hashable values, got a {type(value).__name__}. Try a tuple."
        ) from error
    return tidy(value) if isinstance(value, str) else value
