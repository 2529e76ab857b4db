import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.tasks import OPERATIONS, Modular

# Size, share of symmetric cells and frequency of the commonest answer, both in percent, at p = 97.
FACTS = {
    "addition": (9409, 100, 1.03),
    "subtraction": (9409, 1.0, 1.03),
    "multiplication": (9409, 100, 2.05),
    "division": (9312, 2.1, 1.03),
    "mixed": (9409, 1.5, 1.03),
    "sum_of_squares": (9409, 100, 2.05),
    "quadratic_form": (9409, 100, 2.05),
    "quadratic_form_plus_x": (9409, 1.0, 2.05),
    "cubic_xy": (9409, 3.1, 2.05),
    "cubic_xy2": (9409, 2.0, 1.20),
    "even_add_odd_multiply": (9409, 50.6, 1.03),
    "even_add_odd_subtract": (9409, 27.0, 1.03),
}


def values(operation, p=97):
    return Modular(operation=operation, p=p).cells().values


def test_division_modulo_5_by_hand():
    cells = Modular(p=5).cells()
    assert cells.left == cells.answers == ("0", "1", "2", "3", "4")
    assert cells.right == ("1", "2", "3", "4")
    assert cells.sign == "/"
    assert cells.values.tolist() == [[0, 0, 0, 0], [1, 3, 2, 4], [2, 1, 4, 3], [3, 4, 1, 2], [4, 2, 3, 1]]


def test_mixed_divides_by_odd_and_subtracts_even():
    table = values("mixed", 5)
    assert table[2].tolist() == [2, 2, 0, 4, 3]


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        ("addition", 16),
        ("subtraction", 19),
        ("multiplication", 95),
        ("mixed", 53),
        ("sum_of_squares", 66),
        ("quadratic_form", 64),
        ("quadratic_form_plus_x", 33),
        ("cubic_xy", 83),
        ("cubic_xy2", 38),
        ("even_add_odd_multiply", 16),
        ("even_add_odd_subtract", 16),
        ("square_plus", (66**2 + 47) % 97),
        ("cube_plus", (66**3 + 47) % 97),
    ],
)
def test_66_and_47(operation, answer):
    assert values(operation)[66, 47] == answer


@pytest.mark.parametrize("operation", FACTS)
def test_size_symmetry_and_commonest_answer(operation):
    size, symmetric, top = FACTS[operation]
    table = values(operation)
    # 0 / y has no mirror image, since nothing is divided by 0.
    square = table if operation != "division" else table[1:]
    assert table.size == size
    assert 100 * np.mean(square == square.T) == pytest.approx(symmetric, abs=0.1)
    assert 100 * np.bincount(table.ravel()).max() / size == pytest.approx(top, abs=0.01)
    assert len(np.unique(table)) <= 97


def test_commonest_answers():
    tops = {name: np.bincount(values(name).ravel()).argmax() for name in FACTS}
    assert tops["multiplication"] == 0
    assert np.count_nonzero(values("multiplication") == 0) == 193
    assert tops["quadratic_form_plus_x"] == 32
    assert tops["cubic_xy2"] == 24


def test_division_undoes_multiplication():
    for p in (2, 3, 5, 97, 1021):
        quotient, divisor = values("division", p), np.arange(1, p)
        assert np.array_equal(quotient * divisor % p, np.repeat(np.arange(p)[:, None], p - 1, axis=1))


def test_multiplication_is_addition_under_the_discrete_logarithm():
    powers = np.array([pow(5, k, 97) for k in range(96)])
    assert sorted(powers) == list(range(1, 97))
    pairs = np.ix_(powers, powers)
    assert np.array_equal(values("multiplication")[pairs], powers[values("addition", 96)])
    assert np.array_equal(values("division")[np.ix_(powers, powers - 1)], powers[values("subtraction", 96)])


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("p", [2, 7, 1021])
def test_answers_are_residues(operation, p):
    table = values(operation, p)
    assert table.shape == (p, p - (operation == "division"))
    assert table.min() >= 0
    assert table.max() < p


def test_every_way_to_write_an_operation_means_one_operation():
    words = [{name, formula.sign, formula.token} for name, formula in OPERATIONS.items()]
    assert len(OPERATIONS) == 15
    assert sum(map(len, words)) == len(set().union(*words))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"p": 96}, ("`p`", "96", "not a field", "Try 89 or 97.")),
        ({"p": 4, "operation": "mixed"}, ("`p`", "Try 3 or 5.")),
        ({"p": 1024}, ("`p`", "Try 1021.")),
        ({"p": 1}, ("`p`", "at least 2", "1")),
        ({"p": 0}, ("`p`", "at least 2", "0")),
        ({"p": 1025}, ("`p`", "at most 1024", "1025")),
        ({"p": "97"}, ("`p`", "int", "'97'")),
        ({"operation": "divison"}, ("`operation`", "division")),
    ],
)
def test_refusals(settings, words):
    with pytest.raises(InvalidSetting) as error:
        Modular(**settings)
    assert "\n" not in str(error.value)
    assert all(word in str(error.value) for word in words)


def test_a_ring_will_do_where_nothing_is_divided():
    assert values("addition", 96)[95, 1] == 0
