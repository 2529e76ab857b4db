import numpy as np

from groklab.papers.power2022.rows import centered, embed


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def test_centered_rows_have_no_mean():
    rows = noise(7, 3).astype(np.float32)
    assert np.allclose(centered(rows).mean(axis=0), 0, atol=1e-12)
    assert np.allclose(np.diff(centered(rows), axis=0), np.diff(rows, axis=0))


def test_an_embedding_keeps_clusters_apart_and_is_the_same_again():
    labels = np.arange(40) // 10
    rows = 10 * noise(4, 8)[labels] + noise(40, 8, seed=1)
    points = embed(rows, seed=1)
    assert points.shape == (40, 2)
    assert np.array_equal(points, embed(rows, seed=1))
    distances = np.linalg.norm(points[:, None] - points, axis=-1) + np.where(np.eye(40), np.inf, 0)
    assert np.array_equal(labels[distances.argmin(axis=1)], labels)
    assert embed(rows, perplexity=5.0).shape == (40, 2)
