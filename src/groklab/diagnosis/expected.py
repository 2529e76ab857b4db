"""When a run should generalize: what was measured here of runs that did (docs/why.md)."""

from groklab.diagnosis.critical import critical_examples
from groklab.diagnosis.facts import Facts
from groklab.diagnosis.finding import Times
from groklab.models import MLP

# η λ (T − t) from memorizing to generalizing: 13 at the critical number of examples, and less by the power 3.4 of how
# many times that number there are. So it was in 61 runs of perceptrons, nine of ten within a factor of 2. Of other
# networks, and of tasks that are no table, few are known, and the factor is wider.
AT_CRITICAL, POWER, MOST = 13.0, 3.4, 30.0
SPREAD, WIDER = 2.0, 4.0
USUAL = Times(0.8, 2.5, 12.0)


def decay_needed(facts: Facts) -> Times:
    """Return the exponents by which weights should decay from memorizing to generalizing."""
    needed = critical_examples(facts)
    if needed is None or not needed.is_known:
        return USUAL
    middle = min(AT_CRITICAL * (needed.middle / facts.train_size) ** POWER, MOST)
    factor = SPREAD if isinstance(facts.plan.model, MLP) else WIDER
    return Times(middle / factor, middle, middle * factor)


def generalizes_at(facts: Facts, *, rate: float | None = None, weight_decay: float | None = None) -> Times:
    """Return the steps at which a run should generalize, with its own rate and weight decay or with others."""
    eta, decay = facts.rate if rate is None else rate, facts.weight_decay if weight_decay is None else weight_decay
    pace = eta * decay
    start = facts.memorized_at or 0
    return Times(*(start + each / pace for each in decay_needed(facts)))
