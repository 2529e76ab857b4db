"""A bet on the step at which something happens, as an interval, and what it is worth: the lower, the better.

The interval score of Winkler (1972) for an interval that is to hold a share `LEVEL` of all outcomes, which Gneiting and
Raftery (2007, section 6.2) show to be proper: its mean is lowest for the quantiles of what one believes. It is taken of
log₂ of the step, so that all is counted in doublings. An outcome that does not come within the budget counts as the
budget. Quantiles of min(step, budget) need no more than is known of censored runs, and so the score stays proper.
"""

import math
import re
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float
from numpy.typing import ArrayLike

from groklab.errors import InvalidSetting

LEVEL = 0.8  # share of outcomes that an interval is to hold, as many below it as above
PENALTY = 2 / (1 - LEVEL)  # for each doubling by which it is missed
NEVER = "never"
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
SEPARATORS = re.compile(r"[,:;]")


class Bet(NamedTuple):
    """An interval of steps, both ends in it; ∞ is never, and from ∞ to ∞ is a bet on never alone."""

    low: float
    high: float


def interval_score(bet: Bet, steps: ArrayLike, budget: float) -> Float[np.ndarray, "..."]:
    """Return what a bet costs for each outcome: its width, and `PENALTY` times what it is missed by, in doublings."""
    low, high = _doublings([*_checked(bet)], budget)
    at = _doublings(steps, budget)
    return np.asarray(high - low + PENALTY * (np.maximum(low - at, 0) + np.maximum(at - high, 0)))


def covers(bet: Bet, steps: ArrayLike, budget: float) -> Bool[np.ndarray, "..."]:
    """Return which outcomes a bet holds; never is the budget, for the bet as for outcomes."""
    low, high = (min(end, budget) for end in _checked(bet))
    at = np.minimum(np.asarray(steps, float), budget)
    return np.asarray((low <= at) & (at <= high))


def best_bet(steps: ArrayLike, budget: float) -> Bet:
    """Return the bet whose mean score on some outcomes is lowest: their outer quantiles, which are outcomes again."""
    at = np.minimum(np.asarray(steps, float), budget)
    if not at.size:
        raise InvalidSetting("`steps` must hold an outcome, got none. Train a run first.")
    ends = np.quantile(at, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], method="inverted_cdf")
    return Bet(*(math.inf if end >= budget else float(end) for end in ends))


def stakes(budget: int, per_doubling: int = 8) -> list[int]:
    """Return steps to choose from, from a tenth of the budget on, evenly spread on a log scale.

    The budget is the last of them, and stands for never.
    """
    count = math.floor(per_doubling * math.log2(10))
    spread = [_rounded(budget * 2 ** (-each / per_doubling)) for each in range(1, count)]
    return sorted({max(1, budget // 10), *spread, budget})


def bets_in(text: str, budget: float) -> tuple[dict[str, Bet], list[str]]:
    """Read bets, one a line: a name, and both ends, the last of which may be `never`; return them and what is wrong.

    `Ada 800 3000` and `Emmy 2000 never` are two. Empty lines are left out. Of two bets under a name the later holds. A
    line that is no bet becomes a sentence, and takes no other bet away.
    """
    bets: dict[str, Bet] = {}
    troubles: list[str] = []
    for line in filter(str.strip, text.splitlines()):
        try:
            bets |= dict([_bet_in(line, budget)])
        except InvalidSetting as error:
            troubles.append(str(error))
    return bets, troubles


def _bet_in(line: str, budget: float) -> tuple[str, Bet]:
    words = SEPARATORS.sub(" ", THOUSANDS.sub("", line)).split()
    try:
        low, high = (math.inf if word.lower() == NEVER else float(word) for word in words[-2:])
    except ValueError:
        low = high = math.nan
    if len(words) < 3 or not 0 <= low <= high:
        raise InvalidSetting(
            f"A bet must be a name, a first and a last step, got {line.strip()!r}. Try: Ada 800 3000, or Ada 800 never."
        )
    if high < budget / 10:
        raise InvalidSetting(
            f"A bet must end after step {budget / 10:,.0f}, which has been seen, got {line.strip()!r}."
            " Choose a later step; thousands are written 3000 or 3,000."
        )
    if budget <= low < math.inf:
        raise InvalidSetting(
            f"A bet must begin before step {budget:,.0f}, where the run ends, got {line.strip()!r}. If you mean that"
            " it does not come, write never never."
        )
    return " ".join(words[:-2]), Bet(low, high)


def _checked(bet: Bet) -> Bet:
    if not 0 <= bet.low <= bet.high:
        raise InvalidSetting(f"`bet` must be from a step to the same or a later one, got {bet.low:g} to {bet.high:g}.")
    return bet


def _doublings(steps: ArrayLike, budget: float) -> Float[np.ndarray, "..."]:
    """Return log₂ of steps, of the budget where they lie beyond; step 0 counts as 1."""
    if not budget > 1:
        raise InvalidSetting(f"`budget` must be more than one step, got {budget:g}.")
    return np.asarray(np.log2(np.clip(np.asarray(steps, float), 1, budget)))


def _rounded(step: float) -> int:
    """Return a step with two leading digits, as people name numbers."""
    digits = 10 ** max(0, math.floor(math.log10(step)) - 1)
    return round(step / digits) * digits
