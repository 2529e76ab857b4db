"""Groups taken apart: normal subgroups, direct factors, complements. Elements are indices, 0 is the neutral one."""

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int

Table = Int[np.ndarray, "_ _"]  # square; of several in one call each has its order
Subgroup = Bool[np.ndarray, "order"]

_MOST_NORMAL = 400
_MOST_LIFTS = 20_000


class Parts(NamedTuple):
    """Two subgroups that meet in the neutral element alone and whose products are all elements; the first is normal."""

    normal: Subgroup
    other: Subgroup

    def coordinates(self, table: Table) -> tuple[Int[np.ndarray, "order"], Int[np.ndarray, "order"]]:
        """Return of each element x = n h the places of n and h in their subgroups."""
        n, h = np.flatnonzero(self.normal), np.flatnonzero(self.other)
        products = table[np.ix_(n, h)]
        first, second = np.empty(len(table), int), np.empty(len(table), int)
        first[products], second[products] = np.arange(len(n))[:, None], np.arange(len(h))[None]
        return first, second


def restricted(table: Table, subgroup: Subgroup) -> Table:
    """Return the table of a subgroup, its elements in the order they had."""
    places = np.flatnonzero(subgroup)
    return np.searchsorted(places, table[np.ix_(places, places)])


def generated(table: Table, elements: Int[np.ndarray, "some"]) -> Subgroup:
    """Return the subgroup that some elements generate."""
    member = np.zeros(len(table), bool)
    member[0] = True
    frontier = np.array([0])
    while len(frontier):
        reached = np.unique(table[np.ix_(frontier, elements)])
        frontier = reached[~member[reached]]
        member[frontier] = True
    return member


def inverses(table: Table) -> Int[np.ndarray, "order"]:
    """Return the inverse of each element."""
    return np.argmax(table == 0, axis=1)


def classes(table: Table) -> Int[np.ndarray, "order"]:
    """Return for each element the least of its conjugates."""
    everyone = np.arange(len(table))
    conjugates = table[table, inverses(table)[:, None]]  # [g, x] is g x g⁻¹
    return np.minimum(conjugates.min(0), everyone)


def centre(table: Table) -> Subgroup:
    """Return the elements that commute with all."""
    return (table == table.T).all(1)


def derived(table: Table) -> Subgroup:
    """Return the subgroup of commutators."""
    inverse = inverses(table)
    commutators = table[table, inverse[table.T]]  # x y (y x)⁻¹
    return generated(table, np.unique(commutators))


def normal_subgroups(table: Table) -> list[Subgroup]:
    """Return the normal subgroups, the smallest first; of a group with very many, those found first."""
    kind = classes(table)
    closures = {}
    for representative in np.unique(kind):
        member = generated(table, np.flatnonzero(kind == representative))
        closures[member.tobytes()] = member
    found = dict(closures)
    frontier = list(closures.values())
    while frontier and len(found) < _MOST_NORMAL:
        fresh = {}
        for first, second in itertools.product(frontier, closures.values()):
            joined = _joined(table, first, second)
            if joined.tobytes() not in found:
                fresh[joined.tobytes()] = joined
        found.update(fresh)
        frontier = list(fresh.values())
    return sorted(found.values(), key=lambda member: (int(member.sum()), np.flatnonzero(member).tolist()))


def direct_parts(table: Table) -> Parts | None:
    """Return two normal subgroups of which the group is the direct product, the first as small as can be."""
    normal = [member for member in normal_subgroups(table) if 1 < member.sum() < len(table)]
    for first in normal:
        for second in normal:
            if first.sum() * second.sum() == len(table) and (first & second).sum() == 1:
                return Parts(first, second)
    return None


def semidirect_parts(table: Table) -> Iterator[Parts]:
    """Yield each normal subgroup that is complemented, with one that complements it, the largest first."""
    for normal in reversed(normal_subgroups(table)):
        if 1 < normal.sum() < len(table):
            yield from (Parts(normal, other) for other in itertools.islice(_complements(table, normal), 1))


def _joined(table: Table, first: Subgroup, second: Subgroup) -> Subgroup:
    member = np.zeros(len(table), bool)
    member[table[np.ix_(np.flatnonzero(first), np.flatnonzero(second))]] = True  # of normal ones, all products
    return member


def _complements(table: Table, normal: Subgroup) -> Iterator[Subgroup]:
    """Yield subgroups that meet every coset of a normal one once, of one generator or of two."""
    size = len(table) // int(normal.sum())
    outside = np.flatnonzero(~normal)
    small = [x for x in outside if _is_complement(generated(table, np.array([x])), normal, None)]
    yield from (member for x in small if _is_complement(member := generated(table, np.array([x])), normal, size))
    for pair in itertools.islice(itertools.combinations(small, 2), _MOST_LIFTS):
        member = generated(table, np.array(pair))
        if _is_complement(member, normal, size):
            yield member


def _is_complement(member: Subgroup, normal: Subgroup, size: int | None) -> bool:
    return int((member & normal).sum()) == 1 and (size is None or int(member.sum()) == size)
