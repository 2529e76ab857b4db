"""Tables to test the naming of rules on, written apart from it: nothing was tuned on them.

Each table has its rows, its columns and its symbols shuffled; what is right for it is known from how it was made.
`unseen` returns all cases, the same ones each time.
"""

from collections.abc import Callable, Hashable, Sequence
from itertools import combinations, permutations, product
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from rule_tables import Case

Table = NDArray[np.int64]  # the number of the answer at the numbers of the row and the column
Terms = Sequence[tuple[int, int, int]]  # coefficient, power of x and power of y of each term

SEED = 20_240_917
BLANK = -1


class Group(NamedTuple):
    """A multiplication table and the names that are accepted for it, the usual one first."""

    table: Table
    names: tuple[str, ...]


class Spec(NamedTuple):
    """A table of numbers before it gets its symbols, and what is right for it."""

    name: str
    table: Table
    kinds: str = ""
    groups: tuple[str, ...] = ()
    terms: int = 0
    status: str = "exact"
    share: float = 0.0  # of the cells, left out or wrong
    symbols: tuple[str, ...] = ()  # one style for all, or one each for rows, columns and answers; none: any


# Groups


def named(table: Table, *names: str) -> Group:
    return Group(table, names)


def tabulated(elements: Sequence[Any], multiply: Callable[[Any, Any], Hashable]) -> Table:
    """The table of all products of the elements, which are closed under multiplication."""
    place = {element: number for number, element in enumerate(elements)}
    return np.array([[place[multiply(a, b)] for b in elements] for a in elements])


def cyclic(n: int) -> Group:
    numbers = np.arange(n)
    return named(np.add.outer(numbers, numbers) % n, f"C{n}")


def paired(a: Table, b: Table) -> Table:
    """The direct product of two tables."""
    n = len(a) * len(b)
    return (a[:, None, :, None] * len(b) + b[None, :, None, :]).reshape(n, n)


def times(*factors: Group) -> Group:
    """The direct product, by all names of its factors in all orders."""
    table = factors[0].table
    for factor in factors[1:]:
        table = paired(table, factor.table)
    choices = product(*(factor.names for factor in factors))
    return named(table, *(" × ".join(order) for choice in choices for order in permutations(choice)))


def abelian(*invariants: int) -> Group:
    """The product of cyclic groups, each order dividing the next, under this one name."""
    table = times(*map(cyclic, invariants)).table
    return named(table, " × ".join(f"C{n}" for n in invariants))


def metacyclic(m: int, n: int, power: int, *names: str) -> Group:
    """Z/m ⋊ Z/n, where the generator of Z/n multiplies Z/m by `power`."""
    elements = list(product(range(m), range(n)))
    table = tabulated(elements, lambda a, b: ((a[0] + power ** a[1] * b[0]) % m, (a[1] + b[1]) % n))
    return named(table, *names)


def dihedral(n: int, *also: str) -> Group:
    return metacyclic(n, 2, n - 1, f"D{n}", *also)


