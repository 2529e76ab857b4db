"""Too few training examples: fewer than it took networks here to find the rest of such a table."""

import math

from groklab.diagnosis.critical import critical_examples
from groklab.diagnosis.expected import decay_needed
from groklab.diagnosis.facts import Facts
from groklab.diagnosis.finding import Change, Finding

CAUSE = "too little data"
WEIGHTS = ((0.7, 0.9), (1.0, 0.7))  # of the middle of what it takes, and the weight below that
ENOUGH = 0.1
CLEAR = 0.7
LARGEST_FRACTION = 0.9


def too_little_data(facts: Facts) -> Finding | None:
    """Compare the number of training examples with what was measured here."""
    needed = critical_examples(facts)
    if facts.memorized_at is None or needed is None:
        return None
    share = facts.train_size / needed.middle
    weight = next((weight for below, weight in WEIGHTS if share < below), ENOUGH)
    if share > CLEAR and (facts.is_rising or facts.decay < decay_needed(facts).least):  # it was not yet to be seen
        weight *= 0.8
    known = int(facts.examples.known_size)
    fraction = min(1.3 * needed.middle / known, LARGEST_FRACTION)
    is_enough = needed.least < LARGEST_FRACTION * known
    evidence = (
        f"{facts.train_size:,} training examples; networks here needed {needed.middle:,.0f}"
        f" ({needed.least:,.0f} to {needed.most:,.0f}) {needed.of}"
        + ("" if is_enough else f", and the table has no more than {known:,} known cells")
    )
    enlarged = is_enough and fraction * known > 1.05 * facts.train_size
    change = Change({"fraction": math.ceil(100 * fraction) / 100}, facts.steps) if enlarged else None
    return Finding(CAUSE, weight, evidence, change)
