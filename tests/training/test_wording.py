"""Plans as the words of commands, and back."""

import shlex

import pytest

import groklab as gl
from groklab.cli.run_command import changed_on_the_way
from groklab.training import Plan, sweep_from
from groklab.training.plan import MEASURES
from groklab.training.presets import PRESETS
from groklab.training.wording import command_of, words_of


def read(command):
    """Return the plan that a command makes."""
    first, second, task, *rest = shlex.split(command)
    assert (first, second) == ("groklab", "run")
    end = rest.index("--then") if "--then" in rest else len(rest)
    (plan,) = sweep_from(task, rest[:end]).plans()
    return changed_on_the_way(plan, [word for word in rest[end:] if word != "--then"])


def plan_of(*words):
    (plan,) = sweep_from(words[0], words[1:]).plans()
    return plan


@pytest.mark.parametrize("word", list(PRESETS))
def test_a_preset_is_its_own_word(word):
    plan = PRESETS[word].replace(measures=MEASURES)
    words = words_of(plan)
    assert plan_of(*words) == plan
    assert len(words) == 1
    changed = plan.replace(steps=77, seeds=gl.Seeds(1, 2, 3))
    assert read(command_of(changed)) == changed


@pytest.mark.parametrize("words", [
    ["division"],
    ["division", "p=31", "fraction=0.4"],
    ["S4", "fraction=0.85", "model=mlp", "hidden=32"],
    ["Z2xS3", "profile=nanda", "seed=4"],
    ["addition", "p=23", "optimizer=sgd", "learning_rate=0.1", "rule=momentum"],
    ["addition", "p=23", "rule=adagrad", "weight_decay=0.123456789"],
    ["addition", "filter=orthogonal", "constraint=sphere"],
    ["sum_of_squares", "p=11", "init=1", "split=2", "order=3"],
    ["digits8", "alpha=1", "objective=cross-entropy"],
    ["repeats", "length=52"],
    ["mainline", "p=31", "model.norm=post", "parameters=float64", "loss=float64"],
])  # fmt: skip
def test_a_command_makes_the_plan_again(words):
    plan = plan_of(*words)
    command = command_of(plan)
    assert read(command) == plan.replace(measures=MEASURES)
    assert read(command).id == plan.id or plan.measures != MEASURES
    assert len(shlex.split(command)) <= len(words) + 4


def test_only_what_differs_is_said():
    plan = plan_of("addition", "p=23", "fraction=0.7", "model=mlp", "seed=3")
    assert command_of(plan) == "groklab run addition model=mlp p=23 fraction=0.7 seed=3"
    assert command_of(Plan()) == "groklab run division"


def test_what_changes_on_the_way_is_said():
    plan = plan_of("addition", "p=23", "model=mlp", "steps=500")
    fork = gl.fork(gl.fork(plan, 100, weight_decay=0.0), "memorized", rule="momentum", learning_rate=0.1)
    command = command_of(fork)
    assert "--then '100 weight_decay=0'" in command
    assert read(command) == fork


def test_what_words_cannot_say_is_not_said():
    plan = plan_of("addition", "p=23", "model=mlp", "steps=500")
    assert command_of(gl.fork(plan, 100)) is None
    assert command_of(gl.fork(plan, 100, reset=True, weight_decay=0.0)) is None
    cells = gl.tasks.Given(("a", "b"), ("a", "b"), ("a", "b"), ((0, 1), (1, 0)), "+", "mine")
    assert command_of(plan.replace(task=gl.tasks.BinaryTable(cells))) is None


def test_what_is_measured_besides_is_left_out():
    plan = plan_of("addition", "p=23", "model=mlp")
    more = plan.replace(measures=(*MEASURES, gl.measures.Distance()))
    assert command_of(more) == command_of(plan)
