"""Linear equations modulo a prime."""

import numpy as np
from jaxtyping import Int

Matrix = Int[np.ndarray, "equations unknowns"]


def reduced(matrix: Matrix, p: int) -> tuple[Int[np.ndarray, "pivots unknowns"], list[int]]:
    """Return the reduced row echelon form, without zero rows, and the column of each row's leading 1."""
    rows, pivots = np.array(matrix) % p, []
    for column in range(rows.shape[1]):
        at = len(pivots)
        found = np.flatnonzero(rows[at:, column])
        if not len(found):
            continue
        rows[[at, at + found[0]]] = rows[[at + found[0], at]]
        rows[at] = rows[at] * pow(int(rows[at, column]), -1, p) % p
        factors = rows[:, column].copy()
        factors[at] = 0
        changed = np.flatnonzero(factors)
        rows[changed] = (rows[changed] - factors[changed, None] * rows[at]) % p
        pivots.append(column)
        if len(pivots) == len(rows):
            break
    return rows[: len(pivots)], pivots


def solved(matrix: Matrix, right: Int[np.ndarray, "equations"], p: int) -> Int[np.ndarray, "unknowns"] | None:
    """Return the one solution, or None where there is none or more than one."""
    rows, pivots = reduced(np.column_stack([matrix, right]), p)
    unknowns = matrix.shape[1]
    return rows[:, -1] if pivots == list(range(unknowns)) else None


def kernel(matrix: Matrix, p: int) -> Int[np.ndarray, "dimension unknowns"]:
    """Return a basis of what the matrix sends to 0."""
    rows, pivots = reduced(matrix, p)
    free = [column for column in range(matrix.shape[1]) if column not in set(pivots)]
    basis = np.zeros((len(free), matrix.shape[1]), int)
    for at, column in enumerate(free):
        basis[at, column] = 1
        basis[at, pivots] = -rows[:, column] % p
    return basis
