"""The half of the benchmark of rules that was looked at while they were written."""

from collections.abc import Iterator

import numpy as np
from rule_tables import Case, Rows

from groklab.tasks import Cells, Group, Modular

Values = np.ndarray
FORMULAS = {
    "mixed": 3, "sum_of_squares": 2, "quadratic_form": 3, "quadratic_form_plus_x": 4, "cubic_xy": 2, "cubic_xy2": 3,
    "even_add_odd_multiply": 3, "even_add_odd_subtract": 4, "square_plus": 2, "cube_plus": 2,
}  # fmt: skip
GROUPS = {
    "Z12": {"C12"}, "Z2xZ6": {"C2 × C6"}, "Z2xZ8": {"C2 × C8"}, "Z3xZ3xZ3": {"C3 × C3 × C3"}, "S3": {"S3"},
    "D4": {"D4"}, "Q8": {"Q8"}, "Z2xD4": {"C2 × D4"}, "A4": {"A4"}, "Q12": {"Dic3"}, "S4": {"S4"}, "A5": {"A5"},
    "S5": {"S5"}, "Z5xS4": {"C5 × S4"}, "D60": {"D60"}, "Z2xA5": {"C2 × A5"},
}  # fmt: skip


def seen() -> list[Case]:
    """Return the cases, the same each time."""
    random = np.random.default_rng(2022)
    return [*_operations(random), *_groups(random), *_spoilt(random), *_without_rule(random)]


def _operations(random: np.random.Generator) -> Iterator[Case]:
    for p in (7, 13, 31, 97):
        yield _case(f"x + y mod {p}", Modular("addition", p).cells(), random, {"group"}, {f"C{p}"})
        yield _case(f"x - y mod {p}", Modular("subtraction", p).cells(), random, {"isotope"}, {f"C{p}"})
        for name in ("multiplication", "division"):
            yield _case(f"{name} mod {p}", Modular(name, p).cells(), random, {"zero"}, {f"C{p - 1}"})
        for name, terms in FORMULAS.items():
            kinds = {"formula", "isotope"} if name == "cube_plus" else {"formula"}
            yield _case(f"{name} mod {p}", Modular(name, p).cells(), random, kinds, set(), terms)
        yield _case(f"random mod {p}", Modular("random", p).cells(), random, set(), set())
    yield _case("x y mod 12", Modular("multiplication", 12).cells(), random, {"formula"}, set(), 1)


def _groups(random: np.random.Generator) -> Iterator[Case]:
    for name, accepted in GROUPS.items():
        yield _case(name, Group(name).cells(), random, {"group"}, accepted)
    for name in ("S3", "A4", "S5"):
        yield _case(f"x y x^-1 in {name}", Group(name, "xyx^-1").cells(), random, {"word"}, {name})
        yield _case(f"x y x in {name}", Group(name, "xyx").cells(), random, {"word"}, {name})
    for name in ("S3", "Q8", "Z12"):
        product = Group(name).cells()
        quotient = product.values[:, np.argmax(product.values == 0, axis=1)]
        yield _case(f"x / y in {name}", product._replace(values=quotient), random, {"isotope"}, _named(name))
        yield _apart(f"isotope of {name}", product, random, _named(name))


def _named(name: str) -> set[str]:
    return GROUPS[name]


def _spoilt(random: np.random.Generator) -> Iterator[Case]:
    """Yield tables with blanks or wrong cells."""
    for name, share in (("S4", 0.05), ("Z12", 0.03), ("A5", 0.02), ("Q12", 0.02)):
        whole = _case(f"{name}, {share:.0%} wrong", Group(name).cells(), random, {"group"}, _named(name))
        yield _with_mistakes(whole, share, random)
    for name, share in (("S4", 0.3), ("Z12", 0.2), ("A5", 0.5), ("D4", 0.1)):
        whole = _case(f"{name}, {share:.0%} blank", Group(name).cells(), random, {"group"}, _named(name))
        yield _with_blanks(whole, share, random)
    for p, share in ((31, 0.3), (13, 0.1)):
        cells = Modular("quadratic_form", p).cells()
        plain = _plain(f"quadratic form mod {p}", cells, {"formula"}, 3)
        yield _with_blanks(plain._replace(name=f"{plain.name}, blanks"), share, random)
        yield _with_mistakes(plain._replace(name=f"{plain.name}, mistakes"), 0.04, random)


