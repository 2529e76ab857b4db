"""Tasks whose representation can be tidy or messy."""

import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.tasks import Digits8, VectorAddition


def test_pairs_of_equal_sum_have_one_vector():
    examples = VectorAddition(digits=10, size=45).examples(seed=3)
    assert len(examples.inputs) == 55
    assert (examples.train_size, examples.known_size) == (45, 55)
    sums = examples.inputs.sum(1) % 10
    vectors = [examples.targets[sums == each] for each in range(10)]
    assert all((each == each[0]).all() for each in vectors)
    assert len({each[0].tobytes() for each in vectors}) == 10


def test_plain_sums_are_not_taken_modulo():
    examples = VectorAddition(digits=10, size=45, sums="plain").examples(seed=3)
    assert len(np.unique(examples.targets, axis=0)) == 19


def test_training_pairs_are_nested_over_sizes():
    small, large = (set(VectorAddition(size=size).examples(seed=1).order[:size].tolist()) for size in (25, 45))
    assert small < large


def test_something_must_be_left_to_validate_on():
    with pytest.raises(InvalidSetting, match="`size` must be below the number of pairs, 55, got 55"):
        VectorAddition(size=55).validate()


def test_images_can_be_mixed_with_greys_that_tell_the_digit():
    raw, half, grey = (Digits8(messiness=share).examples(seed=0) for share in (1.0, 0.5, 0.0))
    digits = raw.targets[:, 0]
    expected = np.linspace(-0.5, 0.5, 10)[digits]
    np.testing.assert_allclose(grey.inputs, np.broadcast_to(expected[:, None, None], raw.inputs.shape), atol=1e-6)
    np.testing.assert_allclose(half.inputs, (raw.inputs + grey.inputs) / 2, atol=1e-6)
