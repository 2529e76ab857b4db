"""Weights that add modulo p without training (Gromov 2023): f(x) = W² (W¹x)² / (2pN), x a one-hot pair."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from groklab.theory import domain


class Weights(NamedTuple):
    """A network with quadratic activations, and the frequencies of its hidden units."""

    first: Float[np.ndarray, "hidden two_p"]
    second: Float[np.ndarray, "p hidden"]
    frequencies: Int[np.ndarray, "hidden"]


def weights(p: int, hidden: int, *, seed: int = 0) -> Weights:
    """Return cos(2πkn/p + φ₁), cos(2πkm/p + φ₂) and cos(2πkq/p + φ₁ + φ₂), phases uniform, k round 1 … p − 1."""
    domain.at_least("p", p, 2)
    domain.at_least("hidden", hidden, 1)
    frequencies = 1 + np.arange(hidden) % (p - 1)
    left, right = np.random.default_rng(seed).uniform(0, 2 * np.pi, (2, hidden, 1))
    angles = 2 * np.pi * frequencies[:, None] * np.arange(p) / p
    first = np.concatenate([np.cos(angles + left), np.cos(angles + right)], axis=1)
    return Weights(first, np.cos(angles + left + right).T, frequencies)


def logits(network: Weights) -> Float[np.ndarray, "p p p"]:
    """Return the answers to all pairs (n, m), the last axis over results; about ½ Σ cos(2πk(n + m − q)/p) / 2pN."""
    p = network.second.shape[0]
    reached = (network.first[:, :p, None] + network.first[:, None, p:]) ** 2
    return np.einsum("qk,knm->nmq", network.second, reached, optimize=True) / (2 * p * network.second.shape[1])


def accuracy(network: Weights) -> float:
    """Return the share of all p² sums that are right."""
    p = network.second.shape[0]
    truth = np.add.outer(np.arange(p), np.arange(p)) % p
    return float((logits(network).argmax(-1) == truth).mean())


def participation(rows: Float[np.ndarray, "rows p"]) -> Float[np.ndarray, "rows"]:
    """Return the inverse participation ratio Σ|ŵ|⁴ / (Σ|ŵ|²)² of each row's spectrum over non-negative frequencies.

    1 for a single frequency, about 2 over the number of frequencies for noise; the constant part is left out.
    """
    power = np.abs(np.fft.rfft(rows, axis=-1)[..., 1:]) ** 2
    return (power**2).sum(-1) / power.sum(-1) ** 2
