import numpy as np
import pytest
from finite import apart, formula, renamed, spoilt, table

from groklab.algebra import families
from groklab.algebra.explanation import GROUP, ISOTOPE
from groklab.algebra.forms import explained
from groklab.algebra.isotopes import isotopy
from groklab.algebra.structure import is_group

GROUPS = {
    "C7": families.cyclic(7),
    "C12": families.cyclic(12),
    "D4": families.dihedral(4),
    "S4": families.permutations(4),
    "A5": families.permutations(5, is_even=True),
}


def right(found, cells):
    """Whether an isotopy makes a table."""
    assert is_group(found.group)
    assert np.array_equal(found.answers[found.table()], found.group[np.ix_(found.left, found.right)])
    return np.array_equal(found.table(), cells)


@pytest.mark.parametrize("name", GROUPS)
def test_an_isotope_is_found_whatever_its_rows_columns_and_answers_are_called(name):
    for seed in range(5):
        cells = apart(GROUPS[name], seed)
        assert right(isotopy(cells), cells)


@pytest.mark.parametrize(("name", "blank", "wrong"), [("S4", 0.3, 0), ("S4", 0, 0.1), ("S4", 0.2, 0.05),
                                                        ("A5", 0.6, 0), ("A5", 0, 0.15), ("C12", 0.4, 0),
                                                        ("D4", 0.3, 0)])  # fmt: skip
def test_blanks_are_filled_and_wrong_cells_outvoted(name, blank, wrong):
    cells = apart(GROUPS[name], 1)
    assert right(isotopy(spoilt(cells, blank, wrong)), cells)


@pytest.mark.parametrize("name", ["S4", "C12", "A5"])
def test_a_blank_row_and_a_blank_column_are_filled(name):
    cells = apart(GROUPS[name], 2)
    for rows, columns in (((3,), ()), ((), (5,)), ((3,), (5,))):
        blank = cells.copy()
        blank[list(rows)] = -1
        blank[:, list(columns)] = -1
        assert right(isotopy(blank), cells)


def test_what_is_no_isotope_of_a_group_is_none():
    random = np.random.default_rng(0)
    for n in (3, 5, 8, 20):
        assert isotopy(random.integers(n, size=(n, n))) is None
    loop = np.array([[0, 1, 2, 3, 4], [1, 0, 3, 4, 2], [2, 4, 0, 1, 3], [3, 2, 4, 0, 1], [4, 3, 1, 2, 0]])
    assert isotopy(loop) is None
    assert isotopy(np.full((5, 5), -1)) is None


LINEAR = {
    "C9": (GROUP, lambda x, y: x + y, 9),
    "x - y mod 9": (ISOTOPE, lambda x, y: x - y, 9),
    "-x + y mod 9": (ISOTOPE, lambda x, y: y - x, 9),
    "3 x + 5 y mod 11": (ISOTOPE, lambda x, y: 3 * x + 5 * y, 11),
    "3 x - 2 y + 1 mod 11": (ISOTOPE, lambda x, y: 3 * x - 2 * y + 1, 11),
    "-x - y mod 8": (ISOTOPE, lambda x, y: -x - y, 8),
}


@pytest.mark.parametrize(("name", "kind", "function", "n"), [(name, *each) for name, each in LINEAR.items()])
@pytest.mark.parametrize("constant", [0, 4])
def test_linear_tables_are_called_by_their_formula_under_other_names(name, kind, function, n, constant):
    cells = renamed(formula(lambda x, y: function(x, y) + (constant if name != "3 x - 2 y + 1 mod 11" else 0), n), 2)
    found = explained(isotopy(cells), table(cells))
    assert (found.kind, found.name) == (kind, name)
    assert found.labels.is_common
    x = np.array([int(word) for word in found.labels.left])
    assert np.array_equal(x[cells], function(x[:, None], x[None]) % n)


def test_quotients_in_a_group_are_told_by_side():
    group = families.permutations(3)
    inverse = np.argmax(group == 0, axis=1)
    for text, cells in (("x y⁻¹", group[:, inverse]), ("x⁻¹ y", group[inverse]),
                        ("x⁻¹ y", group[:, inverse].T), ("x y⁻¹", group[inverse].T)):  # fmt: skip
        other = renamed(cells, 4)
        found = explained(isotopy(other), table(other))
        assert (found.kind, found.name, found.group) == (ISOTOPE, f"{text} in S3", "S3")


def test_automorphisms_of_an_abelian_group_are_told_from_any_relabelling():
    group = families.abelian(2, 4)
    swapped = np.array([0, 1, 2, 3, 4, 5, 6, 7])[np.argsort([0, 5, 2, 7, 4, 1, 6, 3])]  # (a, b) → (a + b, b)
    found = explained(isotopy(group[swapped]), table(group[swapped]))
    assert found.name == "α(x) + β(y) + c in C2 × C4, with automorphisms α and β"
    other = explained(isotopy(apart(group, 3)), table(apart(group, 3)))
    assert other.name in ("isotope of C2 × C4", found.name)


def test_rows_and_answers_that_are_the_same_symbols_are_labelled_alike_where_a_column_leaves_them():
    days = table(families.cyclic(7), ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
    shifted = days._replace(right=tuple(map(str, range(7))), values=days.values)
    found = explained(isotopy(shifted.values), shifted)
    assert found.labels.left == found.labels.answers
    assert found.labels.right[0] == "0"
    turned = days._replace(left=tuple(map(str, range(7))))
    found = explained(isotopy(turned.values), turned)
    assert found.labels.right == found.labels.answers
