"""The Fourier basis and what is measured with it, against formulas."""

import jax.numpy as jnp
import numpy as np
import pytest

from groklab.measures.circuits import fourier, tables


@pytest.mark.parametrize("p", [2, 3, 7, 8, 113])
def test_the_basis_is_orthonormal(p):
    rows = fourier.basis(p)
    np.testing.assert_allclose(rows @ rows.T, np.eye(p), atol=1e-12)


def test_rows_are_cosines_and_sines_in_turn():
    x = np.arange(7)
    np.testing.assert_allclose(fourier.basis(7)[3], np.sqrt(2 / 7) * np.cos(4 * np.pi * x / 7), atol=1e-12)
    np.testing.assert_allclose(fourier.basis(7)[4], np.sqrt(2 / 7) * np.sin(4 * np.pi * x / 7), atol=1e-12)
    np.testing.assert_allclose(fourier.basis(4)[3], np.array([1, -1, 1, -1]) / 2, atol=1e-12)


@pytest.mark.parametrize("p", [7, 8])
def test_frequencies_have_half_as_many_norms(p):
    x = np.arange(p)
    wave = jnp.asarray(np.cos(2 * np.pi * 3 * x / p + 0.4)[:, None], jnp.float32)
    norms = fourier.frequency_norms(wave)
    assert norms.shape == (p // 2,)
    assert int(norms.argmax()) + 1 == 3
    np.testing.assert_allclose(norms[2], np.sqrt(p / 2), rtol=1e-5)
    np.testing.assert_allclose(np.delete(norms, 2), 0, atol=1e-5)


def test_gini_of_known_values():
    assert float(fourier.gini(jnp.ones(10))) == pytest.approx(0, abs=1e-6)
    assert float(fourier.gini(jnp.zeros(10).at[3].set(2.0))) == pytest.approx(0.9, abs=1e-6)
    assert float(fourier.gini(jnp.array([1.0, 3.0]))) == pytest.approx(0.25, abs=1e-6)


@pytest.mark.parametrize("sign", [1, -1])
def test_restricting_is_a_projection_onto_functions_of_the_result(sign, getkey):
    p, random = 7, np.random.default_rng(0)
    table = jnp.asarray(random.normal(size=(p, p, p)), jnp.float32)
    keys = jnp.asarray([True, False, True])
    once = tables.restricted(table, keys, sign)
    np.testing.assert_allclose(tables.restricted(once, keys, sign), once, atol=1e-5)
    a, b = np.indices((p, p))
    directions = [
        f(2 * np.pi * k * (a + sign * b) / p).reshape(-1) / (p / 2**0.5) for k in (1, 3) for f in (np.cos, np.sin)
    ]
    flat = np.asarray(table).reshape(p * p, p)
    expected = sum(np.outer(direction, direction @ flat) for direction in directions)
    np.testing.assert_allclose(np.asarray(once).reshape(p * p, p), expected, atol=1e-5)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_cosine_fit_is_that_of_least_squares(sign):
    p, random = 7, np.random.default_rng(1)
    table = random.normal(size=(p, p, p))
    a, b, c = np.indices((p, p, p))
    waves = np.stack([np.cos(2 * np.pi * k * (a + sign * b - c) / p).reshape(-1) for k in (1, 2, 3)], axis=1)
    expected, *_ = np.linalg.lstsq(waves, table.reshape(-1), rcond=None)
    found = tables.cosines(jnp.asarray(table, jnp.float32), sign)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    fit = tables.cosine_fit(jnp.asarray(table, jnp.float32), jnp.asarray([True, False, True]), sign)
    np.testing.assert_allclose(np.asarray(fit).reshape(-1), waves[:, [0, 2]] @ expected[[0, 2]], atol=1e-5)


def test_neurons_of_one_frequency_are_explained_by_it():
    p = 11
    a, b = 2 * np.pi * np.indices((p, p)) / p
    neurons = np.stack([1 + np.cos(3 * a) * np.sin(3 * b), np.sin(2 * a) + 0.5, np.cos(a) + np.cos(4 * b)], axis=-1)
    shares = np.asarray(tables.neurons_explained(jnp.asarray(neurons, jnp.float32)))
    np.testing.assert_allclose(shares[2, 0], 1, atol=1e-5)
    np.testing.assert_allclose(shares[1, 1], 1, atol=1e-5)
    np.testing.assert_allclose(shares[[0, 3], 2], 0.5, atol=1e-5)
    np.testing.assert_allclose(shares.sum(0), 1, atol=1e-5)
    alone = tables.of_one_frequency(jnp.asarray(neurons, jnp.float32), jnp.asarray([3, 2, 1]))
    expected = np.stack([np.cos(3 * a) * np.sin(3 * b), np.sin(2 * a), np.cos(a)], axis=-1)
    np.testing.assert_allclose(alone, expected, atol=1e-5)


def test_the_best_of_some_neuron_by_the_definition():
    """One neuron after the other, as in the code beside the paper; one that is always 0 has no frequency."""
    p = 11
    neurons = np.random.default_rng(3).normal(size=(p, p, 6)) * np.array([1, 1, 1, 1, 1, 0])
    rows, best = fourier.basis(p), set()
    for neuron in np.moveaxis(neurons - neurons.mean((0, 1)), 2, 0)[:5]:
        energies = np.square(rows @ neuron @ rows.T)
        parts = [[0, 2 * k - 1, 2 * k] for k in range(1, p // 2 + 1)]
        best.add(1 + int(np.argmax([energies[np.ix_(part, part)].sum() for part in parts])))
    found = tables.best_of_some(jnp.asarray(neurons, jnp.float32))
    assert set(np.flatnonzero(found) + 1) == best
    assert 1 < len(best) < p // 2
    assert not tables.best_of_some(jnp.zeros((p, p, 2))).any()


def test_a_symmetric_table_commutes():
    random = np.random.default_rng(2)
    table = random.normal(size=(5, 5, 3))
    symmetric = jnp.asarray(table + table.transpose(1, 0, 2), jnp.float32)
    antisymmetric = jnp.asarray(table - table.transpose(1, 0, 2), jnp.float32)
    assert float(tables.commutes(symmetric)) == pytest.approx(1)
    assert float(tables.commutes(antisymmetric)) == pytest.approx(0, abs=1e-6)
