import re

import numpy as np
import pytest
from finite import apart, formula, renamed, spoilt, table

from groklab.algebra import Table, explanation_of, families
from groklab.algebra.explanation import FORMULA, GROUP, ISOTOPE, ORDER, WORD, ZERO

S4, S5 = families.permutations(4), families.permutations(5)


def named(cells, seed=0):
    """Explain an operation under other names, and see that its certificate makes the table."""
    found = explanation_of(table(renamed(cells, seed)))
    if found is not None:
        assert np.array_equal(found.values, renamed(cells, seed))
    return found and (found.kind, found.name)


def conjugate(group):
    return group[group, np.argmax(group == 0, axis=1)[:, None]]


@pytest.mark.parametrize(("cells", "kind", "name"), [
    (S4, GROUP, "S4"),
    (conjugate(S4), WORD, "x y x⁻¹ in S4"),
    (conjugate(S4).T, WORD, "y x y⁻¹ in S4"),
    (conjugate(families.dihedral(6)), WORD, "x y x⁻¹ in D6"),
    (S4[S4, np.arange(24)[:, None]], WORD, "x y x in S4"),
    (formula(lambda x, y: x * y, 13), ZERO, "x y mod 13"),
    (formula(lambda x, y: x * y, 12), FORMULA, "x y mod 12"),
    (formula(lambda x, y: x * y + x + y, 13), ZERO, "x y mod 13"),
    (formula(lambda x, y: x**2 * y, 17), FORMULA, "x² y mod 17"),
    (formula(lambda x, y: x**3 + y, 11), ISOTOPE, "x³ + y mod 11"),
    (formula(lambda x, y: np.where(x % 2 == 0, x + y, x - y), 12), GROUP, "D6"),
    (np.maximum.outer(np.arange(5), np.arange(5)), ORDER, None),
])  # fmt: skip
def test_what_a_table_is_called_under_any_names(cells, kind, name):
    for seed in range(2):
        found = named(cells, seed)
        assert found is not None
        assert found[0] == kind
        assert name is None or found[1] == name


def test_a_zero_is_told_from_groups_that_are_no_field():
    whole = np.zeros((7, 7), int)
    whole[1:, 1:] = families.dihedral(3) + 1
    assert named(whole) == (ZERO, "S3 with a zero")


def test_quotients_without_the_column_of_zero_are_told():
    x, p = np.arange(13), 13
    values = np.array([[a * pow(int(b), -1, p) % p for b in x[1:]] for a in x])
    names = tuple(f"s{at}" for at in (5, 3, 8, 1, 0, 7, 2, 11, 4, 12, 9, 6, 10))
    found = explanation_of(Table(names, names[1:], names, values).aligned())
    assert (found.kind, found.name, found.group) == (ZERO, "x / y mod 13", "C12")
    assert found.labels.left[0] == "0"


