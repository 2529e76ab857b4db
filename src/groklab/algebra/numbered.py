"""Formulas for tables whose symbols are numbers, read as they are or modulo how many there are."""

import math
from collections.abc import Iterator

import numpy as np
from jaxtyping import Int

from groklab.algebra import integers
from groklab.algebra.explanation import FORMULA, GROUP, LEAST, Explanation, Labels
from groklab.algebra.formulas import formula_in
from groklab.algebra.table import Table


def natural_formulas(table: Table) -> Iterator[Explanation]:
    """Yield formulas in the numbers that the symbols are, first those that all known cells obey."""
    numbers = [integers.numbers_of(side) for side in (table.left, table.right, table.answers)]
    left, right, answers = numbers
    if left is None or right is None or answers is None:
        return
    for each in integers.without_modulus(left[:, None], right[None], table.values, answers):
        yield _explanation(each, table, answers, 0)
    n = len(table.symbols)
    residues = np.array(table.symbols, int) % n
    if len(np.unique(residues)) == n:
        for least in (1.0, LEAST):
            for each in _modulo(n, left, right, answers, table, least):
                yield _explanation(each, table, answers, n)


def in_numbers(found: Explanation, table: Table) -> Explanation:
    """Return an explanation in the numbers that the symbols are, where these obey a formula as they stand."""
    whole = table._replace(values=found.values)
    for each in natural_formulas(whole):
        if np.array_equal(each.values, found.values):
            name = found.name if found.kind == GROUP else each.name
            return each._replace(kind=found.kind, name=name, group=found.group)
    return found


def _modulo(
    n: int, left: np.ndarray, right: np.ndarray, answers: np.ndarray, table: Table, least: float
) -> Iterator[integers.Numbered]:
    """Yield formulas modulo n, with their values in the places of the table's cells."""
    cells = np.full((n, n), -1)
    cells[np.ix_(left % n, right % n)] = np.append(answers % n, -1)[table.values]
    at = np.ix_(left % n, right % n)
    found = formula_in(cells, least)
    if found is not None:
        x = np.arange(n)
        bits = 2 * len(found.terms) * math.log2(n)
        yield integers.Numbered(f"{found} mod {n}", found(x[:, None], x[None])[at], len(found.terms), bits)


def _explanation(each: integers.Numbered, table: Table, answers: Int[np.ndarray, "answers"], n: int) -> Explanation:
    """Return a formula as an explanation; numbers that are no answer of the table yet are put after those that are."""
    residues, values = (answers % n, each.values % n) if n else (answers, each.values)
    more = np.setdiff1d(values, residues)
    every = np.concatenate([residues, more])
    order = np.argsort(every)
    places = order[np.searchsorted(every[order], values)]
    spelt = {int(symbol) % n if n else int(symbol): symbol for symbol in table.symbols}
    words = tuple(spelt.get(int(number), str(number)) for number in more)
    labels = Labels(table.left, table.right, (*table.answers, *words))
    return Explanation(FORMULA, each.text, labels, places, each.bits, formula=each.text, terms=each.terms, more=words)
