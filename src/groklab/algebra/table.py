"""A table as algebra sees it: symbols along two sides, answers, and the index of each answer."""

import itertools
import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Int


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

        Where rows and columns are the same symbols and no answer is another, those that never occur as an answer are
        answers too.
        """
        number = {symbol: at for at, symbol in enumerate(self.symbols)}
        is_closed = set(self.left) == set(self.right) >= set(self.answers)
        right = sorted(self.right, key=number.__getitem__)
        answers = self.left if is_closed else tuple(sorted(self.answers, key=number.__getitem__))
        columns = [self.right.index(symbol) for symbol in right]
        place = {symbol: at for at, symbol in enumerate(answers)}
        renumbered = np.array([*(place[symbol] for symbol in self.answers), -1])
        values = renumbered[np.where(self.values < 0, -1, self.values)[:, columns]]
        return Table(self.left, tuple(right), answers, values)


def is_prime(n: int) -> bool:
    """Whether n is a prime."""
    return n >= 2 and all(n % divisor for divisor in range(2, math.isqrt(n) + 1))


def compressed(table: Table, kept: tuple[np.ndarray, np.ndarray, np.ndarray], values: np.ndarray) -> Table:
    """Return the part of a table that some rows, columns and answers make, with its values."""
    left, right, answers = (tuple(itertools.compress(side, keep)) for side, keep in zip(table[:3], kept, strict=True))
    return Table(left, right, answers, values)
