import itertools

import numpy as np
import pytest

from groklab.algebra import LAWS, checked, distributes, laws_of
from groklab.algebra.families import cyclic, dihedral, permutations
from groklab.algebra.laws import ASSOCIATIVE, COMMUTATIVE

random = np.random.default_rng(0)


def by_hand(table, law):
    """Count cases and right ones one by one."""
    right = cases = 0
    for values in itertools.product(range(len(table)), repeat=law.variables):
        x, y, z = (*values, 0, 0)[:3]
        left, other = law.sides(lambda a, b: -1 if a < 0 or b < 0 else table[a, b], x, y, z)
        cases += left >= 0 and other >= 0
        right += left >= 0 and left == other
    return right, cases


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_every_law_is_counted_as_by_hand(law):
    for table in (random.integers(5, size=(5, 5)), random.integers(-1, 4, size=(4, 4)), cyclic(4)):
        held = checked(table, law)
        assert (held.right, held.cases) == by_hand(table, law)


def test_a_counterexample_breaks_the_law():
    held = checked(dihedral(3), COMMUTATIVE)
    x, y = held.counterexample
    assert dihedral(3)[x, y] != dihedral(3)[y, x]
    assert not held.holds
    assert held.share == 18 / 36


def test_what_is_asked_in_pieces_is_what_is_asked_at_once(monkeypatch):
    table = random.integers(30, size=(30, 30))
    whole = checked(table, ASSOCIATIVE)
    monkeypatch.setattr("groklab.algebra.laws._AT_ONCE", 2000)
    assert checked(table, ASSOCIATIVE) == whole


def test_groups_are_associative_and_abelian_ones_commutative():
    names = {held.law.name for held in laws_of(cyclic(6)) if held.holds}
    assert {"associative", "commutative", "flexible", "Moufang", "left Bol"} <= names
    assert "commutative" not in {held.law.name for held in laws_of(permutations(3)) if held.holds}


def test_an_unknown_cell_is_no_case():
    table = cyclic(3)
    table[0, 0] = -1
    held = checked(table, COMMUTATIVE)
    assert (held.right, held.cases) == (8, 8)
    nothing = checked(np.full((2, 2), -1), COMMUTATIVE)
    assert nothing.cases == 0
    assert nothing.share == 1


def test_residues_are_a_ring_and_maxima_are_none():
    x = np.arange(6)
    product = np.multiply.outer(x, x) % 6
    assert distributes(product, cyclic(6)).holds
    broken = distributes(np.maximum.outer(x, x), cyclic(6))
    assert not broken.holds
    a, b, c = broken.counterexample
    assert max(a, (b + c) % 6) != (max(a, b) + max(a, c)) % 6 or max((b + c) % 6, a) != (max(b, a) + max(c, a)) % 6
