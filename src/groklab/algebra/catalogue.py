"""Groups that have names: the families, by order, with a word for each element."""

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from groklab.algebra import families
from groklab.algebra.families import Table, metacyclic, units

_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Known(NamedTuple):
    """A group of the catalogue: its name, how its table is built, how its elements are written, and what that means."""

    name: str
    table: Callable[[], Table]
    words: Callable[[], tuple[str, ...]]
    about: str


def raised(number: int) -> str:
    """Return a number as an exponent."""
    return str(number).translate(_SUPERSCRIPTS)


def named_groups(order: int) -> Iterator[Known]:
    """Yield the non-abelian groups of an order that everybody calls by one name, be they products or not."""
    for family in (_with_names, _permutations, _of_matrices):
        yield from family(order)


def composed_groups(order: int) -> Iterator[Known]:
    """Yield non-abelian groups of an order by how they are composed of smaller ones."""
    for family in (_splitting, _generalized_dihedral, _central_products, _wreath_products, _metacyclic):
        yield from family(order)


def power(letter: str, exponent: int) -> str:
    """Return a power as a word; that of 0 is nothing."""
    return "" if exponent == 0 else letter if exponent == 1 else letter + raised(exponent)


def word(m: int, k: int) -> tuple[str, ...]:
    """Return the words aⁱ bʲ in the order of `families.metacyclic`."""
    return tuple((power("a", i) + power("b", j)) or "1" for j in range(k) for i in range(m))


def _two(name: str, m: int, k: int, turn: int, carry: int = 0) -> Known:
    relations = f"a{raised(m)} = 1, b{raised(k)} = {power('a', carry) or '1'}, b a b⁻¹ = {power('a', turn % m)}"
    return Known(name, lambda: metacyclic(m, k, turn, carry), lambda: word(m, k), relations)


