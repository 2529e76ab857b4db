import numpy as np
import pytest
from finite import renamed

from groklab.algebra import families, group_name
from groklab.algebra.catalogue import named_groups
from groklab.algebra.decomposition import direct_parts, normal_subgroups, restricted, semidirect_parts
from groklab.algebra.group_names import bracketed, with_identity_first
from groklab.algebra.structure import identity

C2, C3, C4, C5 = map(families.cyclic, (2, 3, 4, 5))
S3, D4, Q8 = families.dihedral(3), families.dihedral(4), families.dicyclic(2)
A4, S4 = families.permutations(4, is_even=True), families.permutations(4)
# D4 acts on C3 through one of its two quotients that keep no turn
C3_D4 = families.semidirect(C3, D4, np.array([[0, 1, 2] if at % 2 == 0 else [0, 2, 1] for at in range(8)]))
ROTATION = np.array([((-b) % 3) * 3 + a for a in range(3) for b in range(3)])

NAMES = {
    "C1": families.cyclic(1),
    "C12": families.abelian(3, 4),
    "C2 × C6": families.abelian(2, 2, 3),
    "C3 × C3 × C3": families.abelian(3, 3, 3),
    "C2 × C8": families.abelian(8, 2),
    "S3": S3,
    "D4": D4,
    "Q8": Q8,
    "D6": families.direct(C2, S3),
    "Dic3": families.metacyclic(3, 4, -1),
    "A4": A4,
    "M16": families.metacyclic(8, 2, 5),
    "SD16": families.metacyclic(8, 2, 3),
    "C4 ∘ D4": families.central_product(C4, 2, D4, 2)[0],
    "C2 × D4": families.direct(D4, C2),
    "C2 × Q8": families.direct(C2, Q8),
    "C4 ⋊ C4": families.metacyclic(4, 4, -1),
    "C5 ⋊ C4": families.metacyclic(5, 4, 2),
    "C7 ⋊ C3": families.metacyclic(7, 3, 2),
    "Heis(3)": families.matrices(families.heisenberg(), 3),
    "M27": families.metacyclic(9, 3, 4),
    "SL(2,3)": families.matrices(families.special_linear(), 3),
    "Dih(C3 × C3)": families.generalized_dihedral(3, 3),
    "S3 × S3": families.direct(S3, S3),
    "C10 × S3": families.direct(C5, C2, S3),
    "C5 × S4": families.direct(S4, C5),
    "C3 × (C5 ⋊ C4)": families.direct(families.metacyclic(5, 4, 2), C3),
    "A5": families.permutations(5, is_even=True),
    "S5": families.permutations(5),
    "SL(2,5)": families.matrices(families.special_linear(), 5),
    "C3 ⋊ D4": C3_D4,
    "(C3 × C3) ⋊ C4": families.turned_by(families.abelian(3, 3), 4, ROTATION),
}


@pytest.mark.parametrize(("name", "table"), NAMES.items(), ids=NAMES)
def test_a_group_under_other_names_is_called_what_it_is(name, table):
    other = renamed(table, len(table))
    found = group_name(with_identity_first(other, identity(other))[0])
    assert found.name == name
    assert len(set(found.words)) == len(table)
    assert found.is_certain == (name not in ("C3 ⋊ D4", "(C3 × C3) ⋊ C4"))


@pytest.mark.parametrize("order", [8, 12, 16, 24, 27, 48, 60, 120])
def test_whoever_has_a_name_of_its_own_is_called_by_it(order):
    for known in named_groups(order):
        assert group_name(known.table()).name == known.name


def test_words_multiply_as_elements_do():
    found = group_name(families.abelian(3, 4))
    number = np.array([int(word) for word in found.words])
    assert np.array_equal(number[families.abelian(3, 4)], np.add.outer(number, number) % 12)
    found = group_name(S4)
    images = [tuple(map(int, word)) for word in found.words]
    for a, b in ((3, 5), (17, 9), (20, 23)):
        assert images[S4[a, b]] == tuple(images[b][at] for at in images[a])


def test_normal_subgroups_of_small_groups():
    assert [int(member.sum()) for member in normal_subgroups(S4)] == [1, 4, 12, 24]
    assert [int(member.sum()) for member in normal_subgroups(families.permutations(5))] == [1, 60, 120]
    assert len(normal_subgroups(D4)) == 6
    assert len(normal_subgroups(families.abelian(2, 2))) == 5


def test_parts_meet_in_the_neutral_element_and_make_the_whole():
    for table, parts in ((families.direct(S3, C5), direct_parts), (A4, lambda table: next(semidirect_parts(table)))):
        found = parts(table)
        first, second = found.coordinates(table)
        n, h = np.flatnonzero(found.normal), np.flatnonzero(found.other)
        assert np.array_equal(table[n[first], h[second]], np.arange(len(table)))
        assert len(restricted(table, found.normal)) * len(restricted(table, found.other)) == len(table)
    assert direct_parts(S4) is None
    assert not list(semidirect_parts(Q8))


def test_names_beside_a_sign_are_put_in_brackets_where_they_need_them():
    assert [bracketed(name) for name in ("C4", "C2 × C2", "Dih(C2 × C4)", "⟨a | a² = 1⟩")] == [
        "C4", "(C2 × C2)", "Dih(C2 × C4)", "⟨a | a² = 1⟩",
    ]  # fmt: skip