def dicyclic(n: int, *names: str) -> Group:
    """Z/2n and a quarter turn that inverts it and whose square is n."""

    def multiply(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
        turned = -b[0] if a[1] else b[0]
        return (a[0] + turned + n * (a[1] & b[1])) % (2 * n), a[1] ^ b[1]

    return named(tabulated(list(product(range(2 * n), range(2))), multiply), *names)


def composed(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(a[i] for i in b)


def is_even(permutation: tuple[int, ...]) -> bool:
    return sum(a > b for a, b in combinations(permutation, 2)) % 2 == 0


def symmetric(n: int, *also: str) -> Group:
    return named(tabulated(list(permutations(range(n))), composed), f"S{n}", *also)


def alternating(n: int, *also: str) -> Group:
    return named(tabulated(list(filter(is_even, permutations(range(n)))), composed), f"A{n}", *also)


def linear(p: int, determinants: set[int], *names: str) -> Group:
    """The two-by-two matrices over Z/p with one of the given determinants."""
    matrices = [m for m in product(range(p), repeat=4) if (m[0] * m[3] - m[1] * m[2]) % p in determinants]

    def multiply(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(int(v) for v in (np.reshape(a, (2, 2)) @ np.reshape(b, (2, 2)) % p).flat)

    return named(tabulated(matrices, multiply), *names)


def heisenberg(p: int, *names: str) -> Group:
    """The three-by-three matrices over Z/p with ones on the diagonal and zeros below."""
    elements = list(product(range(p), repeat=3))
    table = tabulated(elements, lambda a, b: ((a[0] + b[0]) % p, (a[1] + b[1]) % p, (a[2] + b[2] + a[0] * b[1]) % p))
    return named(table, *names)


S3 = symmetric(3, "D3")
S4 = symmetric(4, "PGL(2,3)")
S5 = symmetric(5, "PGL(2,5)")
A4 = alternating(4, "PSL(2,3)")
A5 = alternating(5, "PSL(2,5)", "PSL(2,4)", "SL(2,4)")
Q8 = dicyclic(2, "Q8", "Dic2")
Q16 = dicyclic(4, "Q16", "Dic4")
FROBENIUS_21 = metacyclic(7, 3, 2, "C7 ⋊ C3")


# Operations made of a group's


def inverses(table: Table) -> Table:
    """The inverse of each element."""
    identity = np.flatnonzero((table == np.arange(len(table))).all(axis=1))[0]
    return np.argmax(table == identity, axis=1)


def over(table: Table) -> Table:
    """x y⁻¹"""
    return table[:, inverses(table)]


def under(table: Table) -> Table:
    """x⁻¹ y"""
    return table[inverses(table)]


def conjugated(table: Table) -> Table:
    """x y x⁻¹"""
    return table[table, inverses(table)[:, None]]


def between(table: Table) -> Table:
    """x y x"""
    return table[table, np.arange(len(table))[:, None]]


def with_zero(table: Table) -> Table:
    """The table and one more element, which swallows all."""
    n = len(table)
    return np.pad(table, (0, 1), constant_values=n)


def isotope(table: Table, draw: Generator) -> Table:
    """Rows, columns and answers permuted, each in its own way."""
    n = len(table)
    return draw.permutation(n)[table[draw.permutation(n)][:, draw.permutation(n)]]


def affine(n: int, a: int, b: int, c: int) -> Table:
    """a x + b y + c mod n"""
    numbers = np.arange(n)
    return (a * numbers[:, None] + b * numbers + c) % n


# Formulas


def polynomial(p: int, terms: Terms) -> Table:
    """The values mod p."""
    x, y = np.ogrid[:p, :p]
    return sum((c * x**i * y**j for c, i, j in terms), start=np.zeros((p, p), np.int64)) % p


def power(variable: str, exponent: int) -> str:
    return "" if exponent == 0 else variable if exponent == 1 else f"{variable}^{exponent}"


def written(terms: Terms) -> str:
    """The polynomial as text, for the name of a case."""
    parts = [(c, " ".join(filter(None, (power("x", i), power("y", j))))) for c, i, j in terms]
    return " + ".join(monomial if c == 1 and monomial else f"{c} {monomial}".rstrip() for c, monomial in parts)


def formula(
    p: int, *terms: tuple[int, int, int], natural: bool = False, status: str = "exact", share: float = 0
) -> Spec:
    """A polynomial mod p, whose symbols are the numbers themselves if it is natural."""
    name = f"{written(terms)} mod {p}" + ", natural" * natural
    symbols = ("natural",) * natural
    return Spec(name, polynomial(p, terms), "formula", (), len(terms), status, share, symbols)


def by_parity(p: int, of: str, even: Terms, odd: Terms) -> Spec:
    """One polynomial mod p where the number behind x or y is even, another where it is odd."""
    x, y = np.ogrid[:p, :p]
    chooser = {"x": x, "y": y}[of]
    table = np.where(chooser % 2 == 0, polynomial(p, even), polynomial(p, odd))
    name = f"{written(even)} if {of} is even else {written(odd)} mod {p}"
    return Spec(name, table, "formula", terms=len(even) + len(odd))


# Tables without a rule


SIGNS = 1 - 2 * (np.indices((2, 2, 2)).sum(axis=0) % 2)


def latin(n: int, draw: Generator) -> Table:
    """A Latin square by n³ moves of Jacobson and Matthews from the cyclic one, and more until it is proper.

    The square is a cube of zeros and ones, a one where row, column and answer meet, with exactly one -1 in it while
    it is improper. Each line sums to one throughout.
    """
    cube = np.zeros((n, n, n), np.int64)
    cube[(*np.indices((n, n)), cyclic(n).table)] = 1
    wrong: tuple[int, ...] | None = None
    moves = 0
    while moves < n**3 or wrong:
        start = wrong or zero_cell(cube, draw)
        # In each of the three lines through the cell, one of the ones: there are two where the cell is -1.
        lines = [np.moveaxis(cube, axis, 0)[(slice(None), *np.delete(start, axis))] for axis in range(3)]
        end = tuple(int(draw.choice(np.flatnonzero(line == 1))) for line in lines)
        cube[np.ix_(*zip(start, end, strict=True))] += SIGNS
        wrong = end if cube[end] < 0 else None
        moves += 1
    return cube.argmax(axis=2)


def zero_cell(cube: Table, draw: Generator) -> tuple[int, ...]:
    """A random cell of the cube that is zero."""
    while True:
        cell = tuple(int(i) for i in draw.integers(0, len(cube), 3))
        if cube[cell] == 0:
            return cell


def normalised(square: Table) -> Table:
    """The loop with identity 0 that permuting rows and columns of a Latin square gives."""
    square = square[:, np.argsort(square[0])]
    return square[np.argsort(square[:, 0])]


def moufang(table: Table) -> Table:
    """Chein's loop M(G, 2) of twice the order, which is no group where G is not abelian."""
    n, inverse = len(table), inverses(table)
    quarter = table[inverse].T  # y⁻¹ x at row x and column y
    return np.block([[table, table.T + n], [over(table) + n, quarter]])


def steiner(n: int, blocks: Sequence[tuple[int, int, int]]) -> Table:
    """The loop of order n + 1 of the triple system that shifting the blocks mod n gives; n is its identity."""
    loop = np.full((n + 1, n + 1), n)
    loop[n] = loop[:, n] = np.arange(n + 1)
    for block, shift in product(blocks, range(n)):
        for a, b, c in permutations(block):
            loop[(a + shift) % n, (b + shift) % n] = (c + shift) % n
    return loop


def replaced(table: Table, share: float, size: int, draw: Generator) -> Table:
    """The table with the given share of its cells changed to other answers."""
    cells = draw.choice(table.size, round(share * table.size), replace=False)
    changed = table.copy()
    changed.flat[cells] = (table.flat[cells] + draw.integers(1, size, len(cells))) % size
    return changed


def blanked(table: Table, share: float, draw: Generator) -> Table:
    """The table with the given share of its cells left out."""
    cells = draw.choice(table.size, round(share * table.size), replace=False)
    changed = table.copy()
    changed.flat[cells] = BLANK
    return changed


# The cases


def of_group(group: Group, status: str = "exact", share: float = 0) -> Spec:
    return Spec(group.names[0], group.table, "group", group.names, 0, status, share)


def group_specs() -> list[Spec]:
    groups = [
        abelian(2, 2),
        metacyclic(3, 4, 2, "Dic3", "C3 ⋊ C4"),
        abelian(2, 8),
        metacyclic(8, 2, 5, "M16", "C8 ⋊ C2"),
        metacyclic(8, 2, 3, "SD16", "QD16"),
        FROBENIUS_21,
        linear(3, {1}, "SL(2,3)", "Q8 ⋊ C3"),
        abelian(3, 3, 3),
        heisenberg(3, "Heis(3)", "He3"),
        metacyclic(9, 3, 4, "M27", "C9 ⋊ C3"),
        linear(3, {1, 2}, "GL(2,3)"),
        A5,
        abelian(2, 30),
        times(S3, dihedral(5)),
        times(cyclic(5), A4),
        dihedral(36),
        abelian(3, 6, 6),
        S5,
    ]
    return [of_group(group) for group in groups]


def isotope_specs(draw: Generator) -> list[Spec]:
    eight, three_twos = dihedral(8), abelian(2, 2, 6)
    apart = ("words", "letters", "scattered")
    return [
        Spec("x / y in S4", over(S4.table), "isotope", S4.names),
        Spec("x \\ y in Q16", under(Q16.table), "isotope", Q16.names),
        Spec("x / y in A5", over(A5.table), "isotope", A5.names),
        Spec("2 x + 7 y + 3 mod 15", affine(15, 2, 7, 3), "isotope", ("C15",)),
        Spec("5 x + 3 y + 1 mod 32", affine(32, 5, 3, 1), "isotope", ("C32",)),
        # The constant goes away by shifting the numbers.
        Spec("4 x + 9 y + 2 mod 29", affine(29, 4, 9, 2), "isotope formula", ("C29",), 2),
        Spec("isotope of D8", isotope(eight.table, draw), "isotope", eight.names),
        Spec("isotope of C2 × C2 × C6", three_twos.table, "isotope", three_twos.names, symbols=apart),
    ]


def zero_specs() -> list[Spec]:
    group = times(cyclic(2), A4)
    reciprocal = np.array([pow(y, -1, 13) for y in range(1, 13)])
    quotients = np.arange(13)[:, None] * reciprocal % 13
    both = "zero formula"
    return [
        Spec("x y mod 37", polynomial(37, [(1, 1, 1)]), both, ("C36",), 1),
        # This is (x + 1)(y + 1) - 1, so a shift of the numbers makes it a product.
        Spec("x y + x + y mod 19", polynomial(19, [(1, 1, 1), (1, 1, 0), (1, 0, 1)]), both, ("C18",), 1),
        Spec("x / y mod 13", quotients, both, ("C12",), 1),
        Spec("C2 × A4 with a zero", with_zero(group.table), "zero", group.names),
    ]


def formula_specs() -> list[Spec]:
    return [
        formula(17, (2, 2, 0), (3, 0, 2)),
        formula(23, (1, 2, 0), (3, 1, 1), (1, 0, 2)),
        formula(19, (1, 3, 0), (2, 1, 1)),
        formula(29, (1, 2, 1), (1, 0, 1)),
        formula(13, (1, 3, 0), (1, 0, 2)),
        formula(37, (1, 1, 2), (2, 2, 0), (1, 0, 1), (3, 0, 0)),
        formula(43, (3, 1, 2)),
        formula(61, (1, 2, 0), (4, 0, 1)),
        by_parity(17, "y", [(1, 1, 0), (2, 0, 1)], [(1, 1, 1)]),
        by_parity(19, "x", [(1, 2, 0), (1, 0, 1)], [(1, 1, 0), (3, 0, 1)]),
        formula(11, (2, 2, 1), (5, 0, 2), (4, 0, 0), natural=True),
        formula(47, (1, 3, 0), (4, 1, 1), (1, 0, 2), natural=True),
    ]


def word_specs() -> list[Spec]:
    return [
        Spec("x y x⁻¹ in S4", conjugated(S4.table), "word", S4.names),
        Spec("x y x in A5", between(A5.table), "word", A5.names),
        Spec("x y x⁻¹ in S5", conjugated(S5.table), "word", S5.names),
        Spec("x y x in S4", between(S4.table), "word", S4.names),
    ]


def lawless_specs(draw: Generator) -> list[Spec]:
    """Tables that no rule is behind."""
    upper = np.triu(draw.integers(0, 15, (15, 15)))
    spoilt = replaced(metacyclic(5, 4, 2).table, 0.35, 20, draw)
    spoilt_more = replaced(times(cyclic(2), S4).table, 0.4, 48, draw)
    apart = ("scattered", "signs", "letters")
    return [
        Spec("random, 0 to 12", draw.integers(0, 13, (13, 13)), symbols=("natural",)),
        Spec("random of order 24", draw.integers(0, 24, (24, 24))),
        Spec("random, 12 by 17", draw.integers(0, 9, (12, 17)), symbols=apart),
        Spec("Latin square of order 10", latin(10, draw)),
        Spec("Latin square of order 19", latin(19, draw)),
        Spec("Moufang loop M(S3, 2)", moufang(S3.table)),
        Spec("Moufang loop M(A4, 2)", moufang(A4.table)),
        Spec("Steiner loop of order 14", steiner(13, [(0, 1, 4), (0, 2, 7)])),
        Spec("loop of order 9", normalised(latin(9, draw))),
        Spec("loop of order 26", normalised(latin(26, draw))),
        Spec("commutative random of order 15", upper + np.triu(upper, 1).T),
        Spec("C5 ⋊ C4, 35 % of cells replaced", spoilt),
        Spec("C2 × S4, 40 % of cells replaced", spoilt_more),
    ]


def nearly_specs(draw: Generator) -> list[Spec]:
    """Tables with a few wrong cells."""
    octic = times(dihedral(4), cyclic(5))
    return [
        of_group(S4, "nearly", 0.05),
        of_group(dihedral(9), "nearly", 0.03),
        of_group(abelian(2, 4, 4), "nearly", 0.02),
        Spec("isotope of C5 × D4", isotope(octic.table, draw), "isotope", octic.names, 0, "nearly", 0.03),
        Spec("3 x + 7 y + 4 mod 25", affine(25, 3, 7, 4), "isotope", ("C25",), 0, "nearly", 0.02),
        formula(13, (3, 2, 0), (1, 1, 1), natural=True, status="nearly", share=0.04),
        formula(31, (1, 2, 1), (4, 0, 0), natural=True, status="nearly", share=0.02),
    ]


def blank_specs() -> list[Spec]:
    """Tables with cells left out."""
    divided = under(FROBENIUS_21.table)
    return [
        of_group(times(cyclic(3), Q8), "blanks", 0.3),
        of_group(abelian(6, 6), "blanks", 0.35),
        Spec("x \\ y in C7 ⋊ C3", divided, "isotope", FROBENIUS_21.names, 0, "blanks", 0.2),
        Spec("4 x + 5 y + 1 mod 21", affine(21, 4, 5, 1), "isotope", ("C21",), 0, "blanks", 0.1),
        formula(17, (1, 2, 0), (5, 1, 1), (2, 0, 1), natural=True, status="blanks", share=0.25),
        formula(53, (1, 1, 2), (6, 1, 0), natural=True, status="blanks", share=0.35),
    ]


# Symbols


def syllables(n: int, draw: Generator) -> list[str]:
    pool = ["".join(letters) for letters in product("bdfgklmnprstvz", "aeiou", "klmnrst")]
    return [pool[i] for i in draw.permutation(len(pool))[:n]]


def letters(n: int, draw: Generator) -> list[str]:
    """Single letters, or pairs where there are too few."""
    alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    pool = list(alphabet) if n <= len(alphabet) else ["".join(pair) for pair in permutations(alphabet[:26], 2)]
    return [pool[i] for i in draw.permutation(len(pool))[:n]]


def texts(numbers: Sequence[int] | Table) -> list[str]:
    return [str(int(number)) for number in numbers]


STYLES: dict[str, Callable[[int, Generator], list[str]]] = {
    "words": syllables,
    "letters": letters,
    "shuffled": lambda n, draw: texts(draw.permutation(n)),
    "scattered": lambda n, draw: texts(100 + draw.permutation(900)[:n]),
    "signs": lambda n, draw: [chr(0xAC00 + int(i)) for i in draw.permutation(2000)[:n]],
    "natural": lambda n, draw: texts(range(n)),
}


def labels(spec: Spec, size: int, draw: Generator) -> tuple[list[str], list[str], list[str]]:
    """The symbols of rows, columns and answers, by their numbers."""
    styles = spec.symbols or (str(draw.choice([style for style in STYLES if style != "natural"])),)
    drawn = [STYLES[style](size, draw) for style in styles]
    left, right, answers = drawn if len(drawn) == 3 else drawn * 3
    rows, columns = spec.table.shape
    # The last columns: division leaves out the first, zero.
    return left[:rows], right[size - columns :], answers


def worded(table: Table, answers: list[str]) -> tuple[tuple[str, ...], ...]:
    """The table in symbols, with blanks."""
    return tuple(tuple("" if cell == BLANK else answers[cell] for cell in row) for row in table)


def shown(spec: Spec, draw: Generator) -> Case:
    """The table in symbols, its rows and columns in random order, some cells blank or wrong if it is to be so."""
    size = max(*spec.table.shape, int(spec.table.max()) + 1)
    left, right, answers = labels(spec, size, draw)
    rows, columns = (draw.permutation(length) for length in spec.table.shape)
    table = body = spec.table[np.ix_(rows, columns)]
    name = spec.name
    if spec.status != "exact":
        blank = spec.status == "blanks"
        body = blanked(table, spec.share, draw) if blank else replaced(table, spec.share, size, draw)
        name += f", {spec.share:.0%} of cells {'blank' if blank else 'wrong'}"
    return Case(
        name=name,
        left=tuple(left[i] for i in rows),
        right=tuple(right[i] for i in columns),
        body=worded(body, answers),
        kinds=frozenset(spec.kinds.split()),
        groups=frozenset(spec.groups),
        terms=spec.terms,
        status=spec.status,
        truth=None if spec.status == "exact" else worded(table, answers),
    )


def unseen() -> list[Case]:
    """All cases, drawn from a fixed seed."""
    draw = np.random.default_rng(SEED)
    specs = [*group_specs(), *isotope_specs(draw), *zero_specs(), *formula_specs(), *word_specs()]
    specs += [*lawless_specs(draw), *nearly_specs(draw), *blank_specs()]
    return [shown(spec, draw) for spec in specs]
