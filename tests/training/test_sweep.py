import numpy as np
import pytest
from kinds import small_plan

from groklab.errors import InvalidSetting
from groklab.optimizers import Adam, Momentum, adam, sgd
from groklab.tasks import BinaryTable, Modular
from groklab.training import forks_of, sweep_from, sweep_of
from groklab.training.sweep import axis_from


def swept(*overrides, task=None):
    return sweep_from(task, overrides).plans()


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize(
    ("overrides", "seen", "expected"),
    [
        (["learning_rate=1e-4", "optimizer=adamw,sgd"], lambda plan: plan.optimizer.learning_rate, [1e-4, 1e-4]),
        (["width=64", "model=transformer,mlp"], lambda plan: plan.model.width, [64, 64]),
        (["width=64,32", "model=mlp"], lambda plan: plan.model.width, [64, 32]),
        (["rule=momentum", "optimizer=adamw"], lambda plan: type(plan.optimizer.rule), [Momentum]),
        (["optimizer.rule=momentum,adam", "optimizer=sgd"], lambda plan: type(plan.optimizer.rule), [Momentum, Adam]),
        (["rule=adam", "optimizer=sgd,adamw", "b1=0.5"], lambda plan: plan.optimizer.rule.b1, [0.5, 0.5]),
        (["p=59", "operation=addition,division"], lambda plan: plan.task.operation.p, [59, 59]),
        (["split=5", "seed=0,1"], lambda plan: (plan.seeds.init, plan.seeds.split), [(0, 5), (1, 5)]),
    ],
)
def test_a_kind_leaves_the_settings_given_with_it_whatever_the_order(overrides, seen, expected, turn):
    assert [seen(plan) for plan in swept(*overrides[::turn])] == expected


def test_a_setting_need_not_exist_before_the_kind_that_has_it():
    plans = swept("p=59", "operation=addition,division", task="S5")
    assert [plan.task.operation.p for plan in plans] == [59, 59]


@pytest.mark.parametrize(
    ("axes", "seen", "expected"),
    [
        (
            {"learning_rate": [1e-4], "optimizer": [adam(), sgd()]},
            lambda plan: plan.optimizer.learning_rate,
            [1e-4, 1e-4],
        ),
        ({"rule": ["momentum"], "optimizer": ["adam"]}, lambda plan: type(plan.optimizer.rule), [Momentum]),
        ({"fraction": [0.3], "task": [BinaryTable(Modular("addition", 7))]}, lambda plan: plan.task.fraction, [0.3]),
        (
            {"arm": {"slow": {"momentum": 0.9, "rule": "momentum", "learning_rate": 0.5, "optimizer": "sgd"}}},
            lambda plan: (plan.optimizer.rule.momentum, plan.optimizer.learning_rate, plan.optimizer.warmup),
            [(0.9, 0.5, "none")],
        ),
        (
            {"learning_rate:optimizer": [(0.5, "sgd"), (0.1, "adam")]},
            lambda plan: plan.optimizer.learning_rate,
            [0.5, 0.1],
        ),
    ],
)
def test_parts_along_an_axis_leave_the_settings_of_other_axes(axes, seen, expected):
    assert [seen(plan) for plan in sweep_of(small_plan(), axes).plans()] == expected


def test_what_is_given_once_is_no_axis_and_is_in_the_plan():
    grid = sweep_from("addition", ["learning_rate=1e-4", "fraction=0.3,0.4", "optimizer=sgd"])
    assert [axis.name for axis in grid.axes] == ["fraction"]
    assert (grid.first.optimizer.learning_rate, grid.first.optimizer.warmup) == (1e-4, "none")


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("alpha=0.1..10/3log", ["0.1", "1", "10"]),
        ("alpha=0.1..10/5log", ["0.1", "0.3162", "1", "3.162", "10"]),
        ("fraction=0.2..0.8/4", ["0.2", "0.4", "0.6", "0.8"]),
        ("width=50..400/4log", ["50", "100", "200", "400"]),
        ("width=1..4/4", ["1", "2", "3", "4"]),
        ("learning_rate=1e-4..1e-2/3log", ["0.0001", "0.001", "0.01"]),
        ("width=8..10", ["8", "9", "10"]),
        ("weight_decay=0..1/3,5", ["0", "0.5", "1", "5"]),
    ],
)
def test_values_between_two_ends(text, labels):
    assert axis_from(text)[1] == labels


@pytest.mark.parametrize("text", ["alpha=1..1/3", "alpha=2..1/3", "alpha=0..1/3log", "alpha=1..2/1"])
def test_values_between_ends_that_cannot_be_are_one_sentence(text):
    with pytest.raises(InvalidSetting, match="`alpha` must range upwards, from above 0 on a log scale"):
        axis_from(text)


@pytest.mark.parametrize(
    ("axes", "words"),
    [
        ({"seed": [0, 1, 0]}, "`seed` must not have the same point twice, got 0 and 0. Leave one of them out."),
        ({"fraction": ["0.5", "0.50"]}, "`fraction` must not have the same point twice, got 0.5 and 0.50."),
        ({"fraction": [0.5, np.float32(0.5)]}, "`fraction` must not have the same point twice, got 0.5 and 0.5."),
        ({"p:fraction": [("7", "0.5"), ("7", "5e-1")]}, "`p:fraction` must not have the same point twice, got 7:0.5"),
        (
            {"optimizer": [adam(), sgd(), adam()]},
            "`optimizer` must not have the same point twice, got Optimizer and Optimizer.",
        ),
        ({"arm": {"a": {"p": 7}, "b": {"p": 7}}}, "`arm` must not have the same point twice, got a and b."),
    ],
)
def test_a_point_given_twice_would_count_a_run_twice(axes, words):
    with pytest.raises(InvalidSetting) as caught:
        sweep_of(small_plan(), axes)
    assert str(caught.value).startswith(words)
    assert "\n" not in str(caught.value)


def test_ranges_that_overlap_are_refused():
    with pytest.raises(InvalidSetting, match="got 2 and 2"):
        swept("seed=0..2,2..4")


def test_forks_along_an_axis_go_on_from_the_runs_of_the_others():
    parents = sweep_of(small_plan(steps=20), {"seed": range(2)})
    changes = {"none": {}, "decayed": {"weight_decay": 3.0}, "anew": {"reset": True}}
    forked = forks_of(parents, 10, "change", changes)
    assert forked.shape == (2, 3)
    plans = forked.plans()
    assert [plan.before[0].plan for plan in plans[::3]] == parents.plans()
    assert [plan.seeds.init for plan in plans] == [0, 0, 0, 1, 1, 1]
    assert [float(plan.optimizer.weight_decay) for plan in plans[:3]] == [1.0, 3.0, 1.0]
    assert [plan.before[0].reset for plan in plans[:3]] == [False, False, True]
    assert forked.first == plans[0]
    with pytest.raises(InvalidSetting, match="at most 20"):
        forks_of(parents, 21, "change", changes).plans()
