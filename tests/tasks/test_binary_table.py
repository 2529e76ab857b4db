import random

import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.tasks import ABSENT, KINDS, OPERATION_KINDS, UNKNOWN, BinaryTable, Given, Group, Modular, Operation, Task
from groklab.types import Classes, Shape, Tokens

PUZZLE = Given(
    left=("c", "a", "b"),
    right=("a", "b"),
    answers=("d", "a"),
    values=((0, UNKNOWN), (1, 0), (ABSENT, 1)),
    sign="a",
)


def test_division_modulo_3_by_hand():
    examples = BinaryTable(operation=Modular(p=3)).examples(seed=0)
    assert examples.inputs.tolist() == [[x, 3, y, 4] for x in (0, 1, 2) for y in (1, 2)]
    assert examples.targets.ravel().tolist() == [0, 0, 1, 2, 2, 1]
    assert sorted(examples.order.tolist()) == list(range(6))
    assert examples.shape == Shape(Tokens(4, 5, (3,)), Classes(5))
    assert (examples.train_size, examples.known_size) == (3, 6)


@pytest.mark.parametrize(
    ("operation", "size", "vocabulary"),
    [(Modular(), 9312, 99), (Modular("addition"), 9409, 99), (Group(), 14400, 122)],
    ids=["division", "addition", "S5"],
)
def test_sizes(operation, size, vocabulary):
    task = BinaryTable(operation=operation)
    examples = task.examples(seed=0)
    assert examples.inputs.shape == (size, 4)
    assert examples.targets.shape == (size, 1)
    assert examples.known_size == size
    assert examples.shape == Shape(Tokens(4, vocabulary, (3,)), Classes(vocabulary))
    assert len(task.vocabulary()) == vocabulary
    assert task.vocabulary()[-1] == "="
    assert examples.inputs.dtype == examples.targets.dtype == examples.order.dtype == np.int32


def test_blanks_come_last_and_undefined_cells_are_no_examples():
    task = BinaryTable(operation=PUZZLE)
    examples = task.examples(seed=3)
    # The sign is spelt like an element and still has a token of its own.
    assert task.vocabulary() == ("c", "a", "b", "d", "a", "=")
    assert examples.inputs.tolist() == [[0, 4, 1, 5], [0, 4, 2, 5], [1, 4, 1, 5], [1, 4, 2, 5], [2, 4, 2, 5]]
    assert examples.targets.ravel().tolist() == [3, 0, 1, 3, 1]
    assert (examples.train_size, examples.known_size) == (2, 4)
    assert examples.order[-1] == 1
    assert sorted(examples.order.tolist()) == list(range(5))


@pytest.mark.parametrize("profile", ["paper", "official"])
def test_layout_leads_from_cells_to_examples(profile):
    task = BinaryTable(profile=profile, fraction=0.3)
    examples = task.examples(seed=1)
    layout, words = task.layout(examples), task.vocabulary()
    x, y = (0, 2) if profile == "paper" else (1, 3)
    for i, j in [(0, 0), (5, 0), (96, 95)]:
        row = layout.row[i, j]
        assert words[examples.inputs[row, x]] == layout.left[i]
        assert words[examples.inputs[row, y]] == layout.right[j]
        assert words[examples.targets[row, 0]] == layout.answers[task.operation.cells().values[i, j]]
    assert sorted(layout.row.ravel()) == list(range(9312))
    assert np.array_equal(np.sort(layout.row[~layout.withheld]), np.sort(examples.order[: examples.train_size]))


def test_layout_has_no_row_where_nothing_is_defined():
    task = BinaryTable(operation=PUZZLE)
    layout = task.layout(task.examples(seed=0))
    assert layout.row.tolist() == [[0, 1], [2, 3], [-1, 4]]
    assert layout.withheld.sum() == 3
    assert layout.withheld[0, 1]
    assert not layout.withheld[2, 0]


