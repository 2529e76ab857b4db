"""The rule of a table as a value: its name, how sure it is, and what each symbol stands for."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool

from groklab.algebra import Explanation, Held, Structure, Table, laws_of, structure
from groklab.algebra.explanation import BITS, GROUP, NOTHING, bits_of_order, gain
from groklab.algebra.representations import Part
from groklab.errors import InvalidTable
from groklab.rules.circle import Circle
from groklab.rules.gap import small_group

MAX_SIDE = 512
LEAST_KNOWN = 0.25  # of all cells
PROVED, CONSISTENT, NEARLY, NONE = ("proved", "consistent", "nearly", "none")


class Cell(NamedTuple):
    """A cell of a table: its symbols, the answer that was given, if one was, and the one that the rule has."""

    left: str
    right: str
    given: str | None
    by_rule: str


class Network(NamedTuple):
    """What a rule owes to a network.

    It was trained on `trained` cells and answered `answered` others. `accuracy` is that on the `withheld` known cells.
    Where it `has_generalized` the rule was read from all of these answers, else from the known cells alone. `agreement`
    is the share of the network's answers that the rule gives too. `circle` and `parts` are what its embedding of the
    symbols shows: see `Circle` and `Part`.
    """

    trained: int
    answered: int
    withheld: int
    accuracy: float
    has_generalized: bool
    agreement: float
    circle: Circle | None
    parts: tuple[Part, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as values of JSON."""
        circle = {**self.circle._asdict(), "stands_out": self.circle.stands_out} if self.circle else None
        return {**self._asdict(), "circle": circle, "parts": [part._asdict() for part in self.parts]}


