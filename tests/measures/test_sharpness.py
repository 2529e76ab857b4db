import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from groklab.measures import sharpness


@pytest.mark.parametrize("steepness", [0.5, 4.0])
def test_on_a_quadratic_it_is_the_largest_corner_of_the_box(steepness, getkey):
    weights, key = jax.random.normal(getkey(), (300,)), getkey()
    found = sharpness(lambda w: 0.5 * steepness * jnp.square(w).sum(), weights, epsilon=0.05, dimensions=6, key=key)
    # a convex function is largest at a corner of a box; there are 2⁶
    inverse = np.asarray(jax.random.uniform(key, (6, 300), minval=-1.0, maxval=1.0), np.float64)
    inverse /= np.linalg.norm(inverse, axis=1, keepdims=True)
    x = np.asarray(weights, np.float64)
    box = 0.05 * (np.abs(inverse @ x) + 1)
    corners = np.array(list(itertools.product([-1, 1], repeat=6))) * box
    highest = (0.5 * steepness * np.square(x + corners @ np.linalg.pinv(inverse).T).sum(axis=1)).max()
    here = 0.5 * steepness * np.square(x).sum()
    assert found == pytest.approx(100 * (highest - here) / (1 + here), rel=0.01)


def test_a_flat_loss_has_none(getkey):
    assert sharpness(lambda w: 0.0 * w.sum() + 2.0, jnp.ones(20), key=getkey()) == 0.0


def test_it_grows_with_the_box(getkey):
    key, weights = getkey(), jnp.ones(20)
    small, large = (sharpness(lambda w: jnp.square(w).sum(), weights, epsilon=e, key=key) for e in (1e-3, 1e-2))
    assert 0 < small < large
