"""A ring of numbers in the rows of the output layer: Power et al. 2022, figure 3 right.

The figure places the rows, one a number modulo p, in the plane by t-SNE, where they lie on a ring. Here are how few
frequencies carry them, and how well the strongest one puts them in order.
"""

import numpy as np
from jaxtyping import Complex, Float

from groklab.errors import InvalidSetting
from groklab.papers.power2022.rows import centered

_RANK = 1e-9  # singular values below this share of the largest are rounding


def fourier_concentration(rows: Float[np.ndarray, "p width"], pairs: int) -> float:
    """Return the share (0 to 1) of the rows' power over tokens that lies in the `pairs` strongest frequencies.

    With F_k = Σ_n rows_n exp(−2πikn/p), the power of the pair k, p − k is |F_k|² + |F_{p−k}|², summed over the width;
    for even p, p/2 is alone. The constant, k = 0, is left out. Rows of noise have nearly the same power in each of the
    (p − 1)/2 pairs. Raises `InvalidSetting` unless `pairs` ≥ 1, and for rows that are all the same.
    """
    if pairs < 1:
        raise InvalidSetting(f"`pairs` must be at least 1, got {pairs}.")
    power = np.sort(_pair_power(rows))[::-1]
    return float(power[:pairs].sum() / power.sum())


def ring_step(rows: Float[np.ndarray, "p width"]) -> int:
    """Return the strongest frequency k, from 1 to p/2: the next token along the ring is 1/k further, modulo p."""
    return int(np.argmax(_pair_power(rows))) + 1


def ring_order(rows: Float[np.ndarray, "p width"]) -> float:
    """Return how well the tokens lie in order on a ring: 1 if at equal angles, near 0 if at random ones.

    The rows less their mean are projected on the plane of the real and imaginary parts of F_k, k = `ring_step(rows)`.
    With the angle φ_n of token n in coordinates along the two, where a stretched ring is a circle, the order is
    |mean_n exp(i(φ_n − 2πkn/p))|, for the better of both orientations.

    The plane is chosen by the same rows, so rows of noise score high too: about 0.3 at p = 97 and width 8, but 0.8 at
    width 128. Compare with shuffled rows, and with `fourier_concentration`.
    """
    turn = 2j * np.pi * ring_step(rows) * np.arange(len(rows)) / len(rows)
    x, y = plane(rows).T
    return max(_alignment(x + 1j * y, turn), _alignment(x - 1j * y, turn))


def plane(rows: Float[np.ndarray, "p width"]) -> Float[np.ndarray, "p 2"]:
    """Return the tokens' coordinates in the plane of the strongest frequency, where a stretched ring is a circle."""
    away = centered(rows)
    coefficient = np.exp(-2j * np.pi * ring_step(rows) * np.arange(len(rows)) / len(rows)) @ away
    axes = np.stack([np.real(coefficient), np.imag(coefficient)], axis=1)
    return np.linalg.lstsq(axes, away.T, rcond=_RANK)[0].T


def _pair_power(rows: Float[np.ndarray, "p width"]) -> Float[np.ndarray, "frequencies"]:
    """Return the power of frequencies 1 to p/2, each with its mirror image p − k."""
    p = len(rows)
    power = (np.abs(np.fft.rfft(centered(rows), axis=0)[1:]) ** 2).sum(axis=1)
    power[np.arange(1, p // 2 + 1) * 2 < p] *= 2
    return power


def _alignment(points: Complex[np.ndarray, "p"], turn: Complex[np.ndarray, "p"]) -> float:
    return float(abs(np.mean(np.exp(1j * np.angle(points) - turn))))
