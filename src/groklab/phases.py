"""The three phases of grokking, told from recorded losses (Nanda et al. 2023, section 5.2)."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

NAMES = ("memorization", "circuit formation", "cleanup")
MEMORIZED, TURNED, SETTLED = 1e-2, 0.95, 1e-2


class Phases(NamedTuple):
    """The steps at which one phase gives way to the next; ∞ where that did not come.

    Until `memorized` the training data is memorized, until `turned` the circuit forms, until `cleaned` what was
    memorized is cleaned up.
    """

    memorized: float
    turned: float
    cleaned: float


def phases(
    steps: Int[np.ndarray, "recordings"],
    train_loss: Float[np.ndarray, "recordings"],
    validation_loss: Float[np.ndarray, "recordings"],
    chance: float,
) -> Phases:
    """Tell the phases of a run; `chance` is the loss in nats where nothing is known, such as ln p.

    `memorized` is the first step with training loss < 1 % of that of chance; `turned` the first from which validation
    loss stays more than 5 % below its peak so far; `cleaned` the first from which it stays < 0.01 nats.
    """
    peak = np.maximum.accumulate(validation_loss)
    return Phases(
        _first(steps, train_loss < MEMORIZED * chance),
        _from_then_on(steps, validation_loss < TURNED * peak),
        _from_then_on(steps, validation_loss < SETTLED),
    )


def _first(steps: np.ndarray, holds: np.ndarray) -> float:
    return float(steps[holds.argmax()]) if holds.any() else np.inf


def _from_then_on(steps: np.ndarray, holds: np.ndarray) -> float:
    broken = np.flatnonzero(~holds)
    at = broken[-1] + 1 if len(broken) else 0
    return float(steps[at]) if at < len(steps) else np.inf
