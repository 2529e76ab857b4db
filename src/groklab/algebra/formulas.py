"""A formula for a table: a sparse polynomial modulo p, or one for even and one for odd numbers."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int

from groklab.algebra.labellings import labellings
from groklab.algebra.polynomials import INVERSES, Exponents, Polynomial, fitted, monomials, simplest
from groklab.algebra.sparse import sparse
from groklab.algebra.table import is_prime

Cells = Int[np.ndarray, "p p"]

MOST_TERMS = 6
_SMALL = 13
_LARGEST = 256


class Halves(NamedTuple):
    """One polynomial where x (or y) is even, another where it is odd."""

    by: str
    even: Polynomial
    odd: Polynomial

    @property
    def p(self) -> int:
        """The modulus."""
        return self.even.p

    @property
    def terms(self) -> tuple[tuple[int, int, int], ...]:
        """The terms of both."""
        return self.even.terms + self.odd.terms

    def __call__(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.where((x if self.by == "x" else y) % 2 == 0, self.even(x, y), self.odd(x, y))

    def __str__(self) -> str:
        return f"{self.even} if {self.by} is even, else {self.odd}"


class Formula(NamedTuple):
    """A function of residues, and the residue that stands for each symbol."""

    function: Polynomial | Halves
    labels: Int[np.ndarray, "p"]

    def __str__(self) -> str:
        return f"{self.function} mod {self.function.p}"

    def table(self) -> Cells:
        """Return the whole table that it makes."""
        x = self.labels
        return np.argsort(x)[self.function(x[:, None], x[None])]


def formula_in(cells: Cells, least: float = 1.0) -> Polynomial | Halves | None:
    """Return a sparse formula modulo n for a table whose n symbols are the residues; -1 is a blank.

    `least` is the share of known cells that it must have right.
    """
    everywhere, even = cells >= 0, np.arange(len(cells)) % 2 == 0
    found = _simplest_fit(cells, everywhere, least)
    if found is not None:
        return found
    for by, mask in (("x", even[:, None]), ("y", even[None])):
        first = _simplest_fit(cells, everywhere & mask, least)
        second = _simplest_fit(cells, everywhere & ~mask, least) if first is not None else None
        if first is not None and second is not None and len(first.terms) + len(second.terms) <= MOST_TERMS:
            return Halves(by, first, second)
    return None


def formula_of(cells: Cells, p: int) -> Formula | None:
    """Return a sparse formula modulo a prime for a table with any symbols, and the residue of each symbol.

    Of a table with more than 256 symbols none is looked for: the equations would take half a minute.
    """
    if p > _LARGEST:
        return None
    for labels in labellings(cells, p):
        seen = _relabelled(cells, labels)
        for exponents in (monomials(1, p), monomials(3, p), monomials(4, p)):
            found = fitted(seen, seen >= 0, exponents)
            if found is not None:
                function, u, t = simplest(found)
                if len(function.terms) <= MOST_TERMS:
                    return Formula(function, (labels - t) * pow(u, -1, p) % p)
        halves = _halves(cells, labels, p) if p > 2 else None
        if halves is not None:
            return halves
    return None


def _bases(p: int) -> list[Exponents]:
    second = monomials(2, p)
    return [monomials(1, p), second, monomials(3, p), second + INVERSES, monomials(4, p)]


def _simplest_fit(cells: Cells, where: Bool[np.ndarray, "p p"], least: float) -> Polynomial | None:
    """Return the polynomial of least degree or, in tables too small for that, one of few terms."""
    n = len(cells)
    for exponents in _bases(n) if is_prime(n) else ():
        found = fitted(cells, where, exponents, least)
        if found is not None and len(found.terms) <= MOST_TERMS:
            return found
    return next(sparse(cells, where, least), None) if n <= _SMALL or not is_prime(n) else None


def _relabelled(cells: Cells, labels: Int[np.ndarray, "p"]) -> Cells:
    """Return the table with rows and columns in the order of their labels and answers as labels."""
    order = np.argsort(labels)
    answers = np.append(labels, -1)  # a blank stays one
    return answers[cells[np.ix_(order, order)]]


def _halves(cells: Cells, labels: Int[np.ndarray, "p"], p: int) -> Formula | None:
    """Return a formula by parity, where labels are right up to u x + t: the even rows have a slope of their own."""
    seen = _relabelled(cells, labels)
    for table in (seen, seen.T):
        slopes = _slopes(table, p)
        known = slopes[slopes >= 0]
        if len(known) < p // 2:
            continue
        numberings = _numberings(slopes == np.bincount(known).argmax(), p)
        tried = [(labels - t) * pow(u, -1, p) % p for u, t in numberings]
        found = [Formula(function, again) for again in tried if (function := formula_in(_relabelled(cells, again)))]
        if found:
            return min(found, key=lambda each: len(each.function.terms))
    return None


def _slopes(table: Cells, p: int) -> Int[np.ndarray, "p"]:
    """Return the u of each row that is u y + t; -1 where it is not."""
    differences = (np.roll(table, -1, axis=1) - table) % p
    is_line = (differences == differences[:, :1]).all(1) & (table >= 0).all(1)
    return np.where(is_line, differences[:, 0], -1)


def _numberings(is_even: Bool[np.ndarray, "p"], p: int) -> Iterator[tuple[int, int]]:
    """Yield u and t by which the labels u x + t of a set are those of the even x, or nearly."""
    places = np.arange(p)
    overlap = [int((is_even & is_even[(places - step) % p]).sum()) for step in range(1, p)]
    for step in np.argsort(overlap, kind="stable")[::-1][:2] + 1:
        starts = np.flatnonzero(is_even & ~is_even[(places - step) % p])
        for start in starts[:3]:
            for shift in (0, 1, -1):
                yield int(step * pow(2, -1, p) % p), int((start + shift * step) % p)
