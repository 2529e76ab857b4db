"""Numbers modulo a prime for the symbols of a table, told from its answers alone: which labels could a formula have?

Every way yields labels up to u x + t, and none is right for sure: what follows from them must fit the whole table.
"""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Int

from groklab.algebra.elimination import kernel
from groklab.algebra.structure import is_permutation

Cells = Int[np.ndarray, "p p"]
Labels = Int[np.ndarray, "p"]

_TRIES = 24
_EQUATIONS = 6  # for each unknown


def labellings(cells: Cells, p: int) -> Iterator[Labels]:
    """Yield labels that the p symbols of a table may have; -1 is a blank."""
    for way in (_of_moves, _of_equal_answers, _of_sums):
        for table in (cells, cells.T) if way is not _of_sums else (cells,):
            found = way(table, p)
            if found is not None:
                yield found


def _of_sums(cells: Cells, p: int) -> Labels | None:
    """Label the answers of f(x) + g(y): a row and a column have numbers whose sum is that of the answer."""
    places = np.random.default_rng(0).permutation(np.argwhere(cells >= 0))
    rare = np.unique(cells[tuple(places.T)], return_index=True)[1]  # an answer may stand in one cell alone
    x, y = np.concatenate([places[rare], places[: _EQUATIONS * 3 * p]]).T
    equations = np.zeros((len(x), 3 * p), int)
    at = np.arange(len(x))
    equations[at, x], equations[at, p + y] = 1, 1
    equations[at, 2 * p + cells[x, y]] = -1
    return _told_by(equations, slice(2 * p, 3 * p), p)


def _of_equal_answers(cells: Cells, p: int) -> Labels | None:
    """Label the columns of a polynomial in y: those in which a row has one answer sum to a number of that row.

    They are the roots of a polynomial whose second coefficient depends on the row alone (Vieta), where all are there:
    in each row the answers that are there most often are taken.
    """
    equations = []
    for x, row in enumerate(cells):
        counts = np.bincount(row[row >= 0], minlength=p)
        most = counts.max(initial=0)
        if 2 <= most <= 4:
            for answer in np.flatnonzero(counts == most):
                equation = np.zeros(2 * p, int)
                equation[np.flatnonzero(row == answer)], equation[p + x] = 1, -1
                equations.append(equation)
    return _told_by(_some(np.array(equations), _EQUATIONS * 2 * p), slice(0, p), p) if equations else None


def _of_moves(cells: Cells, p: int) -> Labels | None:
    """Label the answers along a cycle through all of them, where rows are u y + t: a commutator of two is y + t."""
    rows = cells[is_permutation(cells)]
    rows = rows[np.unique(rows, axis=0, return_index=True)[1]]
    if len(rows) < 2:
        return None
    random = np.random.default_rng(0)
    for at in random.integers(len(rows), size=(_TRIES, 4)):
        first, second, third, fourth = rows[at]
        for a, b in ((first, second), (first[np.argsort(second)], third[np.argsort(fourth)])):
            for move in (a, a[b][np.argsort(a)[np.argsort(b)]]):
                found = _along(move, p)
                if found is not None:
                    return found
    return None


def _along(move: Labels, p: int) -> Labels | None:
    """Return the place of each element along a permutation that has one cycle."""
    labels, at = np.full(p, -1), 0
    for place in range(p):
        if labels[at] >= 0:
            return None
        labels[at], at = place, int(move[at])
    return labels


def _told_by(equations: np.ndarray, unknown: slice, p: int) -> Labels | None:
    """Return labels that differ and obey all equations, if these leave nothing open but u x + t."""
    if not len(equations):
        return None
    basis = kernel(equations, p)[:, unknown]
    varying = [row - row[0] for row in basis if (row != row[0]).any()]
    for labels in varying[:1]:
        if len(np.unique(labels % p)) == p:
            return labels % p
    return None


def _some(rows: np.ndarray, most: int) -> np.ndarray:
    if len(rows) <= most:
        return rows
    return rows[np.random.default_rng(0).choice(len(rows), most, replace=False)]
