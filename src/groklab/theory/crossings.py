"""When two losses that can be asked for at any step first come down to what is wanted of them."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from groklab.theory.domain import Values
from groklab.theory.linear import Losses

_A_DECADE = 16  # places a decade between which a loss is taken to cross a level once
_MOST = 1e15  # units of time by which a loss has come to its end, wherever λ is not within 1e-8 of 1

Curve = Float[np.ndarray, "places"]


class Times(NamedTuple):
    """Steps, 0 where it begins there and ∞ where it never comes; not whole numbers."""

    memorized_at: Values
    generalized_at: Values

    @property
    def delay(self) -> Values:
        """Return generalized_at − memorized_at; ∞ where a network never generalizes."""
        memorized = np.where(np.isfinite(self.memorized_at), self.memorized_at, 0)
        return np.asarray(self.generalized_at - memorized)


def crossings(losses: Callable[[ArrayLike], Losses], wanted: Values, unit: float) -> Times:
    """Return when each loss first is at each level that is wanted; `unit` is the time in which they begin to fall.

    A loss is followed over the logarithm of time, and where it first passes the level the root is bracketed.
    """
    ends = _ends(losses, wanted, unit)
    curves = losses(ends)
    found = [_first(lambda at, part=part: losses(at)[part], ends, curve, wanted) for part, curve in enumerate(curves)]
    return Times(*(each.reshape(wanted.shape) for each in found))


def _ends(losses: Callable[[ArrayLike], Losses], wanted: Values, unit: float) -> Curve:
    """Return times, 0 and then evenly spaced on a log scale, until both losses are below all that is wanted.

    Where one never is, the last is late enough for it to have come to its end.
    """
    last = 1e3 * unit
    while last < _MOST * unit:
        train, validation = losses(last)
        before = losses(last / 10)
        has_stopped = np.allclose([train, validation], [*before], rtol=1e-9, atol=0)
        if max(train, validation) < wanted.min() or has_stopped:
            break
        last *= 10
    decades = int(np.ceil(np.log10(last / unit))) + 3
    return np.concatenate([[0.0], np.geomspace(1e-3 * unit, last, decades * _A_DECADE + 1)])


def _first(loss: Callable[[Curve], Curve], ends: Curve, curve: Curve, wanted: Values) -> Values:
    """Return where a loss first comes to each level."""
    from scipy.optimize.elementwise import find_root

    levels = wanted.reshape(-1)
    is_below = curve[None] <= levels[:, None]
    place = is_below.argmax(1)
    found = np.where(is_below.any(1), 0.0, np.inf)
    inside = np.flatnonzero(is_below.any(1) & (place > 0))
    if inside.size:
        ahead, level = ends[place[inside]], levels[inside]
        behind = np.where(place[inside] > 1, ends[place[inside] - 1], ahead * 1e-9)

        def above(log: Curve, level: Curve) -> Curve:
            return np.log(loss(np.exp(log)) / level)

        root = find_root(above, (np.log(behind), np.log(ahead)), args=(level,), tolerances={"xrtol": 1e-13})
        found[inside] = np.exp(root.x)
    return found
