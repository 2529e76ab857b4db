"""Least squares with more features than examples, and fewer."""

import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.theory.least_squares import decompose, legendre, relu_features


@pytest.mark.parametrize("shape", [(30, 12), (12, 30)])
def test_it_is_the_pseudo_inverse_and_with_a_ridge_the_normal_equations(shape):
    random = np.random.default_rng(0)
    features, labels = random.normal(size=shape), random.normal(size=(shape[0], 2))
    parts = decompose(features)
    np.testing.assert_allclose(parts.solve(labels), np.linalg.pinv(features) @ labels, atol=1e-10)
    gram = features.T @ features / shape[0] + 0.1 * np.eye(shape[1])
    np.testing.assert_allclose(
        parts.solve(labels, 0.1), np.linalg.solve(gram, features.T @ labels / shape[0]), atol=1e-10
    )
    with pytest.raises(InvalidSetting, match="`ridge` must be at least 0, got -1"):
        parts.solve(labels, -1.0)


def test_directions_without_extent_are_left_out():
    features = np.outer(np.arange(1.0, 5), [1.0, 2.0])
    assert decompose(features).solve(features[:, :1])[:, 0] == pytest.approx([0.2, 0.4])


def test_polynomials_are_orthonormal_and_features_are_positive():
    places, weights = np.polynomial.legendre.leggauss(40)
    values = legendre(places, 9)
    np.testing.assert_allclose(values.T * weights @ values / 2, np.eye(10), atol=1e-12)
    drawn = relu_features(3, 50, np.random.default_rng(0)).of(np.ones((2, 3)))
    assert drawn.shape == (2, 50)
    assert drawn.min() == 0 < drawn.max()
