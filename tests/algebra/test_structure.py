import numpy as np
import pytest
from finite import formula, renamed

from groklab.algebra import structure
from groklab.algebra.families import cyclic, dihedral
from groklab.algebra.structure import identity, is_associative, is_group, is_latin, zero

# the loop of order 5 in which every element is its own inverse, which no group of order 5 has
LOOP = np.array([[0, 1, 2, 3, 4], [1, 0, 3, 4, 2], [2, 4, 0, 1, 3], [3, 2, 4, 0, 1], [4, 3, 1, 2, 0]])
SUBSETS = np.array([[a & b for b in range(4)] for a in range(4)])

KINDS = {
    "abelian group": cyclic(5),
    "group": dihedral(3),
    "loop": LOOP,
    "quasigroup": formula(lambda x, y: x - y, 5),
    "semilattice": SUBSETS,
    "band": formula(lambda x, y: x + 0 * y, 4),
    "monoid": formula(lambda x, y: x * y, 6),
    "semigroup": formula(lambda x, y: 2 * x * y, 4),
    "operation": formula(lambda x, y: x * x + 2 * y, 4),
}


@pytest.mark.parametrize(("kind", "table"), KINDS.items(), ids=KINDS)
def test_an_operation_is_called_by_the_narrowest_word_under_any_names(kind, table):
    assert structure(table).kind == structure(renamed(table)).kind == kind


def test_what_is_seen_of_a_group():
    seen = structure(renamed(dihedral(4), 1))
    e = identity(renamed(dihedral(4), 1))
    assert seen.identity == e
    assert seen.inverses == seen.latin_rows == seen.latin_columns == 8
    assert seen.zero is None
    assert seen.is_group
    assert seen.commutative.right == 8 * 5  # five classes


def test_what_is_seen_of_a_loop_without_associativity():
    seen = structure(LOOP)
    assert seen.is_loop
    assert not seen.is_group
    assert seen.inverses == 5
    assert is_latin(LOOP)
    assert not is_associative(LOOP)
    assert not is_group(LOOP)


def test_products_modulo_a_number_have_a_zero_and_a_one():
    table = formula(lambda x, y: x * y, 7)
    assert zero(table) == 0
    assert identity(table) == 1
    assert structure(table).inverses == 6
    assert zero(cyclic(3)) is None
