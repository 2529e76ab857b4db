"""Which irreducible representations of S5 carry rows that belong to its elements."""

import numpy as np
from jaxtyping import Float

from groklab.papers.power2022.rows import centered
from groklab.tasks.group import group_table

# The character table of S5, by cycle type.
CLASSES = ((1, 1, 1, 1, 1), (2, 1, 1, 1), (2, 2, 1), (3, 1, 1), (3, 2), (4, 1), (5,))
CHARACTERS = {
    "trivial": (1, 1, 1, 1, 1, 1, 1),
    "sign": (1, -1, 1, 1, -1, -1, 1),
    "4": (4, 2, 0, 1, -1, 0, -1),
    "4 × sign": (4, -2, 0, 1, 1, 0, -1),
    "5": (5, 1, 1, -1, 1, -1, 0),
    "5 × sign": (5, -1, 1, -1, -1, 1, 0),
    "6": (6, 0, -2, 0, 0, 0, 1),
}


def shares(rows: Float[np.ndarray, "120 width"]) -> dict[str, float]:
    """Return the share of the rows' power, less their mean, in each irreducible representation ρ of S5.

    The part in ρ is (d/120) Σ_h χ(g⁻¹h) row_h, with ρ's dimension d and character χ: the Fourier transform of a group.
    Raises `InvalidSetting` for rows that are not finite or all the same.
    """
    symbols, product = group_table("S5")
    inverse = np.argmax(product == 0, axis=1)
    kind = np.array([CLASSES.index(cycle_type(symbol)) for symbol in symbols])
    kinds = kind[product[inverse]]
    away = centered(rows)
    parts = {name: row[0] / len(rows) * np.array(row)[kinds] @ away for name, row in CHARACTERS.items()}
    total = float(np.square(away).sum())
    return {name: float(np.square(part).sum()) / total for name, part in parts.items()}


def cycle_type(symbol: str) -> tuple[int, ...]:
    """Return the lengths of a permutation's cycles, the longest first."""
    images, lengths, seen = [int(image) for image in symbol], [], set()
    for start in range(len(images)):
        at, length = start, 0
        while at not in seen:
            seen.add(at)
            at, length = images[at], length + 1
        lengths += [length] if length else []
    return tuple(sorted(lengths, reverse=True))
