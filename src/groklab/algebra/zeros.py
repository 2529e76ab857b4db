"""Tables in which one answer absorbs: a group with a zero, such as x y and x / y modulo a prime."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int

from groklab.algebra.explanation import ZERO, Explanation, Labels, Words
from groklab.algebra.families import primitive_root
from groklab.algebra.polynomials import INVERSES, fitted, monomials
from groklab.algebra.table import Table, compressed, is_prime

Values = Int[np.ndarray, "rows columns"]

_MOSTLY = 0.85


class WithoutZero(NamedTuple):
    """A table's zero, and which rows, columns and answers are left without it."""

    zero: int
    rows: Bool[np.ndarray, "rows"]
    columns: Bool[np.ndarray, "columns"]
    answers: Bool[np.ndarray, "answers"]

    def rest(self, table: Table) -> Table:
        """Return the rest of the table; -1 where it was a blank or, wrongly, the zero."""
        number = np.where(self.answers, np.cumsum(self.answers) - 1, -1)
        inner = table.values[np.ix_(self.rows, self.columns)]
        return compressed(table, self[1:], np.append(number, -1)[inner])

    def explained(self, inner: Explanation, shape: tuple[int, ...]) -> Explanation:
        """Return the explanation of the whole table from that of its rest."""
        values = np.full(shape, self.zero)
        values[np.ix_(self.rows, self.columns)] = np.flatnonzero(self.answers)[inner.values]
        p = len(self.answers)
        name, labels = f"{inner.name} with a zero", self._with_zero(inner.labels, "zero")
        found = inner._replace(kind=ZERO, name=name, labels=labels, values=values, formula="")
        if not (is_prime(p) and inner.group == f"C{p - 1}" and inner.labels.is_common):
            return found
        powers = Labels.common(_powers(inner.labels.left, p))
        return _multiplied(found._replace(labels=self._with_zero(powers, "0")), p) or found

    def _with_zero(self, labels: Labels, word: str) -> Labels:
        sides = []
        for words, kept in zip(labels, self[1:], strict=True):
            rest = iter(words)
            sides.append(tuple(next(rest) if keep else word for keep in kept))
        return Labels(*sides)


def without_zero(table: Table) -> WithoutZero | None:
    """Return the table without the row and the column that, but for wrong cells, have one answer; None without any."""
    values, count = table.values, len(table.answers)
    for zero in range(count):
        rows, columns = _are_mostly(values, zero), _are_mostly(values.T, zero)
        if max(rows.sum(), columns.sum()) == 1:
            return WithoutZero(zero, ~rows, ~columns, np.arange(count) != zero)
    return None


def _are_mostly(rows: Values, answer: int) -> Bool[np.ndarray, "rows"]:
    known = (rows >= 0).sum(1)
    return (known > 1) & ((rows == answer).sum(1) >= _MOSTLY * known)


def _powers(words: Words, p: int) -> Words:
    """Return the powers of a primitive root for numbers modulo p - 1: sums of these are products of those."""
    root = primitive_root(p)
    return tuple(str(pow(root, int(word), p)) for word in words)


def _multiplied(found: Explanation, p: int) -> Explanation | None:
    """Return a cyclic group with a zero as a product or a quotient modulo a prime, if it is one."""
    left, right, answers = (np.array(side, int) for side in found.labels)
    cells = np.full((p, p), -1)
    cells[np.ix_(left, right)] = answers[found.values]
    function = fitted(cells, cells >= 0, monomials(2, p) + INVERSES)
    if function is None or len(function.terms) > 2:
        return None
    formula = f"{function} mod {p}"
    return found._replace(name=formula, formula=formula, terms=len(function.terms))