def _with_names(order: int) -> Iterator[Known]:
    half = order // 2
    if order % 2 == 0 and half >= 3:
        yield _two("S3" if half == 3 else f"D{half}", half, 2, -1)
    if order % 4 == 0 and order >= 8:
        name = f"Q{order}" if order & (order - 1) == 0 else f"Dic{order // 4}"
        yield _two(name, half, 2, -1, half // 2)
    prime, exponent = _prime_power(order)
    if exponent >= 4 and prime == 2:
        yield _two(f"SD{order}", half, 2, half // 2 - 1)
    if exponent >= 4 or (exponent == 3 and prime > 2):
        yield _two(f"M{order}", order // prime, prime, 1 + order // prime**2)
    if exponent == 3 and prime > 2:
        yield _generated(f"Heis({prime})", families.heisenberg(), prime)


def _permutations(order: int) -> Iterator[Known]:
    for n in range(4, 7):
        for letter, total in (("S", math.factorial(n)), ("A", math.factorial(n) // 2)):
            if total == order:
                about = f"what 0 to {n - 1} become; x first, then y"
                yield Known(f"{letter}{n}", *_permuting(n, letter == "A"), about)


def _permuting(n: int, is_even: bool) -> tuple[Callable[[], Table], Callable[[], tuple[str, ...]]]:
    def words() -> tuple[str, ...]:
        return tuple("".join(map(str, row)) for row in families.images_of(n, is_even=is_even))

    return lambda: families.permutations(n, is_even=is_even), words


def _of_matrices(order: int) -> Iterator[Known]:
    named = {
        24: [("SL(2,3)", families.special_linear(), 3)],
        48: [("GL(2,3)", families.general_linear(3), 3), ("2O", families.binary_octahedral(), 7)],
        120: [("SL(2,5)", families.special_linear(), 5)],
        168: [("GL(3,2)", [np.roll(np.eye(3, dtype=int), 1, 0), families.heisenberg()[0]], 2)],
        336: [("SL(2,7)", families.special_linear(), 7)],
        480: [("GL(2,5)", families.general_linear(5), 5)],
    }
    for name, generators, modulus in named.get(order, []):
        yield _generated(name, generators, modulus)


def _generated(name: str, generators: Sequence[np.ndarray], modulus: int) -> Known:
    def words() -> tuple[str, ...]:
        elements = families.matrices_of(generators, modulus)
        return tuple("[" + "; ".join(" ".join(map(str, row)) for row in element) + "]" for element in elements)

    return Known(name, lambda: families.matrices(generators, modulus), words, f"matrices modulo {modulus}, row by row")


def _generalized_dihedral(order: int) -> Iterator[Known]:
    for orders in abelian_orders(order // 2) if order % 2 == 0 else ():
        if len(orders) > 1 and orders[-1] > 2:
            name = f"Dih({' × '.join(f'C{n}' for n in orders)})"
            words = [f"{tuple(place)}" for place in np.ndindex(*orders)]
            every = (*words, *(f"{each}s" for each in words))
            build = lambda orders=orders: families.generalized_dihedral(*orders)  # noqa: E731
            about = "numbers that are added one by one; s makes them negative"
            yield Known(name, build, lambda every=every: every, about)


def _central_products(order: int) -> Iterator[Known]:
    dihedral, quaternion = (families.dihedral(4), word(4, 2)), (families.dicyclic(2), word(4, 2))
    cyclic = families.cyclic(4), tuple(map(str, range(4)))
    named = {
        16: [("C4 ∘ D4", cyclic, dihedral)],
        32: [("D4 ∘ D4", dihedral, dihedral), ("D4 ∘ Q8", dihedral, quaternion)],
    }
    for name, (first, words), (second, others) in named.get(order, []):
        table, kept = families.central_product(first, 2, second, 2)
        pairs = [f"{words[at // len(second)]}∘{others[at % len(second)]}" for at in kept]
        about = "an element of each group, where both elements in the centre of order 2 are one"
        yield Known(name, lambda table=table: table, lambda pairs=tuple(pairs): pairs, about)


def _wreath_products(order: int) -> Iterator[Known]:
    bases = {"C2": (2,), "C3": (3,), "C4": (4,), "C2 × C2": (2, 2), "C8": (8,), "C6": (6,)}
    for (name, orders), degree in itertools.product(bases.items(), (2, 3, 4)):
        shown = f"({name})" if len(orders) > 1 else name
        if math.prod(orders) ** degree * degree == order:
            yield _wreath(f"{shown} ≀ C{degree}", families.abelian(*orders), degree)
    if order == 72:
        yield _wreath("S3 ≀ C2", families.dihedral(3), 2)


def _wreath(name: str, base: Table, degree: int) -> Known:
    """Return a wreath product; a word has the numbers of the elements at each place, and how far they are turned."""
    places = list(np.ndindex(*(len(base),) * degree))
    words = tuple(f"{place}t{raised(turn)}" for turn in range(degree) for place in places)
    return Known(
        name, lambda: families.wreath(base, degree), lambda: words, "an element at each place; t turns the places"
    )


def _splitting(order: int) -> Iterator[Known]:
    """Yield the semidirect products of two cyclic groups; a small number tells how one acts, unless that is plain."""
    for m, k in _sizes(order):
        turns = _turns(m, k)
        faithful = [turn for turn in turns if all(pow(turn, j, m) != 1 for j in range(1, k))]
        for turn in turns:
            sign = "⋊" if [turn] in (turns, faithful) else "⋊" + str(turn).translate(_SUBSCRIPTS)
            yield _two(f"C{m} {sign} C{k}", m, k, turn)


def _metacyclic(order: int) -> Iterator[Known]:
    """Yield the other extensions of one cyclic group by another."""
    for m, k in _sizes(order):
        for turn, carry in itertools.product(_turns(m, k), range(1, m)):
            if m % carry == 0 and carry * (turn - 1) % m == 0:
                name = f"⟨a, b | a{raised(m)} = 1, b{raised(k)} = {power('a', carry)}, b a b⁻¹ = {power('a', turn)}⟩"
                yield _two(name, m, k, turn, carry)


def _sizes(order: int) -> list[tuple[int, int]]:
    return [(m, order // m) for m in range(order // 2, 2, -1) if order % m == 0]


def _turns(m: int, k: int) -> list[int]:
    """Return how bᵏ = 1 can act on aᵐ = 1 beside trivially: of those that other generators of ⟨b⟩ give, the least."""
    found = [turn for turn in units(m) if turn != 1 and pow(turn, k, m) == 1]
    return [turn for turn in found if turn == min(pow(turn, j, m) for j in units(k))]


def abelian_orders(n: int) -> list[tuple[int, ...]]:
    """Return the invariant factors of all abelian groups of order n, each factor dividing the next."""
    found: list[tuple[int, ...]] = [()]
    for p, exponent in _factors(n):
        found = [
            _joined(orders, tuple(p**part for part in parts)) for orders in found for parts in _partitions(exponent)
        ]
    return found


def invariant_factors(orders: Sequence[int]) -> tuple[int, ...]:
    """Return the invariant factors of a product of cyclic groups, each dividing the next, without ones."""
    found: tuple[int, ...] = ()
    for p, _ in _factors(math.prod(orders)):
        powers = sorted(p**exponent for n in orders for q, exponent in _factors(n) if q == p)
        found = _joined(found, tuple(powers))
    return found


def _joined(orders: tuple[int, ...], powers: tuple[int, ...]) -> tuple[int, ...]:
    width = max(len(orders), len(powers))
    padded = [(1,) * (width - len(part)) + tuple(sorted(part)) for part in (orders, powers)]
    return tuple(a * b for a, b in zip(*padded, strict=True))


def _partitions(n: int, largest: int | None = None) -> Iterator[tuple[int, ...]]:
    if n == 0:
        yield ()
    for part in range(min(n, largest or n), 0, -1):
        for rest in _partitions(n - part, part):
            yield (part, *rest)


def _factors(n: int) -> list[tuple[int, int]]:
    found, p = [], 2
    while n > 1:
        exponent = 0
        while n % p == 0:
            n, exponent = n // p, exponent + 1
        if exponent:
            found.append((p, exponent))
        p += 1
    return found


def _prime_power(n: int) -> tuple[int, int]:
    """Return p and e of n = pᵉ, or 0 and 0 where n is no power of a prime."""
    found = _factors(n)
    return found[0] if len(found) == 1 else (0, 0)
