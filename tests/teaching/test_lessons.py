"""The lessons as files; `make lessons` runs them."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LESSONS = sorted((ROOT / "lessons").glob("*.py"))


def test_there_are_six_and_all_are_named():
    assert [each.name[0] for each in LESSONS] == list("123456")
    text = (ROOT / "docs/lessons.md").read_text(encoding="utf-8")
    assert all(f"../lessons/{each.name}" in text for each in LESSONS)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.stem)
def test_a_lesson_has_a_plan_questions_and_a_game_on_seeds_from_100_on(lesson):
    text = lesson.read_text(encoding="utf-8")
    assert text.count("teaching.lesson_plan(") == 1
    assert text.count("teaching.question(") >= 5
    assert text.count("teaching.Game(") == 1
    for part in ("first_tenth", "asked", "slider", "field", "results"):
        assert f"game.{part}(" in text
    seeds = re.findall(r"seed=\[(\d+)|seed=range\((\d+)|for seed in range\((\d+)|descent\([^()]*, (\d+)\)", text)
    assert seeds
    assert all(int("".join(each)) >= 100 for each in seeds)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.stem)
def test_the_points_of_the_plan_are_those_of_the_questions(lesson):
    text = lesson.read_text(encoding="utf-8")
    asked = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and is_question(node)]
    points = sum(len(call.args) - 2 for call in asked)
    assert f"on paper, {points} points" in text


def is_question(call):
    return isinstance(call.func, ast.Attribute) and call.func.attr == "question"
