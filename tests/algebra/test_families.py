import itertools

import numpy as np
import pytest

from groklab.algebra import families
from groklab.algebra.catalogue import abelian_orders, composed_groups, invariant_factors, named_groups
from groklab.algebra.isomorphism import power_lengths
from groklab.algebra.structure import is_group

ORDERS = [*range(1, 61), 64, 72, 81, 96, 100, 120]


@pytest.mark.parametrize("order", [order for order in ORDERS if order <= 60 or order in (96, 120)])
def test_whatever_the_catalogue_has_is_a_group_of_its_order_with_a_word_for_each_element(order):
    for known in (*named_groups(order), *composed_groups(order)):
        table, words = known.table(), known.words()
        assert is_group(table), known.name
        assert np.array_equal(table[0], np.arange(order))  # the neutral element is the first
        assert len(words) == len(set(words)) == order, known.name
        assert not np.array_equal(table, table.T), known.name


def test_every_order_has_as_many_abelian_groups_as_its_exponents_have_partitions():
    assert [len(abelian_orders(n)) for n in (1, 2, 8, 12, 16, 36, 64, 72, 97)] == [1, 1, 3, 2, 5, 4, 11, 6, 1]
    assert sorted(abelian_orders(8)) == [(2, 2, 2), (2, 4), (8,)]
    for factors in (each for n in ORDERS for each in abelian_orders(n)):
        assert all(b % a == 0 for a, b in itertools.pairwise(factors))


def test_a_product_of_cyclic_groups_has_its_invariant_factors():
    assert invariant_factors([4, 6]) == (2, 12)
    assert invariant_factors([2, 3, 5]) == (30,)
    assert invariant_factors([2, 2, 9, 3]) == (6, 18)
    assert invariant_factors([1]) == ()


def orders(table):
    return np.bincount(power_lengths(table)[:, 1]).tolist()


def test_groups_whose_elements_have_known_orders():
    assert orders(families.permutations(4)) == [0, 1, 9, 8, 6]
    assert orders(families.dicyclic(2)) == [0, 1, 1, 0, 6]
    assert orders(families.matrices(families.special_linear(), 3)) == [0, 1, 1, 8, 6, 0, 8]
    assert orders(families.matrices(families.binary_octahedral(), 7)) == [0, 1, 1, 8, 18, 0, 8, 0, 12]
    assert orders(families.matrices(families.heisenberg(), 3)) == [0, 1, 0, 26]
    assert orders(families.wreath(families.cyclic(2), 2)) == orders(families.dihedral(4))
    assert orders(families.matrices(families.general_linear(3), 3)) == [0, 1, 13, 8, 6, 0, 8, 0, 12]


def test_a_direct_product_multiplies_side_by_side():
    product = families.direct(families.cyclic(2), families.dihedral(3))
    at = np.arange(12)
    first, second = at // 6, at % 6
    assert np.array_equal(product // 6, families.cyclic(2)[np.ix_(first, first)])
    assert np.array_equal(product % 6, families.dihedral(3)[np.ix_(second, second)])


def test_relations_of_extensions_hold():
    table = families.metacyclic(8, 4, 3, 4)
    a, b = 1, 8

    def power(x, n):
        y = 0
        for _ in range(n):
            y = table[y, x]
        return y

    assert power(a, 8) == 0
    assert power(b, 4) == power(a, 4)
    assert table[b, a] == table[power(a, 3), b]
