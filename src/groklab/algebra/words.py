"""Words in a group that do not leave a quasigroup: conjugates, x y x, commutators."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from jaxtyping import Int

from groklab.algebra import decomposition, families
from groklab.algebra.catalogue import abelian_orders, composed_groups, named_groups
from groklab.algebra.explanation import WORD, Explanation, Labels, bits_of_order
from groklab.algebra.group_names import group_name, with_identity_first
from groklab.algebra.isomorphism import OutOfBudget, isomorphism, seen_at_once
from groklab.algebra.structure import identity, is_group, is_permutation

Table = Int[np.ndarray, "n n"]

_LARGEST_LISTED = 128
_BUDGET = 5_000


class Word(NamedTuple):
    """A word in x and y, and its value for all elements of a group."""

    text: str
    values: Callable[[Table, Int[np.ndarray, "n"]], Table]


WORDS = (
    Word("x y x⁻¹", lambda product, inverse: product[product, inverse[:, None]]),
    Word("x⁻¹ y x", lambda product, inverse: product[product[inverse], np.arange(len(product))[:, None]]),
    Word("x y x", lambda product, inverse: product[product, np.arange(len(product))[:, None]]),
    Word("x y⁻¹ x", lambda product, inverse: product[product[:, inverse], np.arange(len(product))[:, None]]),
    Word("x y x⁻¹ y⁻¹", lambda product, inverse: product[product, inverse[product.T]]),
    Word("x² y", lambda product, inverse: product[np.diag(product)]),
    Word("x y²", lambda product, inverse: product[:, np.diag(product)]),
)


def word_in(table: Table) -> Explanation | None:
    """Return the word in a non-abelian group that a table of all its elements is, or None."""
    return _conjugates(table) or (_listed(table) if len(table) <= _LARGEST_LISTED else None)


def _conjugates(table: Table) -> Explanation | None:
    """Read x y x⁻¹ in a group without centre, whose elements are how they move the others; or y x y⁻¹."""
    for word, moves in ((WORDS[0], table), (WORDS[0]._replace(text="y x y⁻¹"), table.T)):
        product = _composed(moves)
        neutral = identity(product) if product is not None and is_group(product) else None
        if product is not None and neutral is not None:
            group, old = with_identity_first(product, neutral)
            new = np.argsort(old)
            if np.array_equal(new[moves[np.ix_(old, old)]], word.values(group, decomposition.inverses(group))):
                return _explanation(word, group, new, table)
    return None


def _composed(moves: Table) -> Table | None:
    """Return which row moves as row x after row y does, if there is one for all of them."""
    if not is_permutation(moves).all():
        return None
    number = {row.tobytes(): at for at, row in enumerate(moves)}
    found = [[number.get(np.ascontiguousarray(x[y]).tobytes(), -1) for y in moves] for x in moves]
    product = np.array(found)
    return None if (product < 0).any() or len(number) < len(moves) else product


def _listed(table: Table) -> Explanation | None:
    """Try all words in all groups that the catalogue has of this order."""
    mine = seen_at_once(table)
    for group in _groups(len(table)):
        inverse = decomposition.inverses(group)
        for word in WORDS:
            values = word.values(group, inverse)
            if seen_at_once(values) != mine:
                continue
            try:
                image = isomorphism(table, values, budget=_BUDGET)
            except OutOfBudget:
                continue
            if image is not None:
                return _explanation(word, group, image, table)
    return None


def _groups(order: int) -> Iterator[Table]:
    """Yield non-abelian groups of an order: those of the catalogue, and their products with abelian ones."""
    for size in range(order, 5, -1):
        if order % size == 0:
            for known in (*named_groups(size), *composed_groups(size)):
                for factors in abelian_orders(order // size):
                    yield families.direct(families.abelian(*factors), known.table())


def _explanation(word: Word, group: Table, image: Int[np.ndarray, "n"], table: Table) -> Explanation:
    named = group_name(group)
    words = tuple(named.words[at] for at in image)
    name = f"{word.text} in {named.name}"
    # of groups with a centre several may have this table
    is_certain = named.is_certain and bool(decomposition.centre(group).sum() == 1)
    return Explanation(
        WORD,
        name,
        Labels.common(words),
        table,
        bits_of_order(len(table)) + 8,
        named.name,
        name,
        1,
        is_certain,
        about=named.about,
    )
