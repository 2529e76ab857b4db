import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.papers.power2022.ring import fourier_concentration, ring_order, ring_step


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def waves(p, frequencies, width=16):
    """Return rows that are sums of pure waves over the tokens, each with directions and a phase of its own."""
    angles = 2 * np.pi * np.outer(np.arange(p), frequencies) / p
    return np.cos(angles) @ noise(len(frequencies), width) + np.sin(angles) @ noise(len(frequencies), width, seed=1)


@pytest.mark.parametrize("p", [97, 96])
def test_pure_waves_are_as_many_pairs_as_there_are_waves(p):
    rows = waves(p, [5, 12, 41]) + 7
    assert fourier_concentration(rows, 3) == pytest.approx(1)
    assert fourier_concentration(rows, 2) < 0.999
    assert fourier_concentration(waves(p, [9]), 1) == pytest.approx(1)


def test_the_power_of_a_pair_by_hand():
    # Over 4 tokens, cos(2πn/4) has |F_1|² + |F_3|² = 4 + 4 and (−1)ⁿ/2 alone |F_2|² = 4.
    rows = np.array([1.0, 0, -1, 0]) + np.array([1.0, -1, 1, -1]) / 2
    assert fourier_concentration(rows[:, None], 1) == pytest.approx(8 / 12)
    assert ring_step(rows[:, None]) == 1


def test_noise_has_no_frequency_of_its_own():
    assert fourier_concentration(noise(97, 128), 5) < 0.2
    assert fourier_concentration(noise(97, 128), 48) == pytest.approx(1)


@pytest.mark.parametrize("frequency", [1, 12, 48])
def test_a_pure_wave_is_a_ring(frequency):
    for rows in (waves(97, [frequency]), waves(97, [frequency])[:, ::-1] + 3):
        assert ring_step(rows) == frequency
        assert ring_order(rows) == pytest.approx(1)


def test_a_noisy_ring_is_nearly_one_and_noise_is_none():
    assert ring_order(waves(97, [12]) + 0.3 * noise(97, 16, seed=2)) > 0.95
    assert ring_order(noise(97, 2)) < 0.4


def test_a_line_is_no_ring():
    # The mean of |cos φ| over the circle.
    assert ring_order(np.cos(2 * np.pi * np.arange(97) * 5 / 97)[:, None]) == pytest.approx(2 / np.pi, abs=1e-3)


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        (lambda: fourier_concentration(noise(7, 3), 0), ("`pairs`", "0")),
        (lambda: ring_step(np.full((97, 3), 0.1)), ("`rows`", "97", "same")),
        (lambda: ring_order(np.full((97, 3), np.inf)), ("`rows`", "finite", "97 of 97")),
    ],
)
def test_refusals(measure, words):
    with pytest.raises(InvalidSetting) as error:
        measure()
    assert "\n" not in str(error.value)
    assert all(word in str(error.value) for word in words)