def _without_rule(random: np.random.Generator) -> Iterator[Case]:
    for n in (5, 8, 12, 30):
        values = random.integers(n, size=(n, n))
        yield _case(f"random, {n}", _cells(values), random, set(), set())
        yield _case(f"commutative, {n}", _cells(np.triu(values) + np.triu(values, 1).T), random, set(), set())
    for n in (8, 10, 16, 25):
        yield _case(f"Latin square of {n}", _cells(latin(n, random)), random, set(), set())
        square = latin(n, random)
        square = square[np.argsort(square[:, 0])][:, np.argsort(square[np.argsort(square[:, 0])][0])]
        yield _case(f"loop of {n}", _cells(square), random, set(), set())
    spoilt = Group("S4").cells()
    wrong = np.where(random.random(spoilt.values.shape) < 0.35, random.integers(24, size=(24, 24)), spoilt.values)
    yield _case("S4, a third at random", spoilt._replace(values=wrong), random, set(), set())


def latin(n: int, random: np.random.Generator) -> Values:
    """Return a Latin square far from any group, of n that is no prime: where two rows of a cyclic one move each other
    in cycles, these are exchanged, many times, between rows and between columns."""
    square = np.add.outer(np.arange(n), np.arange(n)) % n
    for turn in range(40 * n):
        a, b = random.choice(n, 2, replace=False)
        move = np.empty(n, int)
        move[square[a]] = square[b]
        cycle = [int(random.integers(n))]
        while move[cycle[-1]] != cycle[0]:
            cycle.append(int(move[cycle[-1]]))
        at = np.flatnonzero(np.isin(square[a], cycle))
        square[np.ix_([a, b], at)] = square[np.ix_([b, a], at)]
        square = square.T if turn % 3 == 0 else square
    return square


def _cells(values: Values) -> Cells:
    symbols = tuple(map(str, range(len(values))))
    return Cells(symbols, symbols, symbols, values, "∘")


def _case(
    name: str, cells: Cells, random: np.random.Generator, kinds: set[str], groups: set[str], terms: int = 0
) -> Case:
    """Return a table under other names, its rows and columns in other orders."""
    symbols = list(dict.fromkeys((*cells.left, *cells.right, *cells.answers)))
    letters = [f"{a}{b}" for a in "abcdefghijklmno" for b in "pqrstuvwxyz"]
    new = dict(zip(symbols, random.permutation(letters)[: len(symbols)].tolist(), strict=True))
    rows, columns = random.permutation(len(cells.left)), random.permutation(len(cells.right))
    body = tuple(tuple(new[cells.answers[cells.values[i, j]]] for j in columns) for i in rows)
    left, right = (tuple(new[side[at]] for at in order) for side, order in ((cells.left, rows), (cells.right, columns)))
    return Case(name, left, right, body, frozenset(kinds), frozenset(groups), terms, "exact", None)


def _plain(name: str, cells: Cells, kinds: set[str], terms: int) -> Case:
    body = tuple(tuple(cells.answers[at] for at in row) for row in cells.values)
    return Case(name, cells.left, cells.right, body, frozenset(kinds), frozenset(), terms, "exact", None)


def _apart(name: str, cells: Cells, random: np.random.Generator, groups: set[str]) -> Case:
    """Return a table whose rows, columns and answers are renamed each for itself."""
    renamed = cells._replace(answers=tuple(random.permutation(cells.answers).tolist()))
    shuffled = renamed._replace(left=tuple(random.permutation(cells.left).tolist()))
    return _case(name, shuffled, random, {"isotope"}, groups)


def _with_blanks(case: Case, share: float, random: np.random.Generator) -> Case:
    body = tuple(tuple("" if random.random() < share else cell for cell in row) for row in case.body)
    return case._replace(body=body, truth=case.body, status="blanks")


def _with_mistakes(case: Case, share: float, random: np.random.Generator) -> Case:
    places = [(i, j) for i in range(len(case.left)) for j in range(len(case.right))]
    count = max(1, round(share * len(places)))
    chosen = {places[at] for at in random.choice(len(places), count, replace=False)}
    return case._replace(body=_changed(case.body, chosen, case.left, random), truth=case.body, status="nearly")


def _changed(body: Rows, chosen: set[tuple[int, int]], symbols: tuple[str, ...], random: np.random.Generator) -> Rows:
    def other(cell: str) -> str:
        return str(random.choice([symbol for symbol in symbols if symbol != cell]))

    return tuple(
        tuple(other(cell) if (i, j) in chosen else cell for j, cell in enumerate(row)) for i, row in enumerate(body)
    )
