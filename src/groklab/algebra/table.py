"""A table as algebra sees it: symbols along two sides, answers, and the index of each answer."""

import itertools
import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Int

RARE = 0.1  # of the known cells: more than that is no mistake


class Table(NamedTuple):
    """A table: `answers[values[i, j]]` is the answer of `left[i]` and `right[j]`; -1 where it is not known."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    answers: tuple[str, ...]
    values: Int[np.ndarray, "left right"]

    @property
    def is_common(self) -> bool:
        """Whether rows, columns and answers are the same symbols in one order."""
        return self.left == self.right == self.answers

    @property
    def is_complete(self) -> bool:
        """Whether every cell is known."""
        return bool((self.values >= 0).all())

    @property
    def symbols(self) -> tuple[str, ...]:
        """All symbols: those of the rows, then what else the columns and the answers have."""
        return tuple(dict.fromkeys((*self.left, *self.right, *self.answers)))

    def aligned(self) -> "Table":
        """Return the table with columns and answers in the order in which the rows have the same symbols.

        Where rows and columns are the same symbols and hardly any answer is another, those that never occur as an
        answer are answers too; the others come after them.
        """
        number = {symbol: at for at, symbol in enumerate(self.symbols)}
        right = sorted(self.right, key=number.__getitem__)
        strangers = tuple(answer for answer in self.answers if answer not in set(self.left))
        is_closed = set(self.left) == set(self.right) and self._share_of(strangers) <= RARE
        answers = (*self.left, *strangers) if is_closed else tuple(sorted(self.answers, key=number.__getitem__))
        return self.arranged(tuple(right), answers)

    def arranged(self, right: tuple[str, ...], answers: tuple[str, ...]) -> "Table":
        """Return the table with its columns and answers in another order; there may be more answers."""
        columns = [self.right.index(symbol) for symbol in right]
        place = {symbol: at for at, symbol in enumerate(answers)}
        renumbered = np.array([*(place[symbol] for symbol in self.answers), -1])
        values = renumbered[np.where(self.values < 0, -1, self.values)[:, columns]]
        return Table(self.left, right, answers, values)

    def _share_of(self, answers: tuple[str, ...]) -> float:
        """Return the share of known cells with one of some answers."""
        at = [self.answers.index(answer) for answer in answers]
        return float(np.isin(self.values[self.values >= 0], at).mean())

    def without_strangers(self) -> "Table":
        """Return an aligned table without the rare answers that name no row and no column, their cells as blanks."""
        count = len(self.left)
        is_closed = self.left == self.right and self.answers[:count] == self.left
        if not is_closed or self._share_of(self.answers[count:]) > RARE:
            return self
        return self._replace(answers=self.left, values=np.where(self.values >= count, -1, self.values))


def is_prime(n: int) -> bool:
    """Whether n is a prime."""
    return n >= 2 and all(n % divisor for divisor in range(2, math.isqrt(n) + 1))


def compressed(table: Table, kept: tuple[np.ndarray, np.ndarray, np.ndarray], values: np.ndarray) -> Table:
    """Return the part of a table that some rows, columns and answers make, with its values."""
    left, right, answers = (tuple(itertools.compress(side, keep)) for side, keep in zip(table[:3], kept, strict=True))
    return Table(left, right, answers, values)
