"""Descent from one eigendecomposition is the descent that is carried out."""

import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.theory.spectral import DataSet, Descent


def problem(inputs, number, outputs, noise=0.0):
    random = np.random.default_rng(0)
    examples = random.normal(size=(number, inputs))
    teacher, student = (random.normal(size=(inputs, outputs)) / np.sqrt(2 * inputs * outputs) for _ in range(2))
    return DataSet(examples, examples @ teacher + noise * random.normal(size=(number, outputs)), teacher), student


@pytest.mark.parametrize(
    ("shape", "decay"), [((40, 60, 1), 0.0), ((40, 60, 3), 0.02), ((60, 40, 1, 0.3), 0.0), ((60, 40, 2, 0.3), 0.05)]
)
def test_it_equals_the_loop(shape, decay):
    data, student = problem(*shape)
    outputs = data.labels.shape[1]
    descent = Descent(data, student, learning_rate=0.05, weight_decay=decay)
    weights, seen = student.copy(), []
    for step in range(2001):
        if step in (0, 1, 30, 2000):
            validation = ((weights - data.teacher) ** 2).sum() / outputs
            seen.append((((data.examples @ weights - data.labels) ** 2).mean(), validation))
            np.testing.assert_allclose(descent.weights(step), weights, rtol=1e-9, atol=1e-12)
        pull = 2 * data.examples.T @ (data.examples @ weights - data.labels) / len(data.labels) + decay * weights
        weights = weights - 0.05 / outputs * pull
    assert np.transpose(descent.losses([0, 1, 30, 2000])) == pytest.approx(np.array(seen), rel=1e-9)


def test_a_rate_that_diverges_is_refused():
    data, student = problem(20, 40, 1)
    with pytest.raises(InvalidSetting, match=r"`learning_rate` must be below 0\.\d+ on these data, got 1\."):
        Descent(data, student, learning_rate=1.0)
