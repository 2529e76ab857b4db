"""Laws of one operation, checked over all values of their variables: whether they hold, and how nearly."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Int

Product = Callable[[np.ndarray, np.ndarray], np.ndarray]
Sides = Callable[[Product, np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]

_AT_ONCE = 1 << 21  # cases whose intermediate values are in memory at a time


class Law(NamedTuple):
    """An equation between two words in x, y and z, and the name of those operations that obey it."""

    name: str
    equation: str
    variables: int
    sides: Sides


class Held(NamedTuple):
    """How far a law holds: in how many of all cases, and the first case where it does not."""

    law: Law
    right: int
    cases: int
    counterexample: tuple[int, ...] | None

    @property
    def share(self) -> float:
        """The share of cases in which it holds, 1 if there is none."""
        return self.right / self.cases if self.cases else 1.0

    @property
    def holds(self) -> bool:
        """Whether it holds in every case."""
        return self.right == self.cases


ASSOCIATIVE = Law("associative", "(x y) z = x (y z)", 3, lambda m, x, y, z: (m(m(x, y), z), m(x, m(y, z))))
COMMUTATIVE = Law("commutative", "x y = y x", 2, lambda m, x, y, z: (m(x, y), m(y, x)))
IDEMPOTENT = Law("idempotent", "x x = x", 1, lambda m, x, y, z: (m(x, x), x))

LAWS = (
    ASSOCIATIVE,
    COMMUTATIVE,
    IDEMPOTENT,
    Law("unipotent", "x x = y y", 2, lambda m, x, y, z: (m(x, x), m(y, y))),
    Law("flexible", "(x y) x = x (y x)", 2, lambda m, x, y, z: (m(m(x, y), x), m(x, m(y, x)))),
    Law("left alternative", "(x x) y = x (x y)", 2, lambda m, x, y, z: (m(m(x, x), y), m(x, m(x, y)))),
    Law("right alternative", "(y x) x = y (x x)", 2, lambda m, x, y, z: (m(m(y, x), x), m(y, m(x, x)))),
    Law("left involutory", "x (x y) = y", 2, lambda m, x, y, z: (m(x, m(x, y)), y)),
    Law("right involutory", "(y x) x = y", 2, lambda m, x, y, z: (m(m(y, x), x), y)),
    Law("semisymmetric", "x (y x) = y", 2, lambda m, x, y, z: (m(x, m(y, x)), y)),
    Law("Moufang", "(x y) (z x) = (x (y z)) x", 3, lambda m, x, y, z: (m(m(x, y), m(z, x)), m(m(x, m(y, z)), x))),
    Law("left Bol", "x (y (x z)) = (x (y x)) z", 3, lambda m, x, y, z: (m(x, m(y, m(x, z))), m(m(x, m(y, x)), z))),
    Law("left distributive", "x (y z) = (x y) (x z)", 3, lambda m, x, y, z: (m(x, m(y, z)), m(m(x, y), m(x, z)))),
    Law("right distributive", "(x y) z = (x z) (y z)", 3, lambda m, x, y, z: (m(m(x, y), z), m(m(x, z), m(y, z)))),
    Law("left projection", "x y = x", 2, lambda m, x, y, z: (m(x, y), x)),
    Law("right projection", "x y = y", 2, lambda m, x, y, z: (m(x, y), y)),
    Law("constant", "x y = z z", 3, lambda m, x, y, z: (m(x, y), m(z, z))),
)


def checked(table: Int[np.ndarray, "n n"], law: Law) -> Held:
    """Check a law over all values of its variables, n³ at most; `table[x, y]` is the index of x y.

    Cells that are not known are -1: a case that meets one is no case.
    """
    n, product = len(table), _product(table)
    right, cases, counterexample = 0, 0, None
    size = max(1, _AT_ONCE // n ** (law.variables - 1))
    for start in range(0, n, size):
        values = np.ix_(np.arange(start, min(n, start + size)), *[np.arange(n)] * (law.variables - 1))
        x, y, z = (*values, *values[:1] * 2)[:3]  # a law of fewer variables does not look at the others
        left, other, _ = np.broadcast_arrays(*law.sides(product, x, y, z), sum(values))
        known, same = (left >= 0) & (other >= 0), left == other
        right, cases = right + int(np.count_nonzero(known & same)), cases + int(np.count_nonzero(known))
        if counterexample is None and np.any(known & ~same):
            first = np.unravel_index(np.argmax(known & ~same), known.shape)
            counterexample = (int(first[0]) + start, *map(int, first[1:]))
    return Held(law, right, cases, counterexample)


def laws_of(table: Int[np.ndarray, "n n"]) -> tuple[Held, ...]:
    """Check every law of `LAWS`."""
    return tuple(checked(table, law) for law in LAWS)


def distributes(times: Int[np.ndarray, "n n"], plus: Int[np.ndarray, "n n"]) -> Held:
    """Check that `times` distributes over `plus` on both sides, over all x, y and z."""
    both = Law("distributive", "x (y + z) = x y + x z, (y + z) x = y x + z x", 3, lambda m, x, y, z: (x, y))
    n = len(times)
    same = np.empty((n, n, n), bool)
    for x in range(n):
        left = times[x][plus] == plus[np.ix_(times[x], times[x])]
        same[x] = left & (times[:, x][plus] == plus[np.ix_(times[:, x], times[:, x])])
    wrong = None if same.all() else tuple(map(int, np.unravel_index(np.argmin(same), same.shape)))
    return Held(both, int(np.count_nonzero(same)), n**3, wrong)


def _product(table: np.ndarray) -> Product:
    n = len(table)
    # a row and a column of -1 at the end: whatever is multiplied by what is not known is not known
    padded = np.full((n + 1, n + 1), -1, table.dtype)
    padded[:n, :n] = table
    return lambda x, y: padded[x, y]
