"""Formulas under other names of the residues, modulo any number: a list of them is tried, one after the other."""

import itertools
from collections.abc import Iterable, Iterator

import numpy as np
from jaxtyping import Int

from groklab.algebra.explanation import FORMULA, Explanation, Labels, bits_of_order
from groklab.algebra.formulas import Formula, Halves
from groklab.algebra.isomorphism import OutOfBudget, isomorphism, seen_at_once
from groklab.algebra.polynomials import Polynomial, monomials
from groklab.algebra.table import is_prime

Table = Int[np.ndarray, "n n"]
Function = Polynomial | Halves

_LARGEST_LISTED = 128
_BUDGET = 500  # for each: what is seen at once has told most apart
_FACTORS = (1, -1, 2, -2, 3)
_OF_THE_PAPERS = (
    ((1, 1, 1),),
    ((1, 2, 0), (1, 0, 2)),
    ((1, 2, 0), (1, 0, 1)),
    ((1, 3, 0), (1, 0, 1)),
    ((1, 2, 0), (1, 1, 1), (1, 0, 2)),
    ((1, 2, 0), (1, 1, 1), (1, 0, 2), (1, 1, 0)),
    ((1, 3, 0), (1, 1, 1)),
    ((1, 3, 0), (1, 1, 2), (1, 0, 1)),
)
_SUM, _DIFFERENCE, _PRODUCT = ((1, 1, 0), (1, 0, 1)), ((1, 1, 0), (-1, 0, 1)), ((1, 1, 1),)
_QUOTIENT = ((1, 1, -1),)
_HALVES = (
    ("x", _SUM, _PRODUCT),
    ("x", _SUM, _DIFFERENCE),
    ("y", _DIFFERENCE, _QUOTIENT),
)


def common_formula(table: Table) -> Explanation | None:
    """Return the formula of the papers that a complete table is under other names, or None."""
    n = len(table)
    halves = (
        Halves(by, _modulo(n, even), _modulo(n, odd)) for by, even, odd in _HALVES if is_prime(n) or odd != _QUOTIENT
    )
    return _first_like(table, itertools.chain((_modulo(n, terms) for terms in _OF_THE_PAPERS), halves))


def listed_formula(table: Table) -> Explanation | None:
    """Return the polynomial of one or two terms that a complete table is under other names, or None."""
    n = len(table)
    return _first_like(table, (_modulo(n, terms) for terms in _short())) if n <= _LARGEST_LISTED else None


def _short() -> Iterator[tuple[tuple[int, int, int], ...]]:
    """Yield terms up to the third degree and pairs of them, with small factors."""
    terms = [(c, i, j) for i, j in monomials(3, 5)[1:] for c in _FACTORS]
    yield from ((term,) for term in terms)
    yield from ((a, b) for a, b in itertools.combinations(terms, 2) if a[1:] != b[1:])


def _first_like(table: Table, functions: Iterable[Function]) -> Explanation | None:
    n, mine = len(table), seen_at_once(table)
    x = np.arange(n)
    for function in functions:
        values = function(x[:, None], x[None])
        if seen_at_once(values) == mine:
            try:
                labels = isomorphism(table, values, budget=_BUDGET)
            except OutOfBudget:
                continue
            if labels is not None:
                return _explanation(Formula(function, labels), table)
    return None


def _explanation(found: Formula, table: Table) -> Explanation:
    words = Labels.common(tuple(map(str, found.labels)))
    bits = bits_of_order(len(table)) + 10
    return Explanation(FORMULA, str(found), words, table, bits, formula=str(found), terms=len(found.function.terms))


def _modulo(n: int, terms: tuple[tuple[int, int, int], ...]) -> Polynomial:
    return Polynomial(n, tuple((c % n, i, j) for c, i, j in terms))
