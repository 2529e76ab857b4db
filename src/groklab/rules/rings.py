"""Two tables on the same symbols: whether they are the sum and the product of a ring, and which."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from groklab.algebra import Held, Table, distributes
from groklab.algebra.explanation import GROUP
from groklab.algebra.laws import ASSOCIATIVE, COMMUTATIVE, checked
from groklab.algebra.structure import identity, is_group
from groklab.errors import InvalidTable
from groklab.rules.rule import PROVED, Rule


@dataclass(frozen=True, eq=False)
class Ring:
    """What two tables are together.

    `name` is the field or the ring of residues that they are, or the word for what holds: ring, or nothing where the
    first is no abelian group or the second is not distributive over it.
    """

    plus: Rule
    times: Rule
    distributive: Held
    name: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as values of JSON."""
        return {
            "name": self.name,
            "distributive": self.distributive.share,
            "plus": self.plus.as_dict(),
            "times": self.times.as_dict(),
        }


def ring_of(plus: Rule, times: Rule) -> Ring:
    """Look at two complete tables on the same symbols; raise `InvalidTable` for others."""
    first, second = plus.table, times.table
    if not (first.is_common and second.is_common and set(first.left) == set(second.left)):
        raise InvalidTable("`tables` must be two on the same symbols, along both sides and inside. Rename them.")
    if not (first.is_complete and second.is_complete):
        raise InvalidTable("`tables` must be complete to be looked at together, got blanks. Fill them in first.")
    order = [second.left.index(symbol) for symbol in first.left]
    product = np.argsort(order)[second.values[np.ix_(order, order)]]
    held = distributes(product, first.values)
    return Ring(plus, times, held, _name(plus, first, product, held))


def _name(plus: Rule, first: Table, product: np.ndarray, held: Held) -> str:
    n = len(product)
    if plus.kind != GROUP or plus.status != PROVED or not checked(first.values, COMMUTATIVE).holds or not held.holds:
        return ""
    if not checked(product, ASSOCIATIVE).holds:
        return f"non-associative ring of order {n}"
    zero, one = identity(first.values), identity(product)
    others = np.arange(n) != zero
    if one is not None and _is_closed(product, others) and is_group(_inner(product, others)):
        return f"GF({n})"
    if one is not None and plus.group == f"C{n}":
        return f"Z/{n}"
    commutes = checked(product, COMMUTATIVE).holds
    kinds = (["commutative"] if commutes else []) + [f"ring of order {n}"] + (["with 1"] if one is not None else [])
    return f"{' '.join(kinds)} on {plus.group}"


def _is_closed(product: np.ndarray, others: np.ndarray) -> bool:
    return bool(others[product[np.ix_(others, others)]].all())


def _inner(product: np.ndarray, others: np.ndarray) -> np.ndarray:
    return np.searchsorted(np.flatnonzero(others), product[np.ix_(others, others)])
