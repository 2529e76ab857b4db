"""Two layers, risks, patterns and weights on paper, against what is carried out."""

import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.theory import gromov, patterns, polynomial, risk, sign_descent, two_layers

BLOCKS = risk.LeastSquares(
    np.repeat([1, 0.15], 350), np.repeat([np.sqrt(0.2 / 350), np.sqrt(1 / 350) / 0.15], 350), examples=900
)


@pytest.mark.parametrize(("hidden", "expected"), [(50, (6850, 1.166e5)), (200, (2604, 24015))])
def test_two_layers_with_a_frozen_kernel(hidden, expected):
    assert two_layers.frozen_times(two_layers.TwoLayers(0.9, hidden), 1e-4) == pytest.approx(expected, rel=1e-3)


def test_the_flow_of_two_layers_is_what_descent_carries_out_and_the_frozen_kernel_comes_close():
    random = np.random.default_rng(0)
    inputs, hidden, outputs, examples = 60, 80, 2, 120
    data = random.normal(size=(examples, inputs))
    covariance = data.T @ data / examples

    def drawn():
        first = random.normal(size=(inputs, hidden)) / np.sqrt(2 * inputs * hidden)
        return two_layers.Layers(first, random.normal(size=(hidden, outputs)) / np.sqrt(2 * hidden * outputs))

    student, other = drawn(), drawn()
    teacher = other.first @ other.second
    steps = np.array([0.0, 100.0, 400.0])
    found, seconds = two_layers.flow(covariance, student, teacher, steps)
    first, second, rate = *student, 2 * 0.01 / outputs
    for _ in range(400):
        pull = -rate * covariance @ (first @ second - teacher)
        first, second = first + pull @ second.T, second + first.T @ pull
    wrong = first @ second - teacher
    assert found.validation[-1] == pytest.approx((wrong**2).sum() / outputs, rel=0.01)
    assert found.train[-1] == pytest.approx(((data @ wrong) ** 2).mean(), rel=0.01)
    assert seconds[-1] == pytest.approx((second**2).sum(), rel=1e-3)
    problem = two_layers.TwoLayers(0.5, hidden, outputs, second=float(seconds[0]))
    frozen = two_layers.frozen_losses(problem, steps)
    assert frozen.validation == pytest.approx(found.validation, rel=0.25)  # of one small data set


def turns(values):
    """Return how often a curve turns."""
    signs = np.sign(np.diff(values))
    return int((np.diff(signs[signs != 0]) != 0).sum())


def test_risk_falls_rises_and_falls_again():
    steps = np.unique(np.geomspace(1, 2e4, 300).astype(int))
    values = risk.risk(BLOCKS, steps)
    first, peak = values[steps < 12].min(), values[(steps > 12) & (steps < 100)].max()
    assert (first, peak, values[steps > 100].min(), values[-1]) == pytest.approx((1.11, 1.23, 0.67, 0.78), abs=0.005)
    assert turns(values) == 3
    assert turns(risk.risk(risk.same_time(BLOCKS), steps)) == 1


def test_risk_is_that_of_descent():
    random, steps = np.random.default_rng(0), 40
    problem = risk.LeastSquares(np.repeat([1.0, 0.3], 10), random.normal(size=20), examples=400, noise=4.0)
    found = []
    for _ in range(60):
        features = random.normal(size=(400, 20)) * problem.scales
        labels = features @ problem.weights + 2 * random.normal(size=400)
        weights = np.zeros(20)
        for _ in range(steps):
            weights = weights - 0.1 / 400 * features.T @ (features @ weights - labels)
        found.append((problem.scales**2 * (weights - problem.weights) ** 2).sum())
    assert float(risk.risk(problem, steps)) == pytest.approx(np.mean(found), rel=0.1)


def test_weights_that_add_without_training():
    few, many = (gromov.accuracy(gromov.weights(31, hidden, seed=1)) for hidden in (15, 300))
    assert few < 0.7
    assert many == 1
    network = gromov.weights(31, 300)
    pairs = gromov.logits(network)
    assert pairs.shape == (31, 31, 31)
    one_hot = np.zeros(62)
    one_hot[[4, 31 + 9]] = 1
    assert pairs[4, 9] == pytest.approx(network.second @ (network.first @ one_hot) ** 2 / (2 * 31 * 300))
    assert gromov.participation(network.second.T) == pytest.approx(np.ones(300))
    noise = np.random.default_rng(0).normal(size=(500, 97))
    assert gromov.participation(noise).mean() == pytest.approx(2 / 48, rel=0.1)


def test_patterns_grok_or_descend_twice():
    heuristic, memory, rule = (
        patterns.Pattern(0.5, 1, 5, 0.6),
        patterns.Pattern(1, 1, 10, 0.1),
        patterns.Pattern(1, 0.3, 60, 1),
    )
    early, late = (patterns.validation_accuracy([heuristic, memory, rule], at, chance=0.1) for at in (8.0, 200.0))
    middle = patterns.validation_accuracy([heuristic, memory, rule], 25.0, chance=0.1)
    assert early > middle + 0.05  # the second descent
    assert late == pytest.approx(1)
    assert patterns.train_accuracy([heuristic, memory, rule], 25.0) > 0.99
    with pytest.raises(InvalidSetting, match="`speed` must be above 0, got 0"):
        patterns.train_accuracy([heuristic._replace(speed=0.0)], 1.0)
    with pytest.raises(InvalidSetting, match=r"`share` must be at most 1, got 1\.2"):
        patterns.train_accuracy([heuristic._replace(share=1.2)], 1.0)
    with pytest.raises(InvalidSetting, match="`patterns` must hold at least one pattern, got none"):
        patterns.validation_accuracy([], 1.0)


def test_three_terms_are_the_test_loss():
    random, inputs = np.random.default_rng(1), 20
    rows, teacher = random.normal(size=(50, inputs)) * 0.3 + 0.1, random.normal(size=inputs)
    found = polynomial.terms(rows, teacher, alpha=2.0, curvature=0.4)
    x = random.normal(size=(200_000, inputs)) / np.sqrt(inputs)
    reached = x @ rows.T
    answers = 2.0 * (reached + 0.2 * reached**2).mean(1)
    assert found.loss == pytest.approx(((answers - (x @ teacher) ** 2 / 2) ** 2).mean(), rel=0.03)
    assert polynomial.kernel_eigenvalues(100, 0.25) == pytest.approx((0.01, 1.25e-5))


def test_softened_sign_descent_rests_where_curvature_is_below_2ε_μ():
    limit = 2 * 1e-5 / 1e-2
    assert sign_descent.comes_to_rest(0.98 * limit, 1e-2, 1e-5)
    assert not sign_descent.comes_to_rest(1.02 * limit, 1e-2, 1e-5)
    assert sign_descent.steepest(1e-2, 1e-5) == pytest.approx(limit, rel=0.01)
    with pytest.raises(InvalidSetting, match="`rate` must be above 0"):
        sign_descent.steepest(0, 1e-5)
