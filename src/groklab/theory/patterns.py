"""Patterns learnt at different speeds: grokking and double descent by one model (Davies, Langosco and Krueger 2023)."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from groklab.errors import InvalidSetting
from groklab.theory import domain
from groklab.theory.domain import Values


class Pattern(NamedTuple):
    """One way to be right: how much of the training data it explains, when it comes and how fast, what it is worth."""

    share: float  # γ, of training data that it comes to explain
    speed: float  # α, of its sigmoid
    middle: float  # b, the time at which half of it is learnt
    generalization: float  # g, the share of other data that it tells right


def learnt(pattern: Pattern, times: ArrayLike) -> Values:
    """Return p(t) = γ / (1 + exp(−α(t − b)))."""
    from scipy.special import expit

    return np.asarray(pattern.share * expit(pattern.speed * (np.asarray(times, float) - pattern.middle)))


def train_accuracy(patterns: Sequence[Pattern], times: ArrayLike) -> Values:
    """Return 1 − Π(1 − pᵢ(t)): a training example is right if any pattern tells it."""
    _require(patterns)
    return np.asarray(1 - np.prod([1 - learnt(each, times) for each in patterns], axis=0))


def validation_accuracy(
    patterns: Sequence[Pattern], times: ArrayLike, *, chance: float = 0.0, preferred: int = -1
) -> Values:
    """Return Σ P_A(t) G(A) over all sets A of patterns that apply to an example.

    G is the mean of what they are worth, that of the preferred one alone where it is among them, and chance for none,
    of which the paper does not speak.
    """
    _require(patterns)
    domain.at_least("chance", chance, 0)
    shares = [learnt(each, times) for each in patterns]
    total = np.zeros(np.shape(times))
    for code in range(2 ** len(patterns)):
        active = [place for place in range(len(patterns)) if code >> place & 1]
        odds = np.prod([p if place in active else 1 - p for place, p in enumerate(shares)], axis=0)
        total = total + odds * _worth(patterns, active, preferred % len(patterns), chance)
    return np.asarray(total)


def _worth(patterns: Sequence[Pattern], active: list[int], preferred: int, chance: float) -> float:
    if preferred in active:
        return patterns[preferred].generalization
    return float(np.mean([patterns[place].generalization for place in active])) if active else chance


def _require(patterns: Sequence[Pattern]) -> None:
    if not patterns:
        raise InvalidSetting("`patterns` must hold at least one pattern, got none.")
    for each in patterns:
        domain.at_least("share", each.share, 0)
        domain.at_most("share", each.share, 1)
        domain.above("speed", each.speed, 0)