@dataclass(frozen=True, eq=False)
class Rule:
    """What is known of the rule behind a table.

    `table` holds the cells that it was read from, columns and answers in the order of the rows where the symbols are
    the same. `found` is None where no rule holds or nearly holds. `status` is `proved` where all cells are known and
    the rule has all right, which can be checked; `consistent` where some are blank and it has all others right;
    `nearly` where it has at least 90 % right; else `none`. `columns` are in the order in which they were given.
    `network` is what it owes to one, None for a bare table.
    """

    table: Table
    columns: tuple[str, ...]
    sign: str
    found: Explanation | None
    network: Network | None = None

    @property
    def name(self) -> str:
        """What the rule is called, such as S3, x - y mod 23 or x² + y² mod 13; nothing where there is none."""
        return self.found.name if self.found else ""

    @property
    def kind(self) -> str:
        """One of group, isotope (of one), zero (a group with a zero), formula, word (in a group), order; or none."""
        return self.found.kind if self.found else NONE

    @property
    def group(self) -> str:
        """The group that underlies it, or nothing."""
        return self.found.group if self.found else ""

    @property
    def formula(self) -> str:
        """The formula, in what the symbols stand for, or nothing."""
        return self.found.formula if self.found else ""

    @property
    def status(self) -> str:
        """One of proved, consistent, nearly and none."""
        if self.found is None:
            return NONE
        return NEARLY if self.exceptions else PROVED if self.table.is_complete else CONSISTENT

    @property
    def is_too_small(self) -> bool:
        """Whether the known cells are too few to tell any relabelled rule from chance."""
        values, symbols = self.table.values, len(self.table.symbols)
        return gain(values, values >= 0, bits_of_order(symbols)) < BITS

    @property
    def known(self) -> int:
        """How many cells are known."""
        return int(np.count_nonzero(self.table.values >= 0))

    @property
    def agreement(self) -> float:
        """The share of known cells that the rule has right, 0 where there is none."""
        return 1 - len(self.exceptions) / self.known if self.found else 0.0

    @functools.cached_property
    def exceptions(self) -> tuple[Cell, ...]:
        """The known cells that the rule has wrong: mistakes in the table, if it is the right rule."""
        return tuple(self._cells((self.table.values >= 0) & (self.table.values != self._values)))

    @functools.cached_property
    def blanks(self) -> tuple[Cell, ...]:
        """The cells that are not known, as the rule fills them; none where there is no rule."""
        return tuple(self._cells(self.table.values < 0)) if self.found else ()

    @property
    def labels(self) -> tuple[dict[str, str], ...]:
        """What each symbol stands for: once where rows, columns and answers are the same, else for each of the three.

        It is the certificate: with these words in the place of the symbols, the table is what the name says.
        """
        if self.found is None:
            return ()
        named = zip((self.table.left, self.table.right, self._answers), self.found.labels, strict=True)
        sides = [
            {symbol: word for symbol, word in zip(symbols, words, strict=True) if word != NOTHING}
            for symbols, words in named
        ]
        return tuple(sides[:1] if sides[0] == sides[1] == sides[2] else sides)

    @functools.cached_property
    def structure(self) -> Structure | None:
        """What can be seen of a complete operation at once; None for another table."""
        return structure(self.table.values) if self.table.is_common and self.table.is_complete else None

    @functools.cached_property
    def laws(self) -> tuple[Held, ...]:
        """How far each law holds among the known cells, the likeliest first; none where rows and columns differ."""
        core = self.table.without_strangers()
        return tuple(sorted(laws_of(core.values), key=lambda held: -held.share)) if core.is_common else ()

    @functools.cached_property
    def small_group(self) -> str:
        """What GAP calls a group whose name others may share; nothing for other rules, and where GAP is missing."""
        if self.found is None or self.found.is_certain or self.kind != GROUP:
            return ""
        return small_group(self.found.values)

    @property
    def latin(self) -> float:
        """The share of rows and columns in which no answer is twice."""
        sides = [self.table.values, self.table.values.T]
        return float(np.concatenate([_without_twins(side) for side in sides]).mean())

    def filled(self) -> Table:
        """Return the table as it was given, its blanks filled by the rule; what was known stays as it was."""
        left, right, _, values = self.table
        order = [right.index(symbol) for symbol in self.columns]
        return Table(left, self.columns, self._answers, np.where(values < 0, self._values, values)[:, order])

    def as_dict(self) -> dict[str, Any]:
        """Return it as values of JSON."""
        return {
            **{key: getattr(self, key) for key in ("name", "kind", "group", "formula", "status", "known", "agreement")},
            "name_is_unique": self.found.is_certain if self.found else None,
            "small_group": self.small_group,
            "labels": [dict(side) for side in self.labels],
            "blanks": [cell._asdict() for cell in self.blanks],
            "exceptions": [cell._asdict() for cell in self.exceptions],
            "latin": self.latin,
            "laws": {held.law.name: held.share for held in self.laws},
            "network": self.network.as_dict() if self.network else None,
        }

    def __repr__(self) -> str:
        what = f"{self.name}, {self.status}" if self.found else "none that holds was found"
        return f"<Rule {what}: {self.agreement:.1%} of {self.known} known cells>" if self.found else f"<Rule {what}>"

    @property
    def _answers(self) -> tuple[str, ...]:
        return self.table.answers + (self.found.more if self.found else ())

    @property
    def _values(self) -> np.ndarray:
        return self.found.values if self.found else self.table.values

    def _cells(self, where: Bool[np.ndarray, "left right"]) -> Iterator[Cell]:
        left, right, _, values = self.table
        for i, j in np.argwhere(where):
            given = self._answers[values[i, j]] if values[i, j] >= 0 else None
            yield Cell(left[i], right[j], given, self._answers[self._values[i, j]])


def checked(table: Table, name: str) -> Table:
    """Return a table; raise `InvalidTable` where it is too large, or too little of it is known to find a rule."""
    sides = len(table.left), len(table.right)
    if max(sides) > MAX_SIDE:
        raise InvalidTable(f"{name} must have at most {MAX_SIDE} rows and columns to find its rule, got {max(sides)}.")
    if min(sides) < 2:
        raise InvalidTable(f"{name} must have at least 2 rows and 2 columns, got {sides[0]} × {sides[1]}.")
    known = np.count_nonzero(table.values >= 0)
    if known < LEAST_KNOWN * table.values.size:
        raise InvalidTable(
            f"{name} must have at least {LEAST_KNOWN:.0%} of its cells known to find its rule, got {known:,} of"
            f" {table.values.size:,}. Fill more of them in."
        )
    return table


def _without_twins(rows: np.ndarray) -> np.ndarray:
    ordered = np.sort(rows, axis=1)
    return ~((ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)).any(1)
