"""When a linear student memorizes and generalizes: the steps at which its losses come to those of an accuracy."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from groklab.theory import domain
from groklab.theory.accuracy import loss_at
from groklab.theory.crossings import Times, crossings
from groklab.theory.domain import Values
from groklab.theory.linear import LinearStudent, losses

LEVEL = 0.95  # the accuracy of the paper's times


def times(problem: LinearStudent, tolerance: ArrayLike, level: float = LEVEL) -> Times:
    """Return when both accuracies first come to a level, at each tolerance ε, in steps of gradient flow."""
    problem.checked()
    wanted = loss_at(level, tolerance, problem.outputs)
    return crossings(lambda steps: losses(problem, steps), wanted, 1 / problem.rate)


def delay(ratio: ArrayLike, tolerance: ArrayLike, level: float = LEVEL, **settings: Any) -> Values:
    """Return the delays over ratios λ and tolerances ε, λ first; settings are those of `LinearStudent`."""
    domain.above("ratio", ratio, 0)
    rows = [times(LinearStudent(float(each), **settings), tolerance, level).delay for each in np.ravel(ratio)]
    return np.stack(rows)
