import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.papers.power2022.characters import CHARACTERS, CLASSES, cycle_type, shares
from groklab.tasks.group import group_table

SYMBOLS, PRODUCT = group_table("S5")


def test_the_character_table_is_orthogonal():
    sizes = np.array([sum(cycle_type(symbol) == kind for symbol in SYMBOLS) for kind in CLASSES])
    table = np.array(list(CHARACTERS.values()))
    assert np.array_equal(table * sizes @ table.T, 120 * np.eye(7))


def permutation_rows(degree):
    """Rows on which S5 acts as on the numbers 0 to 4: the trivial representation and the one of dimension 4."""
    return np.array(
        [[symbol[at] == str(image) for at in range(degree) for image in range(5)] for symbol in SYMBOLS], float
    )


def test_what_permutes_five_things_lies_in_dimension_four():
    found = shares(permutation_rows(1))
    assert found["4"] == pytest.approx(1)
    signs = np.array([[(-1.0) ** (5 - len(cycle_type(symbol)))] for symbol in SYMBOLS])
    assert shares(signs)["sign"] == pytest.approx(1)
    assert shares(signs * permutation_rows(1))["4 × sign"] == pytest.approx(0.8, abs=0.01)


def test_noise_is_shared_by_the_squares_of_the_dimensions():
    found = shares(np.random.default_rng(0).normal(size=(120, 4000)))
    assert sum(found.values()) == pytest.approx(1)
    for name, row in CHARACTERS.items():
        expected = 0 if name == "trivial" else row[0] ** 2 / 119
        assert found[name] == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(("rows", "word"), [(np.full((120, 3), np.nan), "finite"), (np.ones((120, 3)), "same")])
def test_rows_without_power_are_refused(rows, word):
    with pytest.raises(InvalidSetting, match=word):
        shares(rows)