def test_numbers_that_are_symbols_are_read_as_they_stand():
    plain = tuple(map(str, range(10)))
    for function, text in ((lambda x, y: x + y, "x + y"), (lambda x, y: x * y, "x y"), (np.gcd, "gcd(x, y)"),
                           (lambda x, y: np.abs(x - y), "|x - y|"), (np.maximum, "max(x, y)"),
                           (lambda x, y: (x * x + x + 2 * y) // 2, "(x² + x + 2 y) / 2")):  # fmt: skip
        x = np.arange(10)
        values = np.asarray(function(x[:, None], x[None]))
        answers, index = np.unique(values, return_inverse=True)
        found = explanation_of(Table(plain, plain, tuple(map(str, answers.tolist())), index.reshape(10, 10)).aligned())
        assert (found.kind, found.name) == (FORMULA, text)
    hours = np.arange(1, 13)
    found = explanation_of(table((hours[:, None] + hours[None] - 1) % 12, map(str, hours)))
    assert (found.kind, found.name, found.formula) == (GROUP, "C12", "x + y mod 12")
    assert found.labels.left == tuple(map(str, hours))


def test_a_mistake_in_a_plain_table_is_outvoted():
    plain = tuple(map(str, range(1, 11)))
    values = np.multiply.outer(np.arange(1, 11), np.arange(1, 11))
    answers, index = np.unique(values, return_inverse=True)
    index = index.reshape(10, 10)
    index[6, 7] = list(answers).index(54)
    found = explanation_of(Table(plain, plain, tuple(map(str, answers.tolist())), index).aligned())
    assert (found.name, found.wrong(index)) == ("x y", 1)
    assert answers[found.values[6, 7]] == 56


def test_a_number_that_only_a_blank_has_is_told():
    plain = tuple(map(str, range(10)))
    values = np.add.outer(np.arange(10), np.arange(10))
    values[9, 9] = -1  # 18 is in no other cell
    found = explanation_of(Table(plain, plain, tuple(map(str, range(18))), values).aligned())
    assert (found.name, found.more) == ("x + y", ("18",))
    assert found.values[9, 9] == 18
    assert found.labels.answers[18] == "18"


def test_rows_columns_and_answers_may_have_names_of_their_own():
    cells = apart(families.cyclic(9), 2)
    letters = [tuple(f"{side}{at}" for at in range(9)) for side in "rca"]
    found = explanation_of(Table(*letters, cells))
    assert (found.kind, found.name) == (ISOTOPE, "isotope of C9")
    left, right, answers = (np.array(side, int) for side in found.labels)
    assert np.array_equal(answers[cells], (left[:, None] + right[None]) % 9)


def test_all_sixteen_tables_of_two_symbols_are_answered():
    for bits in range(16):
        cells = np.array([[bits & 1, bits >> 1 & 1], [bits >> 2 & 1, bits >> 3]])
        found = explanation_of(table(cells, "ab"))
        assert found is None or np.array_equal(found.values, cells)
    assert explanation_of(table(np.array([[0, 1], [1, 0]]), "ab")).name == "C2"


def test_a_small_rectangle_is_no_group_with_a_zero():
    found = explanation_of(Table(("x", "y"), ("a", "b", "c"), ("p", "q", "r"), np.array([[0, 1, 2], [1, 0, 2]])))
    assert found is None


def test_one_frequent_answer_is_no_rule():
    plain = tuple(map(str, range(20)))
    found = explanation_of(Table(plain, plain, ("0", "1"), np.eye(20, dtype=int)).aligned())
    assert found is None


def test_an_exact_formula_comes_before_one_that_holds_nearly():
    plain = tuple(map(str, range(-1, 3)))
    columns = tuple(map(str, range(7, 307, 10)))
    x, y = np.arange(-1, 3)[:, None], np.arange(7, 307, 10)[None]
    values = x * y
    answers, index = np.unique(values, return_inverse=True)
    index = np.where((x == 0) | ((x == 1) & (y < 40)), index.reshape(values.shape), -1)
    found = explanation_of(Table(plain, columns, tuple(map(str, answers.tolist())), index).aligned())
    assert found is None or found.name == "x y"


def test_an_answer_from_outside_is_a_mistake():
    cells = renamed(S4)
    cells[3, 5] = 24
    names = tuple(f"s{at}" for at in range(24))
    aligned = Table(names, names, (*names, "typo"), cells).aligned()
    found = explanation_of(aligned)
    assert (found.name, found.wrong(aligned.values)) == ("S4", 1)


def test_powers_of_a_product_keep_labels_that_make_the_table():
    p = 17
    cells = formula(lambda x, y: x**5 * y, p)
    found = explanation_of(table(renamed(cells)))
    assert found.kind == ZERO
    numbers = {word: at for at, word in enumerate(found.labels.left)}
    assert set(found.labels.left) == {"zero", *map(str, range(16))}
    u, v = (int(each or 1) for each in re.match(r"(-?\d*) ?x \+ (\d*) ?y", found.name).groups())
    for a, b in ((1, 2), (3, 7), (5, 11)):
        x, y = numbers[str(a)], numbers[str(b)]
        assert found.labels.answers[renamed(cells)[x, y]] == str((u * a + v * b) % 16)


def test_nothing_is_named_that_is_not_there():
    random = np.random.default_rng(3)
    for n in (4, 5, 8, 13):
        cells = random.integers(n, size=(n, n))
        assert explanation_of(table(cells)) is None
        assert explanation_of(table(np.triu(cells) + np.triu(cells, 1).T)) is None
    loop = np.array([[0, 1, 2, 3, 4], [1, 0, 3, 4, 2], [2, 4, 0, 1, 3], [3, 2, 4, 0, 1], [4, 3, 1, 2, 0]])
    assert explanation_of(table(loop)) is None
    mixed = np.where(random.random((24, 24)) < 0.3, random.integers(24, size=(24, 24)), S4)
    assert explanation_of(table(mixed)) is None
    assert explanation_of(Table(("a", "b"), ("c", "d", "e"), ("f", "g"), random.integers(2, size=(2, 3)))) is None


def test_blanks_are_filled_and_mistakes_found():
    for seed, (blank, wrong) in enumerate(((0.3, 0), (0, 0.05), (0.1, 0.05))):
        found = explanation_of(table(spoilt(renamed(S4), blank, wrong, seed)))
        assert found.name == "S4"
        assert np.array_equal(found.values, renamed(S4))
        assert found.wrong(spoilt(renamed(S4), blank, wrong, seed)) == round(wrong * 576)


def test_what_a_few_cells_cannot_tell_is_not_said():
    few = np.full((5, 5), -1)
    few[0], few[:, 0] = np.arange(5), np.arange(5)
    assert explanation_of(table(few)) is None  # an identity, and any loop
    for seed in range(30):
        found = explanation_of(table(spoilt(families.cyclic(4), 0.4, seed=seed)))
        assert found is None or found.group == "C4"


def test_a_word_of_several_groups_is_not_said_to_be_of_one_for_sure():
    quaternion, dihedral = conjugate(families.dicyclic(2)), conjugate(families.dihedral(4))
    first, second = (explanation_of(table(renamed(each))) for each in (quaternion, dihedral))
    assert first.name == second.name
    assert not first.is_certain
    assert explanation_of(table(renamed(conjugate(S5)))).is_certain


def test_columns_and_answers_are_put_in_the_order_of_the_rows():
    whole = table(families.dihedral(3), "abcdef")
    mixed = Table(
        whole.left, tuple("fbdaec"), tuple("cafebd"), np.array([2, 4, 5, 0, 3, 1])[families.dihedral(3)][:, ::1]
    )
    columns = ["abcdef".index(symbol) for symbol in mixed.right]
    place = {symbol: at for at, symbol in enumerate(mixed.answers)}
    values = np.vectorize(lambda at: place["abcdef"[at]])(families.dihedral(3)[:, columns])
    aligned = mixed._replace(values=values).aligned()
    assert aligned.is_common
    assert np.array_equal(aligned.values, families.dihedral(3))
