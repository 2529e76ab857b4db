"""Claims of a paper, and their verdicts."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from groklab.errors import InvalidSetting
from groklab.estimates import Estimate

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
        """Return the estimate that speaks most against the rule: first one that fails, then an undecided one.

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


def both(rule: Bound) -> dict[Scale, Bound]:
    """Return the same rule for both scales."""
    return dict.fromkeys(SCALES, rule)


class Claim(NamedTuple):
    """One checkable sentence of a paper.

    Written before the first run: what is measured, the rule at each scale (None: cannot be checked there), and the
    source of both. `because` holds, for each scale, the best explanation of a verdict other than `holds`.
    """

    name: str
    says: str
    source: str
    quantity: str
    measure: Callable[[Any], Estimate]
    rules: Mapping[Scale, Bound]
    because: Mapping[Scale, str] = {}


class Verdict(NamedTuple):
    """A claim, judged."""

    paper: str
    figure: str
    claim: str
    says: str
    source: str
    quantity: str
    expected: str
    value: float
    low: float
    high: float
    runs: int
    verdict: str
    because: str
    scale: str
    setting: str
    resolution: float
    seconds: float
    commit: str
    hardware: str


class Judged(NamedTuple):
    """What came of measuring a claim; `why` says in a sentence what kept it from being decided, if anything did."""

    rule: Bound
    found: Estimate
    verdict: str
    why: str = ""


def judge(claim: Claim, scale: Scale, results: Any) -> Judged | None:
    """Measure a claim and compare; None where it has no form at this scale.

    A measurement that the results do not allow gives `undecided`, with nothing known, and so do too few runs.
    """
    if scale not in claim.rules:
        return None
    rule = claim.rules[scale]
    try:
        found = claim.measure(results)
    except InvalidSetting as refusal:
        return Judged(rule, Estimate(math.nan, -math.inf, math.inf, 0), "undecided", str(refusal))
    if found.count < LEAST_RUNS:
        return Judged(rule, found, "undecided", f"At least {LEAST_RUNS} runs must stand behind it, got {found.count}.")
    return Judged(rule, found, rule.verdict(found))
