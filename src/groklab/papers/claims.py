"""Claims of a paper, and their verdicts."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from groklab.errors import InvalidSetting
from groklab.estimates import CALCULATED, Estimate

Scale = Literal["laptop", "paper"]
SCALES: tuple[Scale, ...] = ("laptop", "paper")
VERDICTS = ("fails", "undecided", "holds")
LEAST_RUNS = 3  # the range of two runs covers their median every other time only


class Bound(NamedTuple):
    """What a number must be for a claim to hold: between `low` and `high`, both included."""

    low: float
    high: float

    def __str__(self) -> str:
        low, high = (f"{end:,.0f}" if abs(end) >= 1000 else f"{end:.3g}" for end in self)
        if self.low == -math.inf:
            return f"≤ {high}"
        return f"≥ {low}" if self.high == math.inf else f"{low} to {high}"

    def verdict(self, found: Estimate) -> str:
        """Return `holds` or `fails` where the whole interval lies on one side, else `undecided`."""
        if math.isnan(found.value):  # nothing is known, even where resamples gave an interval
            return "undecided"
        if self.low <= found.low and found.high <= self.high:
            return "holds"
        return "fails" if found.high < self.low or found.low > self.high else "undecided"

    def worst(self, found: Sequence[Estimate]) -> Estimate:
        """Return the estimate that speaks most against the bound: first one that fails, then an undecided one.

        Of those with the same verdict it is the one whose interval reaches furthest beyond an end or towards it.
        """
        return min(found, key=lambda each: (VERDICTS.index(self.verdict(each)), self._room(each)))

    def _room(self, found: Estimate) -> float:
        rooms = [math.inf]
        rooms += [found.low - self.low] if math.isfinite(self.low) else []
        rooms += [self.high - found.high] if math.isfinite(self.high) else []
        return min(rooms)


def at_most(high: float) -> Bound:
    """A number of at most `high`."""
    return Bound(-math.inf, high)


def at_least(low: float) -> Bound:
    """A number of at least `low`."""
    return Bound(low, math.inf)


def between(low: float, high: float) -> Bound:
    """A number from `low` to `high`."""
    return Bound(low, high)


class Quantity(NamedTuple):
    """What is measured: in words, and from the results of a figure. Of several estimates the worst is judged."""

    words: str
    measure: Callable[[Any], Estimate | list[Estimate]]


class Claim(NamedTuple):
    """One checkable sentence of a paper.

    Written before the first run: what is measured, the bound (one for both scales, or one for each at which it can be
    checked), and the source of both. `because` holds, for each scale, the best explanation of a verdict other than
    `holds`.
    """

    name: str
    says: str
    source: str
    quantity: Quantity
    bound: Bound | Mapping[Scale, Bound]
    because: Mapping[Scale, str] = {}

    def bound_at(self, scale: Scale) -> Bound | None:
        """Return the bound at a scale; None where the claim has no form there."""
        return self.bound if isinstance(self.bound, Bound) else self.bound.get(scale)


class Sentence(NamedTuple):
    """A claim as the ledger keeps it."""

    name: str
    says: str
    source: str
    quantity: str
    expected: str


class Made(NamedTuple):
    """How the runs behind a verdict were made: from what, how densely recorded, and what training took where.

    Recorded steps have at most the ratio `resolution`, and where `every` is not 0 are at most so many steps apart.
    """

    setting: str
    resolution: float
    seconds: float
    commit: str
    hardware: str
    every: int = 0


class Verdict(NamedTuple):
    """A claim of a figure, judged at a scale."""

    paper: str
    figure: str
    scale: str
    claim: Sentence
    found: Estimate
    verdict: str
    because: str
    made: Made


class Judged(NamedTuple):
    """What came of measuring a claim; `why` says in a sentence what kept it from being decided, if anything did."""

    bound: Bound
    found: Estimate
    verdict: str
    why: str = ""


def judge(claim: Claim, scale: Scale, results: Any) -> Judged | None:
    """Measure a claim and compare; None where it has no form at this scale.

    A measurement that the results do not allow gives `undecided`, with nothing known, and so do too few runs.
    """
    bound = claim.bound_at(scale)
    if bound is None:
        return None
    try:
        measured = claim.quantity.measure(results)
    except InvalidSetting as refusal:
        return Judged(bound, Estimate(math.nan, -math.inf, math.inf, 0), "undecided", str(refusal))
    found = bound.worst(measured) if isinstance(measured, list) else measured
    if found.count < LEAST_RUNS and found.count != CALCULATED:
        return Judged(bound, found, "undecided", f"At least {LEAST_RUNS} runs must stand behind it, got {found.count}.")
    return Judged(bound, found, bound.verdict(found))
