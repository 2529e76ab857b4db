"""What an isotope of a group is called: the group itself, x / y in it, u x + v y + c, or an isotope and no more."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from jaxtyping import Int

from groklab.algebra.explanation import GROUP, ISOTOPE, Explanation, Labels, Words, bits_of_order
from groklab.algebra.families import units
from groklab.algebra.group_names import GroupName, group_name, with_identity_first
from groklab.algebra.isotopes import Isotopy
from groklab.algebra.polynomials import Polynomial
from groklab.algebra.structure import identity
from groklab.algebra.table import Table

Values = Int[np.ndarray, "n n"]


class _Form(NamedTuple):
    """A group that a table is a word in, its elements being the symbols."""

    table: Values
    text: str
    abelian: str


def explained(found: Isotopy, table: Table) -> Explanation:
    """Name an isotope of a group that a table was found to be, but for blanks and wrong cells."""
    if table.is_common:
        values = found.table()
        for form in _forms(values):
            neutral = identity(form.table)
            if neutral is not None:
                return _as_word(form, values, neutral)
    named = group_name(found.group)
    affine = _affine(found, named) if table.is_common else None
    return affine or _apart(_brought_together(found, table), named)


def _forms(table: Values) -> Iterator[_Form]:
    """Yield the group tables that x ∘ y would be made of: itself, that of z y = x and that of x z = y, with z = x ∘ y.

    y x⁻¹ is x⁻¹ y in the group with its products turned around, which is the same group under other names.
    """
    x, y = np.indices(table.shape)
    yield _Form(table, "x y", "x + y")
    for text, abelian, at, value in (("x y⁻¹", "x - y", (table, y), x), ("x⁻¹ y", "-x + y", (x, table), y)):
        product = np.empty_like(table)
        product[at] = value
        yield _Form(product, text, abelian)


def _as_word(form: _Form, table: Values, neutral: int) -> Explanation:
    group, old = with_identity_first(form.table, neutral)
    named = group_name(group)
    words = _in_order(named.words, np.argsort(old))
    is_group = form.text == "x y"
    is_abelian = np.array_equal(group, group.T)
    text = form.abelian if is_abelian else form.text
    is_cyclic = named.factors == (f"C{len(group)}",)
    formula = f"{text} mod {len(group)}" if is_cyclic else f"{text} in {named.name}"
    return Explanation(
        GROUP if is_group else ISOTOPE,
        named.name if is_group else formula,
        Labels.common(words),
        table,
        _bits(len(group), labels=1),
        named.name,
        formula,
        2 if is_abelian else 1,
        named.is_certain,
        about=named.about,
    )


def _affine(found: Isotopy, named: GroupName) -> Explanation | None:
    """Name u x + v y + c in a cyclic group, or α(x) + β(y) + c in another abelian one."""
    group = found.group
    n, table = len(group), found.table()
    back = np.argsort(found.answers)
    shifts = [side[back] for side in (found.left, found.right)]  # of each element, what its symbol is as row and column
    if not np.array_equal(group, group.T) or not all(_is_affine(group, each) for each in shifts):
        return None
    if named.factors != (f"C{n}",):
        words = _in_order(named.words, found.answers)
        name = f"α(x) + β(y) + c in {named.name}, with automorphisms α and β"
        return Explanation(
            ISOTOPE, name, Labels.common(words), table, _bits(n, labels=2), named.name, name, 3, named.is_certain
        )
    number = np.array(named.words, int)
    place = np.argsort(number)
    (u, first), (v, second) = (_line(number[each[place]]) for each in shifts)
    t = _fixed(u + v - 1, first + second, n)
    c = (first + second + (u + v - 1) * t) % n
    scale = min(units(n), key=lambda k: k * c % n)  # where the constant cannot be moved away it is made small
    c, labels = scale * c % n, scale * (number[found.answers] - t) % n
    terms = tuple(term for term in ((u, 1, 0), (v, 0, 1), (c, 0, 0)) if term[0])
    name = f"{Polynomial(n, terms)} mod {n}"
    words = tuple(map(str, labels))
    return Explanation(ISOTOPE, name, Labels.common(words), table, _bits(n, labels=2), named.name, name, len(terms))


def _apart(found: Isotopy, named: GroupName) -> Explanation:
    sides = (found.left, found.right, found.answers)
    return Explanation(
        ISOTOPE,
        f"isotope of {named.name}",
        Labels(*(_in_order(named.words, side) for side in sides)),
        found.table(),
        _bits(len(found.group), labels=3),
        named.name,
        "",
        0,
        named.is_certain,
        about=named.about,
    )


def _brought_together(found: Isotopy, table: Table) -> Isotopy:
    """Return the isotopy with the labels of rows those of answers where a column, as of 0, leaves every row as it is;
    or those of columns."""
    group, values, everyone = found.group, found.table(), np.arange(len(found.group))
    inverse = np.argmax(group == 0, axis=1)
    neutral = np.flatnonzero((values == everyone[:, None]).all(0)) if table.left == table.answers else ()
    for b in found.right[neutral[:1]] if len(neutral) else ():
        return found._replace(left=group[found.left, b], right=group[inverse[b], found.right])
    neutral = np.flatnonzero((values == everyone).all(1)) if table.right == table.answers else ()
    for a in found.left[neutral[:1]] if len(neutral) else ():
        return found._replace(left=group[found.left, inverse[a]], right=group[a, found.right])
    return found


def _is_affine(group: Values, image: Int[np.ndarray, "n"]) -> bool:
    """Whether an image f of an abelian group has f(x + y) + f(0) = f(x) + f(y)."""
    return np.array_equal(group[image[group], image[0]], group[np.ix_(image, image)])


def _line(values: Int[np.ndarray, "n"]) -> tuple[int, int]:
    n = len(values)
    return int(values[1 % n] - values[0]) % n, int(values[0])


def _fixed(slope: int, constant: int, n: int) -> int:
    """Return the t for which slope · t + constant is nearest to 0 modulo n."""
    return min(range(n), key=lambda t: ((slope * t + constant) % n, t))


def _bits(n: int, labels: int) -> float:
    return labels * bits_of_order(n) + math.log2(n) + 3


def _in_order(words: Words, places: Int[np.ndarray, "n"]) -> Words:
    return tuple(words[at] for at in places)
