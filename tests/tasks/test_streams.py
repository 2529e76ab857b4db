"""Tasks whose examples a rule draws, against the rule."""

import jax
import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.tasks import DigitAddition, Repeats, SkipTrigrams
from groklab.types import UNSCORED, Classes, Shape, Tokens

COUNT = 300


def drawn(task):
    tokens, targets = task.draw(COUNT, key=jax.random.key(1))
    shape = task.shape
    assert tokens.shape == (COUNT, shape.tokens.length)
    assert targets.shape == (COUNT, len(shape.tokens.scored))
    assert tokens.min() >= 0
    assert tokens.max() < shape.tokens.vocabulary
    assert targets.max() < shape.classes
    return np.asarray(tokens), np.asarray(targets)


@pytest.mark.parametrize("digits", [1, 5])
def test_digits_add_up(digits):
    tokens, targets = drawn(DigitAddition(digits=digits))
    powers = 10 ** np.arange(digits)[::-1]
    x, y = tokens[:, :digits] @ powers, tokens[:, digits + 1 : 2 * digits + 1] @ powers
    assert np.array_equal(targets @ 10 ** np.arange(digits + 1)[::-1], x + y)
    assert set(tokens[:, digits]) == {10}
    assert set(tokens[:, 2 * digits + 1]) == {11}
    assert np.array_equal(tokens[:, 2 * digits + 2 :], targets[:, :-1])  # the sum so far is read
    assert x.min() < 10 ** (digits - 1) * 2
    assert set(targets[:, 0]) == {0, 1}


def test_the_trigger_decides():
    task = SkipTrigrams()
    tokens, targets = drawn(task)
    assert task.shape == Shape(Tokens(42, 22, (41,)), Classes(10))
    assert set(tokens[:, 0]) == {0}
    assert set(tokens[:, -1]) == {1}
    is_trigger = tokens >= 12
    assert (is_trigger.sum(1) == 1).all()
    assert not is_trigger[:, [0, -1]].any()
    assert np.array_equal(tokens[is_trigger] - 12, targets[:, 0])
    assert len(set(is_trigger.argmax(1))) > 30


def test_the_stretch_comes_again_in_every_interval():
    task = Repeats()
    tokens, targets = drawn(task)
    first = task.shape.tokens.scored[0]
    assert (tokens[:, 0] == 0).all()
    assert tokens[:, 1:].min() >= 1
    for row, answers in zip(tokens, targets, strict=True):
        places = np.flatnonzero(answers != UNSCORED) + first
        assert len(places) == 30
        second, third = places[:15], places[15:]
        assert np.array_equal(np.diff(second), np.ones(14))
        assert 29 <= second[0] <= 41
        assert 57 <= third[0] <= 69
        stretch = [*row[second], answers[second[-1] - first]]
        assert np.array_equal(stretch, [*row[third], answers[third[-1] - first]])
        assert any(np.array_equal(row[start : start + 16], stretch) for start in range(1, 14))
        read_next = answers[answers != UNSCORED][:-1]
        assert np.array_equal(row[places[:-1] + 1], np.where(np.diff(places) == 1, read_next, row[places[:-1] + 1]))
    starts = {int(np.flatnonzero(answers != UNSCORED)[0]) for answers in targets}
    assert len(starts) == 13  # every place that is free


def test_all_tokens_can_be_scored():
    tokens, targets = drawn(Repeats(vocabulary=9, length=13, stretch=3, scored="everything"))
    assert np.array_equal(tokens[:, 1:], targets[:, :-1])


def test_intervals_must_hold_a_copy():
    with pytest.raises(InvalidSetting, match=r"`length` must be 1 more than `copies` intervals .* Try length=49."):
        Repeats(length=40)
    assert Repeats(length=49).interval == 16


@pytest.mark.parametrize("task", [DigitAddition(), SkipTrigrams(), Repeats()], ids=str)
def test_a_size_limits_the_training_examples(task):
    limited = task.replace(size=7, validation=11)
    examples = limited.examples(seed=3)
    assert (examples.train_size, examples.known_size, len(examples.inputs)) == (7, 18, 18)
    again, other = limited.examples(seed=3), limited.examples(seed=4)
    assert np.array_equal(examples.inputs, again.inputs)
    assert not np.array_equal(examples.inputs, other.inputs)
    assert task.is_fresh
    assert not limited.is_fresh
