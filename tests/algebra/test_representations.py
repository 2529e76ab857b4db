import numpy as np
import pytest
from finite import renamed

from groklab.algebra import families
from groklab.algebra.group_names import with_identity_first
from groklab.algebra.representations import parts, waves
from groklab.algebra.structure import identity

random = np.random.default_rng(0)


@pytest.mark.parametrize(("group", "dimensions"), [
    (families.permutations(3), [1, 2]),
    (families.permutations(4), [1, 2, 3, 3]),
    (families.dicyclic(2), [1, 1, 1, 2]),
    (families.permutations(5, is_even=True), [3, 3, 4, 5]),
])  # fmt: skip
def test_a_group_has_its_irreducible_representations(group, dimensions):
    found = parts(group, random.normal(size=(len(group), 400)))
    assert sorted(part.dimension for part in found) == dimensions
    assert sum(part.share for part in found) == pytest.approx(1)
    for part in found:  # a function at random has of each what its size is worth
        assert part.share == pytest.approx(part.dimension**2 / (len(group) - 1), rel=0.25)
        assert part.by_chance == pytest.approx(part.dimension**2 / (len(group) - 1))


def test_a_function_of_one_representation_is_found_there_whatever_elements_are_called():
    table = renamed(families.permutations(4))
    group, old = with_identity_first(table, identity(table))
    images = families.images_of(4)
    standard = np.eye(4)[images].reshape(24, -1)  # the constant and the standard representation
    image = np.argsort(np.random.default_rng(0).permutation(24))  # what `renamed` calls an element
    strongest = parts(group, standard[image[old]])[0]
    assert strongest.dimension == 3
    assert strongest.share == pytest.approx(1)
    assert strongest.ratio == pytest.approx(23 / 9)


def test_waves_of_a_cyclic_group_are_its_frequencies():
    labels = np.random.default_rng(1).permutation(11)
    turn = 2 * np.pi * 3 * labels / 11
    found = waves(labels, np.stack([np.cos(turn), np.sin(turn), np.ones(11)], axis=1))
    assert found[0].frequency == 3
    assert found[0].share == pytest.approx(1)
    even = waves(np.arange(8), np.where(np.arange(8) % 2, 1.0, -1.0)[:, None])
    assert (even[0].frequency, even[0].by_chance) == (4, pytest.approx(1 / 7))
