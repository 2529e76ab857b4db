"""When a linear student memorizes and generalizes: the steps at which its losses come to those of an accuracy."""

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from groklab.theory import domain
from groklab.theory.accuracy import loss_at
from groklab.theory.domain import Values
from groklab.theory.linear import LinearStudent, losses

LEVEL = 0.95  # the accuracy of the paper's times
_A_DECADE = 16  # places a decade between which a loss is taken to cross a level once
_MOST = 1e15  # steps by which a loss has come to its end, wherever λ is not within 1e-8 of 1

Curve = Float[np.ndarray, "places"]


class Times(NamedTuple):
    """Steps of gradient flow, 0 where it begins there and ∞ where it never comes; not whole numbers."""

    memorized: Values
    generalized: Values

    @property
    def delay(self) -> Values:
        """Return generalized − memorized; ∞ where a network never generalizes."""
        memorized = np.where(np.isfinite(self.memorized), self.memorized, 0)
        return np.asarray(self.generalized - memorized)


def times(problem: LinearStudent, tolerance: ArrayLike, level: float = LEVEL) -> Times:
    """Return when both accuracies first come to a level, at each tolerance ε.

    A loss is followed over the logarithm of time, and where it first passes L* (`loss_at`) the root is bracketed.
    """
    problem.checked()
    wanted = loss_at(level, tolerance, problem.outputs)
    ends = _ends(problem, wanted)
    curves = losses(problem, ends)
    found = [_first(problem, part, ends, curve, wanted) for part, curve in enumerate(curves)]
    return Times(*(each.reshape(wanted.shape) for each in found))


def delay(ratio: ArrayLike, tolerance: ArrayLike, level: float = LEVEL, **settings: Any) -> Values:
    """Return the delays over ratios λ and tolerances ε, λ first; settings are those of `LinearStudent`."""
    domain.above("ratio", ratio, 0)
    rows = [times(LinearStudent(float(each), **settings), tolerance, level).delay for each in np.ravel(ratio)]
    return np.stack(rows)


def _ends(problem: LinearStudent, wanted: Values) -> Curve:
    """Return times, 0 and then evenly spaced on a log scale, until both losses are below all that is wanted.

    Where one never is, the last is late enough for it to have come to its end.
    """
    unit = 1 / problem.rate
    last = 1e3 * unit
    while last < _MOST * unit:
        train, validation = losses(problem, last)
        before = losses(problem, last / 10)
        has_stopped = np.allclose([train, validation], [*before], rtol=1e-9, atol=0)
        if max(train, validation) < wanted.min() or has_stopped:
            break
        last *= 10
    decades = int(np.ceil(np.log10(last / unit))) + 3
    return np.concatenate([[0.0], np.geomspace(1e-3 * unit, last, decades * _A_DECADE + 1)])


def _first(problem: LinearStudent, part: int, ends: Curve, curve: Curve, wanted: Values) -> Values:
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
            return np.log(losses(problem, np.exp(log))[part] / level)

        root = find_root(above, (np.log(behind), np.log(ahead)), args=(level,), tolerances={"xrtol": 1e-13})
        found[inside] = np.exp(root.x)
    return found
