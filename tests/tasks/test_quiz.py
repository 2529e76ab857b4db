import itertools

import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.tasks import BinaryTable, Given, Group, Modular
from groklab.tasks.quiz import SIGN, answer, question, quiz, rule

TASKS = (
    BinaryTable(Modular("addition", 7), fraction=0.6),
    BinaryTable(Modular("division", 5)),
    BinaryTable(Group("S3", form="xyx^-1")),
    BinaryTable(Given(("cat", "dog"), ("red", "blue"), ("yes", "no"), ((0, 1), (1, 0)), "?")),
)
BLANK = BinaryTable(Given(("0", "1", "2"), ("0", "1"), ("0", "1", "2"), ((0, 1), (1, -1), (-2, 0))), fraction=0.75)


def in_elements(posed, side):
    return [posed.meaning[letter] for letter in side]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
@pytest.mark.parametrize("seed", [0, 1])
def test_the_letters_spell_the_same_table(task, seed):
    posed, cells = quiz(task, seed=seed), task.operation.cells()
    assert len(set(posed.meaning.values())) == len(posed.meaning)
    withheld = task.layout(task.examples(seed=seed)).withheld
    for i, x in enumerate(in_elements(posed, posed.cells.left)):
        for j, y in enumerate(in_elements(posed, posed.cells.right)):
            at = cells.left.index(x), cells.right.index(y)
            assert posed.meaning[posed.cells.answers[posed.cells.values[i, j]]] == cells.answers[cells.values[at]]
            assert posed.withheld[i, j] == withheld[at]


def test_rows_and_columns_stand_in_the_order_of_the_letters():
    posed = quiz(TASKS[0], seed=3)
    assert posed.cells.left == posed.cells.right == tuple("abcdefg")
    assert posed.cells.sign == SIGN != TASKS[0].operation.cells().sign
    assert "".join(quiz(TASKS[1], seed=0).meaning) == "abcde"
    assert len(quiz(TASKS[1], seed=0).cells.right) == 4  # no column for 0


def test_the_seed_draws_the_letters():
    assert quiz(TASKS[0], seed=1).meaning == quiz(TASKS[0], seed=1).meaning
    assert len({tuple(quiz(TASKS[0], seed=seed).meaning.values()) for seed in range(20)}) == 20


def test_the_question_hides_what_the_answer_shows():
    posed = quiz(TASKS[0], seed=0)
    asked, told = question(posed), answer(posed)
    table, words = asked.split("\n\n")
    assert table.count("?") == told.count("[") == posed.withheld.sum() == 20
    assert "the 20 cells marked ?" in words
    for shown, filled in zip(table.split("\n")[2:], told.split("\n")[2:], strict=False):
        pairs = list(zip(shown.split()[2:], filled.split()[2:], strict=True))
        assert len(pairs) == 7
        assert all(a == b if a != "?" else b[0] == "[" for a, b in pairs)
    assert "The rule for row x and column y: addition modulo 7, x + y." in told
    assert all(f"{letter} = {element}" in told for letter, element in posed.meaning.items())


def test_nothing_gives_the_elements_away():
    asked = question(quiz(BinaryTable(Modular("subtraction", 11), fraction=0.7), seed=0)).split("\n\n")[0]
    assert set(asked) <= {*"abcdefghijk", *"∘|-+? \n"}


def test_a_blank_of_the_table_is_asked_but_not_answered():
    posed = quiz(BLANK, seed=0)
    assert question(posed).split("\n\n")[0].count("?") == posed.withheld.sum() == 2
    told = answer(posed)
    table, words = told.split("\n\n")
    assert (table.count("?"), table.count("[")) == (1, 1)
    assert "A ? is blank in the table itself." in words
    assert "?" not in answer(quiz(TASKS[0], seed=0))


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (Modular("cubic_xy", 7), "cubic_xy modulo 7, x^3 + x y"),
        (Group("D4"), "xy in the dihedral group D4, where xy is x first, then y"),
        (Group("S3", form="xyx"), "xyx in the symmetric group S3, where xy is x first, then y"),
        (
            Group("Z2xQ8"),
            "xy in the product Z2xQ8 of a cyclic and a quaternion group, where xy is x first, then y",
        ),
        (Given(), "that of a table of your own"),
    ],
)
def test_the_rule_in_words(operation, words):
    assert rule(operation) == words


def test_refusals():
    assert len(quiz(BinaryTable(Group("Z26")), seed=0).meaning) == 26
    with pytest.raises(InvalidSetting, match=r"at most 26 elements in a quiz, one for each letter, got 27\. Try"):
        quiz(BinaryTable(Modular("addition", 27)), seed=0)
    with pytest.raises(InvalidSetting, match="`outliers` must be 0 in a quiz, whose cells are all right, got 3"):
        quiz(BinaryTable(Modular("addition", 7), outliers=3), seed=0)


def test_the_blanks_follow_from_the_rest():
    """Every relabelling of x + y mod 7 that agrees with what is visible agrees on the blanks."""
    posed = quiz(TASKS[0], seed=0)
    to_letters = np.array([posed.cells.left.index(letter) for letter in posed.cells.answers])
    seen = to_letters[posed.cells.values]
    labels = np.array(list(itertools.permutations(range(7))))
    back = np.argsort(labels, axis=1)
    tables = np.take_along_axis(labels, ((back[:, :, None] + back[:, None, :]) % 7).reshape(-1, 49), axis=1)
    agreeing = tables[(tables == seen.reshape(-1))[:, ~posed.withheld.reshape(-1)].all(axis=1)]
    assert len(agreeing)
    assert (agreeing == seen.reshape(-1)).all()
