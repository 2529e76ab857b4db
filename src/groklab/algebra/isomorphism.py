"""Whether two finite operations are one but for the names of their elements: the relabelling, or none."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Int

from groklab.algebra.structure import is_permutation

Table = Int[np.ndarray, "n n"]
Map = Int[np.ndarray, "n"]

BUDGET = 200_000  # partial maps tried before the question is left open
_ROUNDS = 4


class OutOfBudget(Exception):
    """Raised where neither a relabelling nor a proof that there is none was found in time."""


class _Step(NamedTuple):
    """One element of the first operation, as a product of two that stand before it, or a generator."""

    element: int
    factors: tuple[int, int] | None


def isomorphism(first: Table, second: Int[np.ndarray, "m m"], budget: int = BUDGET) -> Map | None:
    """Return `f` with f(x y) = f(x) f(y) that is one to one, or None; raise `OutOfBudget` where neither was found."""
    if len(first) != len(second):
        return None
    colors, others = colored(first, second)
    if not np.array_equal(np.sort(colors), np.sort(others)):
        return None
    steps = _steps(first, colors)
    search = _Search(first, second, colors, others, steps, budget)
    return search.image if search.extended(0) else None


def seen_at_once(table: Table) -> tuple[object, ...]:
    """Return what is quickly seen of an operation, and is the same under all names of its elements."""
    own, lengths = np.arange(len(table)), power_lengths(table)
    latin = is_permutation(table).sum(), is_permutation(table.T).sum()
    single = *latin, (np.diag(table) == own).sum(), (table == table.T).sum()
    return (*map(int, single), np.sort(lengths, axis=0).tolist())


def colored(first: Table, second: Table) -> tuple[Int[np.ndarray, "n"], Int[np.ndarray, "n"]]:
    """Return numbers of elements that no relabelling changes, comparable between two operations."""
    both = (first, second)
    colors = _ranked([_first_look(table) for table in both])
    for _ in range(_ROUNDS):
        found = _ranked([_neighbours(table, color) for table, color in zip(both, colors, strict=True)])
        if len(np.unique(found[0])) == len(np.unique(colors[0])):
            return found
        colors = found
    return colors


def generators(table: Table, preferred: Int[np.ndarray, "n"]) -> list[int]:
    """Return elements whose products are all; each is the one with the rarest color that is not reached yet."""
    return [step.element for step in _steps(table, preferred) if step.factors is None]


def _first_look(table: Table) -> np.ndarray:
    """Return for each element what is in its row and its column, its square, and with whom it commutes."""
    own = np.arange(len(table))
    kinds = [_sorted_counts(table), _sorted_counts(table.T), power_lengths(table)]
    single = [np.diag(table) == own, (table == own).sum(1), (own == table.T).sum(1), (table == table.T).sum(1)]
    return np.column_stack([*kinds, *single])


def power_lengths(table: Table) -> Int[np.ndarray, "n lengths"]:
    """Return for each x how long x, x x, x (x x), … goes until it comes back, and when it first does."""
    n = len(table)
    own, seen = np.arange(n), np.full((n, n), -1)
    power, tail, cycle = own, np.zeros(n, int), np.zeros(n, int)
    for at in range(n + 1):
        before = seen[own, power]
        is_new_end = (before >= 0) & (cycle == 0)
        tail, cycle = np.where(is_new_end, before, tail), np.where(is_new_end, at - before, cycle)
        if (cycle > 0).all():
            break
        seen[own, power] = np.where(before < 0, at, before)
        power = table[own, power]
    return np.column_stack([tail, cycle])


def _sorted_counts(rows: Table) -> np.ndarray:
    n = len(rows)
    counts = np.zeros((n, n), int)
    np.add.at(counts, (np.arange(n)[:, None], rows), 1)
    return np.sort(counts, axis=1)


def _neighbours(table: Table, colors: np.ndarray) -> np.ndarray:
    """Return each element's color, and those of its partners and products."""
    n = int(colors.max()) + 1
    code = (colors[None] * n + colors[table]) * n + colors[table.T]
    same = table == table.T
    return np.column_stack([colors, colors[np.diag(table)], np.sort(code * 2 + same, axis=1)])


def _ranked(keys: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    _, ranks = np.unique(np.concatenate(keys), axis=0, return_inverse=True)
    ranks = ranks.reshape(-1)
    return ranks[: len(keys[0])], ranks[len(keys[0]) :]


def _steps(table: Table, colors: np.ndarray) -> list[_Step]:
    """Return every element once, each a generator or a product of earlier ones."""
    n = len(table)
    rarity, length = np.bincount(colors)[colors], power_lengths(table)[:, 1]
    reached: list[_Step] = []
    known = np.zeros(n, bool)
    for element in np.lexsort((np.arange(n), rarity, -length)):  # those with long powers leave few others to choose
        if not known[element]:
            reached.append(_Step(int(element), None))
            known[element] = True
            _close(table, reached, known)
    return reached


def _close(table: Table, reached: list[_Step], known: np.ndarray) -> None:
    """Add the products of the elements reached, until there are no new ones."""
    at = 0
    while at < len(reached):
        x = reached[at].element
        for other in reached[: at + 1]:
            for a, b in ((x, other.element), (other.element, x)):
                product = int(table[a, b])
                if not known[product]:
                    known[product] = True
                    reached.append(_Step(product, (a, b)))
        at += 1


class _Search:
    """A search for images, generator by generator; what they determine is checked at once."""

    def __init__(
        self, first: Table, second: Table, colors: np.ndarray, others: np.ndarray, steps: list[_Step], budget: int
    ) -> None:
        self.first, self.second, self.colors, self.others = first, second, colors, others
        self.steps, self.budget = steps, budget
        self.image = np.full(len(first), -1)
        self.starts = [at for at, step in enumerate(steps) if step.factors is None]

    def extended(self, depth: int) -> bool:
        """Whether the images chosen so far can be made a relabelling; `image` is then complete."""
        if depth == len(self.starts):
            return True
        end = (*self.starts, len(self.steps))[depth + 1]
        span = self.steps[self.starts[depth] : end]
        taken = np.zeros(len(self.second), bool)
        taken[self.image[self.image >= 0]] = True
        for choice in np.flatnonzero((self.others == self.colors[span[0].element]) & ~taken):
            if self._follows(span, int(choice), taken.copy()) and self._agrees(end) and self.extended(depth + 1):
                return True
            self.image[[step.element for step in span]] = -1
        return False

    def _follows(self, span: list[_Step], choice: int, taken: np.ndarray) -> bool:
        """Choose a generator's image, and with it those of its products; whether colors fit and none comes twice."""
        self.budget -= 1
        if self.budget < 0:
            raise OutOfBudget
        for step in span:
            image = choice
            if step.factors is not None:
                image = int(self.second[self.image[step.factors[0]], self.image[step.factors[1]]])
            if taken[image] or self.others[image] != self.colors[step.element]:
                return False
            self.image[step.element], taken[image] = image, True
        return True

    def _agrees(self, end: int) -> bool:
        """Whether products of elements that have images have the right images."""
        chosen = np.array([step.element for step in self.steps[:end]])
        images = self.image[chosen]
        return np.array_equal(self.image[self.first[np.ix_(chosen, chosen)]], self.second[np.ix_(images, images)])
