"""What a group is called: by its invariant factors, by a name of the catalogue, or by how it is put together."""

import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from jaxtyping import Int

from groklab.algebra import decomposition, families
from groklab.algebra.catalogue import Known, abelian_orders, composed_groups, invariant_factors, named_groups, power
from groklab.algebra.isomorphism import OutOfBudget, isomorphism, power_lengths

Table = Int[np.ndarray, "_ _"]  # square; of several in one call each has its order

_CYCLIC = re.compile(r"C\d+")
_CALL = re.compile(r"\w+\([^()]*\)")


class GroupName(NamedTuple):
    """What a group is the direct product of, and a word for each element that shows it.

    Products of these words are those of the named group. `is_certain` is whether one group alone has the name: a
    semidirect product may share its name with others, and the words, which are pairs, then tell which it is.
    """

    factors: tuple[str, ...]
    words: tuple[str, ...]
    is_certain: bool
    about: str = ""  # what the words mean, where that is not plain

    @property
    def name(self) -> str:
        """The names of the factors, cyclic ones first."""
        return self.factors[0] if len(self.factors) == 1 else " × ".join(map(bracketed, self.factors))


def group_name(table: Table) -> GroupName:
    """Name a group, given with its neutral element first."""
    if len(table) == 1:
        return GroupName(("C1",), ("1",), True)
    if np.array_equal(table, table.T):
        return _abelian(table)
    order = len(table)
    return (
        _catalogued(table, named_groups(order))
        or _direct(table)
        or _catalogued(table, composed_groups(order))
        or _semidirect(table)
        or _described(table)
    )


def with_identity_first(table: Table, identity: int) -> tuple[Table, Int[np.ndarray, "order"]]:
    """Return a group with its elements renumbered, and the old number of each new one."""
    old = np.concatenate([[identity], np.delete(np.arange(len(table)), identity)])
    new = np.argsort(old)
    return new[table[np.ix_(old, old)]], old


def _abelian(table: Table) -> GroupName:
    """Name an abelian group by its invariant factors, each dividing the next."""
    order = _orders(table)
    for factors in abelian_orders(len(table)):
        candidate = families.abelian(*factors)
        if np.array_equal(np.sort(order), np.sort(_orders(candidate))):
            image = isomorphism(table, candidate)
            if image is not None:
                places = np.stack(np.unravel_index(image, factors), axis=1)
                words = (str(row[0]) if len(row) == 1 else f"({', '.join(map(str, row))})" for row in places)
                return GroupName(
                    _cyclic(factors), tuple(words), True, "numbers that are added one by one" * (len(factors) > 1)
                )
    raise AssertionError("every finite abelian group has invariant factors")


def _cyclic(orders: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(f"C{n}" for n in orders) or ("C1",)


def _orders(table: Table) -> Int[np.ndarray, "order"]:
    return power_lengths(table)[:, 1]


def _catalogued(table: Table, catalogue: Iterable[Known]) -> GroupName | None:
    mine = _traits(table)
    for known in catalogue:
        candidate = known.table()
        try:
            image = isomorphism(table, candidate) if _traits(candidate) == mine else None
        except OutOfBudget:  # that it is this one stays unknown, so that it is not said
            continue
        if image is not None:
            words = known.words()
            return GroupName((known.name,), tuple(words[at] for at in image), True, known.about)
    return None


def _traits(table: Table) -> tuple[object, ...]:
    """Return what is quickly seen, and must agree in groups that are one."""
    return int((table == table.T).sum()), tuple(np.sort(_orders(table)).tolist())


def _direct(table: Table) -> GroupName | None:
    parts = decomposition.direct_parts(table)
    if parts is None:
        return None
    first, second = (group_name(decomposition.restricted(table, part)) for part in parts)
    at, other = parts.coordinates(table)
    words = tuple(f"{first.words[a]}.{second.words[b]}" for a, b in zip(at, other, strict=True))
    each = [f"{part.name}: {part.about}" if part.about else part.name for part in (first, second)]
    about = f"a word of the first and one of the second, joined by a dot, of {'; '.join(each)}"
    return GroupName(_joined(first.factors + second.factors), words, first.is_certain and second.is_certain, about)


def _joined(factors: tuple[str, ...]) -> tuple[str, ...]:
    """Return the factors of a product; cyclic ones are joined to invariant factors, and come first."""
    orders = [int(factor[1:]) for factor in factors if _CYCLIC.fullmatch(factor)]
    return (
        *_cyclic(invariant_factors(orders)) * bool(orders),
        *sorted(factor for factor in factors if not _CYCLIC.fullmatch(factor)),
    )


def _semidirect(table: Table) -> GroupName | None:
    """Name a group by a normal subgroup and what complements it: a cyclic one or an abelian one first, and a large one.

    All complements of a subgroup are the same group, so that the name is the same whatever elements are called.
    """
    named = []
    for parts in decomposition.semidirect_parts(table):
        first, second = (group_name(decomposition.restricted(table, part)) for part in parts)
        rank = len(first.factors) if all(_CYCLIC.fullmatch(factor) for factor in first.factors) else len(table)
        named.append(((rank, -int(parts.normal.sum()), first.name, second.name), first, second, parts))
    if not named:
        return None
    _, first, second, parts = min(named, key=lambda each: each[0])
    at, other = parts.coordinates(table)
    words = tuple(f"({first.words[a]}; {second.words[b]})" for a, b in zip(at, other, strict=True))
    return GroupName(
        (f"{bracketed(first.name)} ⋊ {bracketed(second.name)}",),
        words,
        False,
        "an element of the first; one of the second",
    )


def _described(table: Table) -> GroupName:
    """Describe a group that is not put together from two: its order, its centre and its commutators."""
    centre, derived = decomposition.centre(table), decomposition.derived(table)
    inner = [group_name(decomposition.restricted(table, part)).name for part in (centre, derived) if not part.all()]
    words = tuple(power("g", at) or "1" for at in range(len(table)))
    tells = f" with centre {inner[0]}" + (f" and derived group {inner[1]}" if len(inner) > 1 else ", perfect")
    return GroupName((f"group of order {len(table)}{tells}",), words, False)


def bracketed(name: str) -> str:
    """Return a name as it stands beside a sign."""
    is_whole = " " not in name or _CALL.fullmatch(name) or name[0] == "⟨"
    return name if is_whole else f"({name})"