def test_seeds_reproduce_and_differ():
    task = BinaryTable(operation=Modular(p=11))
    first, again, other = (task.examples(seed=seed) for seed in (0, 0, 1))
    assert np.array_equal(first.order, again.order)
    assert not np.array_equal(first.order, other.order)
    assert np.array_equal(first.inputs, other.inputs)


def test_training_sets_of_growing_fractions_are_nested():
    task = BinaryTable()
    orders = [task.replace(fraction=fraction).examples(seed=2).order for fraction in (0.1, 0.5, 0.9)]
    assert all(np.array_equal(orders[0], order) for order in orders)


@pytest.mark.parametrize("count", [1, 40, 4656])
def test_outliers_are_wrong_for_sure_and_for_training(count):
    clean = BinaryTable().examples(seed=5)
    dirty = BinaryTable(outliers=count).examples(seed=5)
    differs = (clean.targets != dirty.targets).ravel()[clean.order]
    assert np.array_equal(clean.order, dirty.order)
    assert differs[:count].all()
    assert not differs[count:].any()


def test_outliers_take_every_other_answer():
    examples = BinaryTable(operation=Modular(p=5), fraction=0.95, outliers=19)
    drawn = np.concatenate([examples.examples(seed=seed).targets[4] for seed in range(60)])
    assert set(drawn.tolist()) == {0, 1, 2, 3, 4}


ONE_ANSWER = Given(answers=("0",), values=((0, 0), (0, 0)))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"fraction": 0.001}, ("`fraction`", "0.001", "20 known", "larger fraction")),
        ({"fraction": 0.999}, ("`fraction`", "0.999", "20 known", "smaller fraction")),
        ({"fraction": 50}, ("`fraction`", "below 1", "Did you mean 0.5?")),
        ({"fraction": 0}, ("`fraction`", "above 0")),
        ({"outliers": 11}, ("`outliers`", "10 training", "got 11")),
        ({"outliers": -1}, ("`outliers`", "at least 0")),
        ({"operation": ONE_ANSWER, "outliers": 1}, ("`outliers`", "one answer")),
        ({"operation": "division"}, ("`operation`", "Operation", "'division'")),
        ({"profile": "papre"}, ("`profile`", "paper")),
    ],
)
def test_refusals(settings, words):
    with pytest.raises(InvalidSetting) as error:
        BinaryTable(**{"operation": Modular(p=5)} | settings).examples(seed=0)
    assert "\n" not in str(error.value)
    assert all(word in str(error.value) for word in words)


def test_a_negative_seed_is_refused():
    with pytest.raises(InvalidSetting, match="`seed` must be at least 0, got -1"):
        BinaryTable().examples(seed=-1)


def test_every_kind_works_as_it_comes():
    for kind in OPERATION_KINDS:
        assert issubclass(kind, Operation)
        assert kind() == kind()
        cells = kind().cells()
        assert cells.values.shape == (len(cells.left), len(cells.right))
        assert BinaryTable(operation=kind()).examples(seed=0).known_size == cells.values.size
    for kind in KINDS:
        assert issubclass(kind, Task)


def test_the_split_of_nanda_is_python_s_own_shuffle():
    task = BinaryTable(Modular("addition", 113), fraction=0.3, profile="nanda")
    examples = task.examples(seed=0)
    assert (examples.train_size, examples.known_size) == (3830, 12769)  # the sizes of the sheet
    assert examples.shape == Shape(Tokens(3, 114, (2,)), Classes(114))
    assert np.array_equal(np.unique(examples.inputs[:, 2]), [113])
    assert np.array_equal(examples.inputs[:, 0] * 113 + examples.inputs[:, 1], np.arange(12769))
    pairs = [(i, j) for i in range(113) for j in range(113)]
    random.seed(0)
    random.shuffle(pairs)
    assert [tuple(row[:2]) for row in examples.inputs[examples.order]] == pairs


def test_a_random_table_has_no_rule_and_stays_the_same():
    cells = Modular("random", 7).cells()
    assert np.array_equal(cells.values, Modular("random", 7).cells().values)
    assert set(np.unique(cells.values)) <= set(range(7))
    assert not np.array_equal(cells.values, cells.values.T)
