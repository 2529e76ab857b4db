"""What can be seen of a finite operation at once: rows and columns, neutral and absorbing elements, inverses."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int

from groklab.algebra.laws import ASSOCIATIVE, COMMUTATIVE, IDEMPOTENT, Held, checked


class Structure(NamedTuple):
    """Facts on a complete operation of n elements, each exact."""

    size: int
    latin_rows: int
    latin_columns: int
    identity: int | None
    zero: int | None
    inverses: int
    associative: Held
    commutative: Held
    idempotent: Held

    @property
    def is_quasigroup(self) -> bool:
        """Whether every element is once in every row and every column."""
        return self.latin_rows == self.latin_columns == self.size

    @property
    def is_loop(self) -> bool:
        """Whether it is a quasigroup with a neutral element."""
        return self.is_quasigroup and self.identity is not None

    @property
    def is_group(self) -> bool:
        """Whether it is an associative loop."""
        return self.is_loop and self.associative.holds

    @property
    def kind(self) -> str:
        """The narrowest of the usual words for it."""
        if self.is_group:
            return "abelian group" if self.commutative.holds else "group"
        if self.is_quasigroup:
            return "loop" if self.is_loop else "quasigroup"
        if not self.associative.holds:
            return "operation with identity" if self.identity is not None else "operation"
        if self.commutative.holds and self.idempotent.holds:
            return "semilattice"
        if self.idempotent.holds:
            return "band"
        return "monoid" if self.identity is not None else "semigroup"


def structure(table: Int[np.ndarray, "n n"]) -> Structure:
    """Look at a complete operation: `table[x, y]` is the index of x y."""
    n, e = len(table), identity(table)
    both = (table == e) & (e == table.T) if e is not None else np.zeros_like(table, bool)
    return Structure(
        n,
        int(np.count_nonzero(is_permutation(table))),
        int(np.count_nonzero(is_permutation(table.T))),
        e,
        zero(table),
        int(np.count_nonzero(both.any(1))),
        checked(table, ASSOCIATIVE),
        checked(table, COMMUTATIVE),
        checked(table, IDEMPOTENT),
    )


def is_permutation(rows: Int[np.ndarray, "rows n"]) -> Bool[np.ndarray, "rows"]:
    """Return which rows hold each of 0 to n - 1 once."""
    return (np.sort(rows, axis=1) == np.arange(rows.shape[1])).all(1)


def is_latin(table: Int[np.ndarray, "n n"]) -> bool:
    """Whether every element is once in every row and every column."""
    return bool(is_permutation(table).all() and is_permutation(table.T).all())


def identity(table: Int[np.ndarray, "n n"]) -> int | None:
    """Return the neutral element, or None."""
    everyone = np.arange(len(table))
    return _one((table == everyone).all(1) & (everyone == table.T).all(1))


def zero(table: Int[np.ndarray, "n n"]) -> int | None:
    """Return the absorbing element, or None."""
    own = np.arange(len(table))[:, None]
    return _one((table == own).all(1) & (own == table.T).all(1))


def is_associative(table: Int[np.ndarray, "n n"]) -> bool:
    """Whether (x y) z = x (y z) for all of them; of a group of 1,024 elements it takes seconds."""
    return all(np.array_equal(table[row], row[table]) for row in table)


def is_group(table: Int[np.ndarray, "n n"]) -> bool:
    """Whether a complete table is that of a group."""
    return is_latin(table) and identity(table) is not None and is_associative(table)


def _one(found: np.ndarray) -> int | None:
    return int(np.argmax(found)) if found.any() else None
