"""Isotopes of groups, found in tables that may have blanks and wrong cells.

Rows, columns and answers of a table are labelled by elements of a group so that the answer of a cell is the product of
its row and its column. A group's own table is the case in which the three labels of a symbol agree; x − y and x / y
are others. Every loop among the isotopes of a group is that group (Albert 1943).
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Int
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from groklab.algebra.structure import is_group, is_permutation

Table = Int[np.ndarray, "n n"]
Labels = Int[np.ndarray, "n"]

_ROUNDS = 3
_LARGEST_JOINED = 128  # n³ links are in memory


class Isotopy(NamedTuple):
    """A group with the neutral element 0, and for each row, column and answer an element of it."""

    group: Table
    left: Labels
    right: Labels
    answers: Labels

    def table(self) -> Table:
        """Return the whole table: `answers[table[i, j]]` is the product of `left[i]` and `right[j]`."""
        return np.argsort(self.answers)[self.group[np.ix_(self.left, self.right)]]


def isotopy(table: Table) -> Isotopy | None:
    """Find the group that a table of n rows, columns and answers is an isotope of, or None; -1 is a blank.

    A row moves the answers of another row to its own. In an isotope of a group these moves are closed under
    composition: what two of them make together is put to the vote of all answers, so that single wrong cells are
    outvoted. Where blanks leave too few voters, moves that agree in one answer are taken for one.
    """
    found = _by_rows(table)
    if found is None and (table < 0).any():  # a blank row is one unknown answer in each column
        turned = _by_rows(table.T)
        found = None if turned is None else Isotopy(turned.group.T, turned.right, turned.left, turned.answers)
    if found is None and not np.array_equal(filled := _without_choice(table), table):
        found = _by_rows(filled)
    return found


def _without_choice(table: Table) -> Table:
    """Return a table with the one blank of a row or column filled in, where each answer is once in all its others."""
    cells = table.copy()
    for side in (cells, cells.T, cells):
        known = np.sort(side, axis=1)
        is_clear = (known[:, 0] < 0) & (known[:, 1] >= 0) & (np.diff(known[:, 1:], axis=1) > 0).all(1)
        for row in np.flatnonzero(is_clear):
            side[row, side[row] < 0] = np.setdiff1d(np.arange(len(table)), side[row])
    return cells


def _by_rows(table: Table) -> Isotopy | None:
    found = _grouped(table, _moves(table))
    if found is None and len(table) <= _LARGEST_JOINED and (table < 0).any():
        found = _grouped(table, _joined_moves(table))
    return found


def _grouped(table: Table, moves: Table) -> Isotopy | None:
    """Return the isotopy of the group that the moves of the rows make, if they make one."""
    n = len(table)
    product = _composed(moves)
    if (product < 0).any():
        return None
    neutral = int(np.argmax((product == np.arange(n)).all(1)))
    swap = np.arange(n)
    swap[[0, neutral]] = neutral, 0
    group = swap[product[np.ix_(swap, swap)]]
    if not is_group(group) or (group[0] != np.arange(n)).any():
        return None
    return _labelled(table, group, moves[swap], swap)


def _moves(table: Table) -> Int[np.ndarray, "n n"]:
    """Return for each row k and answer s the answer in row k where a row of reference has s; -1 where not known."""
    places = _places(table)
    reference = int(np.argmax((places >= 0).sum(1)))
    at = places[reference]
    return np.where(at >= 0, table[:, at], -1)


def _joined_moves(table: Table) -> Int[np.ndarray, "n n"]:
    """Return the same of more blanks: of two pairs of rows that move one answer alike, each knows what the other does.

    A pair of rows and a pair of answers belong together where a column has the answers in these rows; what hangs
    together is one move.
    """
    n = len(table)
    above, below = np.divmod(np.arange(n * n), n)
    source, target = table[below], table[above]
    row_pair, column = np.nonzero((source >= 0) & (target >= 0))
    answer_pair = source[row_pair, column] * n + target[row_pair, column]
    links = coo_array((np.ones(len(row_pair), bool), (row_pair, answer_pair + n * n)), shape=(2 * n * n,) * 2)
    _, part = connected_components(links, directed=False)
    reference = int(np.argmax((table >= 0).sum(1)))
    mine = part[: n * n].reshape(n, n)[:, reference]  # [k]: how the reference moves to row k
    moves = np.full((n, n), -1)
    row, pair = np.nonzero(part[n * n :][None] == mine[:, None])
    moves[row, pair // n] = pair % n
    return moves


def _places(rows: Int[np.ndarray, "rows n"]) -> Int[np.ndarray, "rows n"]:
    """Return where in each row each value stands; -1 where it stands nowhere or twice."""
    height, n = rows.shape
    row, column = np.nonzero(rows >= 0)
    found, counts = np.full((height, n), -1), np.zeros((height, n), int)
    found[row, rows[row, column]] = column
    np.add.at(counts, (row, rows[row, column]), 1)
    return np.where(counts == 1, found, -1)


def _composed(moves: Table) -> Table:
    """Return for rows a and b which row moves answers as b and then a do, by vote; -1 where nobody votes."""
    n = len(moves)
    which = np.pad(_places(moves.T), ((0, 1), (0, 1)), constant_values=-1)  # [s, t]: the row that moves s to t
    product = np.empty((n, n), int)
    padded = np.pad(moves, ((0, 0), (0, 1)), constant_values=-1)
    for a in range(n):
        voted = which[np.arange(n), padded[a][moves]]
        product[a] = _elected(voted, n)
    return product


def _elected(voted: Int[np.ndarray, "rows votes"], n: int) -> Int[np.ndarray, "rows"]:
    """Return in each row the number that stands most often, -1 where none does."""
    rows, votes = np.nonzero(voted >= 0)
    counts = np.bincount(rows * n + voted[rows, votes], minlength=len(voted) * n).reshape(len(voted), n)
    return np.where(counts.max(1) > 0, counts.argmax(1), -1)


def _labelled(table: Table, group: Table, moves: Table, left: Labels) -> Isotopy | None:
    """Label rows, columns and answers, each by the vote of the two others."""
    n = len(table)
    over = _quotients(group)  # [x, y]: x y⁻¹
    under = _quotients(group.T)  # [x, y]: y⁻¹ x
    is_known = table >= 0
    answers = _by_moves(group, moves)
    right = np.full(n, -1)
    for _ in range(_ROUNDS):
        product = np.where(is_known, answers[table], -1)
        right = _elected(_looked_up(under, product, left[:, None]).T, n)
        left = _elected(_looked_up(over, product, right[None]), n)
        answers = _elected_answers(table, _looked_up(group, left[:, None], right[None]), n)
    found = np.stack([_completed(labels) for labels in (left, right, answers)])
    return Isotopy(group, *found) if is_permutation(found).all() else None


def _completed(labels: Labels) -> Labels:
    """Return labels with the one that nobody voted for filled in, where it is one."""
    missing = np.setdiff1d(np.arange(len(labels)), labels)
    return np.where(labels < 0, missing[0], labels) if len(missing) == 1 and (labels < 0).sum() == 1 else labels


def _quotients(group: Table) -> Table:
    return group[:, np.argmax(group == 0, axis=1)]


def _by_moves(group: Table, moves: Table) -> Labels:
    """Return the element of each answer, from the moves that carry one answer to all others."""
    n = len(group)
    answers = np.full(n, -1)
    base = int(np.argmax((moves >= 0).sum(0)))
    answers[base] = 0
    reached = moves[:, base]
    answers[reached[reached >= 0]] = np.flatnonzero(reached >= 0)
    elements = np.arange(n)[:, None]
    voted = _looked_up(group, elements, np.where(moves >= 0, answers[None], -1))
    return _elected_answers(moves, voted, n)


def _elected_answers(cells: Table, labels: Table, n: int) -> Labels:
    """Return the label that the cells with each answer have most often."""
    at = np.nonzero((cells >= 0) & (labels >= 0))
    counts = np.bincount(cells[at] * n + labels[at], minlength=n * n).reshape(n, n)
    return np.where(counts.max(1) > 0, counts.argmax(1), -1)


def _looked_up(table: Table, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.where((x >= 0) & (y >= 0), table[x, y], -1)
