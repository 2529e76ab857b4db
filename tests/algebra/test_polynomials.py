import numpy as np
import pytest
from finite import formula, renamed, spoilt

from groklab.algebra.elimination import kernel, reduced, solved
from groklab.algebra.formulas import Halves, formula_in, formula_of
from groklab.algebra.labellings import labellings
from groklab.algebra.polynomials import Polynomial, fitted, monomials, powers, simplest
from groklab.algebra.sparse import sparse

INVERSE = {p: np.array([0, *(pow(v, -1, p) for v in range(1, p))]) for p in (5, 7, 11, 13, 23)}

FORMULAS = {
    "x² + y²": lambda x, y, p: x**2 + y**2,
    "x² + x y + y²": lambda x, y, p: x**2 + x * y + y**2,
    "x² + x y + y² + x": lambda x, y, p: x**2 + x * y + y**2 + x,
    "x³ + x y": lambda x, y, p: x**3 + x * y,
    "x³ + x y² + y": lambda x, y, p: x**3 + x * y**2 + y,
    "x² + y": lambda x, y, p: x**2 + y,
    "x y + 1": lambda x, y, p: x * y + 1,
    "x² + 5 y": lambda x, y, p: 3 * x**2 + 5 * y,
    "x - y if y is even, else x / y": lambda x, y, p: np.where(y % 2 == 0, x - y, x * INVERSE[p][y]),
    "x + y if x is even, else x y": lambda x, y, p: np.where(x % 2 == 0, x + y, x * y),
    "x + y if x is even, else x - y": lambda x, y, p: np.where(x % 2 == 0, x + y, x - y),
}


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("p", [11, 23])
def test_a_formula_is_read_from_its_table_under_its_own_numbers_and_under_any_names(text, p):
    cells = formula(lambda x, y: FORMULAS[text](x, y, p), p)
    found = formula_in(cells)
    x = np.arange(p)
    assert np.array_equal(found(x[:, None], x[None]), cells)
    assert str(found) == text or text == "x² + 5 y"
    for seed in range(2 if "if" not in text else 1):
        other = renamed(cells, seed)
        named = formula_of(other, p)
        assert str(named) == f"{text} mod {p}"
        assert np.array_equal(named.table(), other)
        assert sorted(named.labels) == list(range(p))


def test_a_random_table_has_no_formula():
    random = np.random.default_rng(0)
    for p in (7, 11, 23):
        cells = random.integers(p, size=(p, p))
        assert formula_in(cells) is None
        assert formula_of(cells, p) is None


def test_blanks_and_wrong_cells_do_not_hide_a_formula_in_its_own_numbers():
    cells = formula(lambda x, y: x**2 + x * y + y**2, 23)
    assert str(formula_in(spoilt(cells, blank=0.6))) == "x² + x y + y²"
    assert formula_in(spoilt(cells, wrong=0.05)) is None
    assert str(formula_in(spoilt(cells, wrong=0.05), 0.9)) == "x² + x y + y²"


def test_a_formula_modulo_a_number_that_is_no_prime_is_found_if_it_is_short():
    assert str(formula_in(formula(lambda x, y: x * y + 2 * x, 12))) == "x y + 2 x"
    assert str(formula_in(formula(lambda x, y: np.where(x % 2 == 0, x + y, x * y), 12))) == FORMULA_OF_HALVES


FORMULA_OF_HALVES = "x + y if x is even, else x y"


def test_a_polynomial_is_a_function_and_a_text():
    found = Polynomial(7, ((1, 2, 0), (6, 1, 1), (3, 0, -1), (5, 0, 0)))
    x, y = np.arange(7)[:, None], np.arange(7)[None]
    assert np.array_equal(found(x, y), (x**2 - x * y + 3 * INVERSE[7][y] + 5) % 7)
    assert str(found) == "x² - x y + 3 / y - 2"
    assert str(Polynomial(7, ())) == "0"
    assert str(Polynomial(7, ((6, 1, 0), (1, 0, 0)))) == "-x + 1"
    halves = Halves("x", Polynomial(7, ((1, 1, 0),)), Polynomial(7, ((1, 0, 1),)))
    assert np.array_equal(halves(x, y), np.where(x % 2 == 0, x + 0 * y, y + 0 * x))
    assert (halves.p, len(halves.terms)) == (7, 2)


def test_powers_of_residues():
    assert powers(np.arange(5), 3, 5).tolist() == [0, 1, 3, 2, 4]
    assert powers(np.arange(5), -1, 5).tolist() == [0, 1, 3, 2, 4]
    assert powers(np.arange(5), 0, 5).tolist() == [1, 1, 1, 1, 1]


def test_a_polynomial_is_right_on_cells_that_were_not_used_or_is_none():
    cells = formula(lambda x, y: 2 * x * y + y, 11)
    cells[3, 4] = (cells[3, 4] + 1) % 11
    assert fitted(cells, np.ones_like(cells, bool), monomials(2, 11)) is None
    few = np.zeros_like(cells, bool)
    few[:2, :3] = True
    assert fitted(cells, few, monomials(2, 11)) is None  # six cells fix six coefficients, and none is left to try


@pytest.mark.parametrize("u", [1, 3, 10])
@pytest.mark.parametrize("t", [0, 4])
def test_other_numbers_for_the_residues_make_a_polynomial_as_simple_as_can_be(u, t):
    p, plain = 11, formula(lambda x, y: x**2 + x * y, 11)
    labels = (u * np.arange(p) + t) % p
    order = np.argsort(labels)
    seen = labels[plain[np.ix_(order, order)]]
    function, scale, shift = simplest(fitted(seen, seen >= 0, monomials(2, p)))
    assert str(function) == "x² + x y"
    again = (labels - shift) * pow(scale, -1, p) % p
    assert np.array_equal(again[plain], function(again[:, None], again[None]))


def test_labels_of_a_table_are_right_up_to_a_line():
    for text in ("x² + y²", "x² + x y + y²", "x³ + x y"):
        cells = formula(lambda x, y, text=text: FORMULAS[text](x, y, 13), 13)
        new = np.random.default_rng(1).permutation(13)
        found = [labels[new] for labels in labellings(renamed(cells, 1), 13)]
        steps = [np.unique((np.roll(labels, -1) - labels) % 13) for labels in found]
        assert any(len(step) == 1 for step in steps)


def test_short_polynomials_are_all_tried():
    cells = formula(lambda x, y: 3 * x - 2 * y**2, 9)
    texts = [str(found) for found in sparse(cells, cells >= 0)]
    assert "-2 y² + 3 x" in texts
    assert not list(sparse(np.random.default_rng(0).integers(9, size=(9, 9)), np.ones((9, 9), bool)))


@pytest.mark.parametrize("p", [2, 5, 13])
def test_equations_modulo_a_prime(p):
    random = np.random.default_rng(p)
    for _ in range(20):
        matrix = random.integers(p, size=(4, 6))
        for vector in kernel(matrix, p):
            assert not (matrix @ vector % p).any()
        rows, pivots = reduced(matrix, p)
        assert len(kernel(matrix, p)) == 6 - len(pivots)
        assert np.array_equal(rows[:, pivots], np.eye(len(pivots), dtype=int))
        square, wanted = random.integers(p, size=(4, 4)), random.integers(p, size=4)
        found = solved(square, square @ wanted % p, p)
        assert found is None or np.array_equal(found, wanted)
        assert (found is None) == (len(reduced(square, p)[1]) < 4)
