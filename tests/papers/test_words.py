"""What runs learn from, in words."""

import pytest

from groklab.errors import InvalidSetting
from groklab.papers import words
from groklab.tasks import BinaryTable, Group, Modular
from groklab.training import Plan
from groklab.training.presets import DIGITS, REPEATS, TEACHER_STUDENT


@pytest.mark.parametrize(
    ("operation", "fraction", "said", "answers"),
    [
        (Modular("addition", 113), 0.4, "x + y mod 113, 40 % of the table", 113),
        (Modular("subtraction", 59), 0.95, "x − y mod 59, 95 % of the table", 59),
        (Modular("quadratic_form", 31), 0.5, "x^2+xy+y^2 mod 31, 50 % of the table", 31),
        (Modular("mixed", 31), 0.5, "mixed mod 31, 50 % of the table", 31),
        (Group("S5"), 0.5, "S5, 50 % of the table", 120),
    ],
)
def test_a_table_in_words(operation, fraction, said, answers):
    plan = Plan(task=BinaryTable(operation, fraction=fraction))
    assert words.table(plan) == said
    assert words.answers(plan) == answers


def test_a_modulus_is_refused_where_there_is_none():
    assert words.modulus(Plan(task=BinaryTable(Modular("addition", 59)))) == 59
    for task in (BinaryTable(Group("S5")), DIGITS.task):
        with pytest.raises(InvalidSetting, match="must be arithmetic modulo p"):
            words.modulus(Plan(task=task))


def test_what_runs_differ_in_is_said_between_its_ends():
    plan = Plan(task=BinaryTable(Modular("addition", 59), fraction=0.4))
    other = plan.replace(task=plan.task.replace(fraction=0.55), optimizer=plan.optimizer.replace(weight_decay=0.1))
    said = words.described(plan, other)
    assert said == "x + y mod 59, 40 to 55 % of the table, 2 blocks of width 128, rate 0.001, λ = 0.1 to 1"
    few = [plan.replace(task=BinaryTable(Modular(name, 59))) for name in ("addition", "division", "cubic_xy", "mixed")]
    assert words.described(*few[:2]).startswith("x + y mod 59 or x / y mod 59, 50 % of the table, ")
    assert words.described(*few).startswith("x + y mod 59 and 3 others, ")
    assert words.described(TEACHER_STUDENT) == (
        "teacher-student, 100 examples, MLP, 2 hidden layers of 100, α = 2, rate 0.0003, λ = 0.05"
    )
    early = TEACHER_STUDENT.replace(record=TEACHER_STUDENT.record.replace(generalized_from=0.5))
    assert words.described(early).endswith("λ = 0.05, generalized from 50 %")
    assert "2 blocks of attention of width 48" in words.described(REPEATS)


def test_examples_in_words():
    assert words.examples(DIGITS) == "endless examples"
    assert words.examples(DIGITS.replace(task=DIGITS.task.replace(size=400))) == "400 examples"
