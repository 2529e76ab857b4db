import itertools

import numpy as np
import pytest
from finite import renamed

from groklab.algebra import families
from groklab.algebra.isomorphism import OutOfBudget, colored, generators, isomorphism, power_lengths

SIXTEEN = {
    "C8 × C2": families.abelian(8, 2),
    "M16": families.metacyclic(8, 2, 5),
    "C4 × C4": families.abelian(4, 4),
    "C4 ⋊ C4": families.metacyclic(4, 4, -1),
    "Q8 × C2": families.direct(families.dicyclic(2), families.cyclic(2)),
    "D4 × C2": families.direct(families.dihedral(4), families.cyclic(2)),
    "C4 ∘ D4": families.central_product(families.cyclic(4), 2, families.dihedral(4), 2)[0],
}
TWENTY_SEVEN = {"C3³": families.abelian(3, 3, 3), "Heisenberg": families.matrices(families.heisenberg(), 3)}


@pytest.mark.parametrize("name", SIXTEEN)
def test_a_group_under_other_names_is_found_again_and_no_other_of_its_order(name):
    for other, table in SIXTEEN.items():
        image = isomorphism(renamed(SIXTEEN[name], 3), table)
        assert (image is not None) == (name == other)
        if image is not None:
            mine = renamed(SIXTEEN[name], 3)
            assert np.array_equal(image[mine], table[np.ix_(image, image)])
            assert sorted(image) == list(range(16))


def test_orders_of_elements_do_not_decide():
    for first, second in (("C8 × C2", "M16"), ("C4 × C4", "C4 ⋊ C4")):
        assert np.array_equal(
            np.sort(power_lengths(SIXTEEN[first])[:, 1]), np.sort(power_lengths(SIXTEEN[second])[:, 1])
        )
        assert isomorphism(SIXTEEN[first], SIXTEEN[second]) is None
    first, second = TWENTY_SEVEN.values()
    assert np.array_equal(np.sort(power_lengths(first)[:, 1]), np.sort(power_lengths(second)[:, 1]))
    assert isomorphism(first, second) is None


@pytest.mark.parametrize("seed", range(20))
def test_any_operation_is_found_under_other_names_and_the_relabelling_shows_it(seed):
    random = np.random.default_rng(seed)
    n = int(random.integers(2, 12))
    table = random.integers(n, size=(n, n)) if seed % 2 else np.maximum.outer(np.arange(n), np.arange(n))
    other = renamed(table, seed + 1)
    image = isomorphism(table, other)
    assert image is not None
    assert np.array_equal(image[table], other[np.ix_(image, image)])


def test_small_operations_agree_with_trying_all_relabellings():
    random = np.random.default_rng(5)
    for _ in range(60):
        first, second = random.integers(3, size=(2, 3, 3))
        by_trial = any(
            np.array_equal(np.array(p)[first], second[np.ix_(p, p)]) for p in itertools.permutations(range(3))
        )
        assert (isomorphism(first, second) is not None) == by_trial


def test_operations_of_other_sizes_are_others():
    assert isomorphism(families.cyclic(3), families.cyclic(4)) is None


def test_colors_are_the_same_under_all_names():
    table = families.permutations(4)
    first, second = colored(table, renamed(table))
    assert np.array_equal(np.sort(first), np.sort(second))
    assert len(np.unique(first)) >= 5  # as many as classes, at least


def test_generators_generate():
    table = families.permutations(4)
    found = generators(table, np.zeros(24, int))
    member = {0}
    for _ in range(6):
        member |= {int(table[x, g]) for x in member for g in found}
    assert len(found) < 5
    assert len(member) == 24


def test_a_search_that_takes_too_long_says_so():
    with pytest.raises(OutOfBudget):
        isomorphism(families.permutations(4), renamed(families.permutations(4)), budget=0)


def test_powers_tell_the_way_in_and_the_way_round():
    table = np.array([[1, 0, 0], [0, 2, 0], [0, 0, 2]])
    # 0: 0, 0·0 = 1, 0·1 = 0: around in 2. 1: 1, 2, 1·2 = 0, 1·0 = 0. 2: itself
    assert power_lengths(table).tolist() == [[0, 2], [2, 1], [0, 1]]
