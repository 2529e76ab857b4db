"""Too few training examples: fewer than it took networks here to find the rest of such a table."""

import math

from groklab.diagnosis.critical import critical_examples
from groklab.diagnosis.expected import changed, decay_needed
from groklab.diagnosis.facts import Facts
from groklab.diagnosis.finding import Finding

CAUSE = "too little data"
CLEAR = 0.7  # of the critical number
LARGEST_FRACTION = 0.9


def too_little_data(facts: Facts) -> Finding | None:
    """Compare the number of training examples with what was measured here."""
    needed = critical_examples(facts)
    if facts.memorized_at is None or needed is None:
        return None
    wanted = needed.middle if needed.is_known else needed.least
    share, known = facts.train_size / wanted, int(facts.examples.known_size)
    if share >= 1:
        return None
    is_clear = share < CLEAR or not (facts.is_rising or facts.decay < decay_needed(facts).least)  # else it may come yet
    weight = (0.9 if share < CLEAR else 0.7) * (1.0 if is_clear else 0.8)
    is_enough = needed.least < LARGEST_FRACTION * known
    evidence = f"{facts.train_size:,} training examples; {needed.in_words()}"
    if not is_enough:
        return Finding(CAUSE, weight, f"{evidence}, and it has no more than {known:,} known cells")
    fraction = min(math.ceil(130 * wanted / known) / 100, LARGEST_FRACTION)
    return Finding(CAUSE, weight, evidence, changed(facts, {"fraction": fraction}, fraction * known))
