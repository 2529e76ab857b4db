"""What the figures on double descent measure."""

import numpy as np
import pytest
import xarray

from groklab.papers.double_descent import epochs, noisy_digits, random_features
from groklab.papers.double_descent.falls import second_fall
from groklab.papers.figure import Results
from groklab.store import Store
from groklab.theory.risk import risk


@pytest.mark.parametrize(
    ("curve", "fall"), [([5, 3, 2, 4, 1.0], 0.75), ([5, 3, 2, 1.0], 0), ([5, 2, 3, 4.0], 0), ([5, 2, 2.01, 1.9], 0)]
)
def test_a_curve_falls_a_second_time_only_after_it_has_risen(curve, fall):
    assert second_fall(np.array(curve, float), 1.1) == pytest.approx(fall)


def test_few_features_with_more_noise_have_the_risk_of_many():
    many, few = (risk(problem, epochs.STEPS) for problem in (epochs.PAPER, epochs.MANY_EXAMPLES))
    np.testing.assert_allclose(few, many, rtol=1e-9)


def test_descent_of_each_feature_at_its_own_rate():
    problem = epochs.blocks(4, 50)._replace(learning_rate=np.array([0.1, 0.1, 0.5, 0.9]))
    found = epochs.carried_out(problem, 3)
    random = np.random.default_rng(3)
    features = random.standard_normal((50, 4)) * problem.scales
    labels = features @ problem.weights + np.sqrt(problem.noise) * random.standard_normal(50)
    weights, seen = np.zeros(4), {}
    for step in range(1, 11):
        weights = weights - problem.learning_rate * (features.T @ (features @ weights - labels)) / 50
        seen[step] = (problem.scales**2 * (weights - problem.weights) ** 2).sum()
    np.testing.assert_allclose(found[epochs.FEW == 10], seen[10], rtol=1e-9)


def widths(train, validation):
    """Return five seeds whose last errors are known."""
    both = {"train": train, "validation": validation}
    table = {f"{part}_accuracy": 1 - np.tile(np.array(each)[:, None, None], (1, 5, 2)) for part, each in both.items()}
    names = np.arange(len(train) * 5).reshape(-1, 5).astype(str)
    return xarray.Dataset(
        {name: (("hidden", "seed", "step"), values) for name, values in table.items()}
        | {"run": (("hidden", "seed"), names)},
        {"hidden": [2, 8, 16, 32, 64], "seed": range(5), "step": [0, 1]},
    )


def test_the_peak_is_found_beyond_the_narrowest_networks():
    data = widths([0.9, 0.2, 0.1, 0.0, 0.0], [0.9, 0.15, 0.2, 0.3, 0.2])
    assert noisy_digits.place(data).value == 1
    assert noisy_digits.ascent(data).value == pytest.approx(2)
    assert noisy_digits.second_descent(data).value == pytest.approx(1.5)
    late = widths([0.9, 0.2, 0.0, 0.0, 0.0], [0.9, 0.15, 0.2, 0.3, 0.2])
    assert noisy_digits.place(late).value == 2


def test_a_tuned_ridge_is_judged_near_the_peak_only():
    features, shape = list(random_features.FEATURES), (len(random_features.FEATURES), 4, 4, 3)
    error = np.ones(shape)
    error[features.index(random_features.EXAMPLES)] = 3.0
    axes = ("features", "noise", "ridge", "seed")
    fits = xarray.Dataset(
        {"error": (axes, error)},
        {"features": features, "noise": list(random_features.NOISES), "ridge": list(map(str, random_features.RIDGES))},
    )
    results = Results("laptop", {"fits": fits}, Store("nowhere"), {})
    assert random_features.tuned_peak(results).value == 3
    assert random_features.peak(results).value == 1
