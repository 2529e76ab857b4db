"""What rule lies behind a table: the explanations in the order in which they are tried, and the first that stands."""

import math
from collections.abc import Iterator

from groklab.algebra import formulas
from groklab.algebra.explanation import FORMULA, LEAST, Explanation, Labels, bits_of_order
from groklab.algebra.forms import explained
from groklab.algebra.isotopes import isotopy
from groklab.algebra.listed import common_formula, listed_formula
from groklab.algebra.numbered import in_numbers, natural_formulas
from groklab.algebra.orders import larger_of_two
from groklab.algebra.table import Table, is_prime
from groklab.algebra.words import word_in
from groklab.algebra.zeros import without_zero


def explanation_of(table: Table) -> Explanation | None:
    """Return the rule of an aligned table: one that has all known cells right or, if none has, one with nearly all."""
    nearly, core = [], table.without_strangers()
    strangers = len(table.answers) - len(core.answers)
    for found in _explanations(core):
        each = found.with_strangers(len(core.answers), strangers)
        if each.is_accepted(table.values):
            return each
        if each.is_accepted(table.values, LEAST):
            nearly.append(each)
    return min(nearly, key=lambda each: each.wrong(table.values), default=None)


def _explanations(table: Table) -> Iterator[Explanation]:
    """Yield what the table could be, exactly or nearly."""
    for way in (_isotope, _with_zero):
        found = way(table)
        if found is not None:
            yield in_numbers(found if found.formula else _with_formula(found, table), table)
    yield from natural_formulas(table)
    if table.is_common:
        if table.is_complete:  # blanks could leave open which of two is the larger
            yield larger_of_two(table.values, table.left)
        whole = (common_formula, word_in) if table.is_complete else ()
        yield from filter(None, (way(table.values) for way in whole))
        yield from filter(None, [_formula(table)])
        if table.is_complete:
            yield from filter(None, [listed_formula(table.values)])


def _isotope(table: Table) -> Explanation | None:
    n = len(table.left)
    if n < 2 or not len(table.right) == n == len(table.answers):
        return None
    found = isotopy(table.values)
    return None if found is None else explained(found, table)


def _with_formula(found: Explanation, table: Table) -> Explanation:
    """Return an isotope as a formula, such as x³ + y, where it is one."""
    formula = _formula(table._replace(values=found.values)) if table.is_common else None
    return found if formula is None else formula._replace(kind=found.kind, group=found.group)


def _with_zero(table: Table) -> Explanation | None:
    cut = without_zero(table)
    inner = None if cut is None else _isotope(cut.rest(table))
    return None if cut is None or inner is None else cut.explained(inner, table.values.shape)


def _formula(table: Table) -> Explanation | None:
    """Return a formula modulo a prime for symbols that may stand for any residues."""
    n = len(table.left)
    found = formulas.formula_of(table.values, n) if is_prime(n) else None
    if found is None:
        return None
    words, terms = tuple(map(str, found.labels)), len(found.function.terms)
    bits = bits_of_order(n) + 2 * terms * math.log2(n)
    return Explanation(FORMULA, str(found), Labels.common(words), found.table(), bits, formula=str(found), terms=terms)
