"""Patterns learnt at different speeds: grokking and double descent by one model (Davies, Langosco and Krueger 2023)."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
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


class Fitted(NamedTuple):
    """Patterns in the order of their middles, the preferred one last, and how far they are from what was measured."""

    patterns: tuple[Pattern, ...]
    distance: float  # root of the mean squared difference of accuracies, training and validation alike


def fit(
    times: Float[np.ndarray, "steps"],
    train: Float[np.ndarray, "steps"],
    validation: Float[np.ndarray, "steps"],
    *,
    count: int = 3,
    chance: float = 0.0,
    starts: int = 16,
) -> Fitted:
    """Return the patterns whose accuracies are nearest to those measured, the best of fits from several starts.

    Times may be any clock: with logarithms of steps a sigmoid is as wide early as late.
    """
    from scipy.optimize import least_squares

    domain.at_least("count", count, 1)
    random, span = np.random.default_rng(0), np.ptp(times)

    def apart(raw: Float[np.ndarray, "numbers"]) -> Float[np.ndarray, "both"]:
        each = _patterns(raw, span)
        said = validation_accuracy(each, times, chance=chance)
        return np.concatenate([train_accuracy(each, times) - train, said - validation])

    found = []
    for _ in range(starts):
        middles = np.sort(random.uniform(times.min(), times.max(), count))
        raw = np.stack(
            [random.normal(size=count), random.normal(3, 1, count), middles / span, random.normal(size=count)]
        )
        found.append(least_squares(apart, raw.T.ravel(), max_nfev=400))
    best = min(found, key=lambda each: each.cost)
    return Fitted(_patterns(best.x, span), float(np.sqrt(np.mean(best.fun**2))))


def _patterns(raw: Float[np.ndarray, "numbers"], span: float) -> tuple[Pattern, ...]:
    """Return patterns from numbers without bounds: logits of shares, and speeds and middles in units of the span."""
    from scipy.special import expit

    each = (
        Pattern(float(expit(share)), float(np.exp(speed) / span), float(middle * span), float(expit(worth)))
        for share, speed, middle, worth in raw.reshape(-1, 4)
    )
    return tuple(sorted(each, key=lambda pattern: pattern.middle))


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
