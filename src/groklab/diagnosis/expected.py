"""When a run should generalize: what was measured here of runs that did (docs/why.md)."""

import math
from typing import Any

from groklab.diagnosis.critical import critical_examples
from groklab.diagnosis.facts import Facts
from groklab.diagnosis.finding import Change, Times
from groklab.models import MLP

# η λ (T − t) from memorizing to generalizing: 13 at the critical number of examples, and less by the power 3.4 of how
# many times that number there are. So it was in 61 runs of perceptrons, nine of ten within a factor of 2. Of other
# networks, and of tasks that are no table, few are known, and the factor is wider.
AT_CRITICAL, POWER, MOST = 13.0, 3.4, 30.0
SPREAD, WIDER = 2.0, 4.0
USUAL = Times(0.8, 2.5, 12.0)


def decay_needed(facts: Facts, train_size: float | None = None) -> Times:
    """Return the exponents by which weights should decay from memorizing to generalizing, also with more examples."""
    needed = critical_examples(facts)
    if needed is None or not needed.is_known:
        return USUAL
    middle = min(AT_CRITICAL * (needed.middle / (train_size or facts.train_size)) ** POWER, MOST)
    factor = SPREAD if isinstance(facts.plan.model, MLP) else WIDER
    return Times(middle / factor, middle, middle * factor)


def generalizes_at(facts: Facts, pace: float, train_size: float | None = None) -> Times:
    """Return the steps at which a run should generalize whose weights decay by η λ = `pace` a step."""
    start = facts.memorized_at or 0
    return Times(*(start + each / pace for each in decay_needed(facts, train_size)))


def changed(facts: Facts, settings: dict[str, Any], train_size: float | None = None) -> Change:
    """Return a change of some settings with as many steps as it takes, and when it should show, where that is known."""
    rate, decay = (settings.get(name, getattr(facts, name)) for name in ("learning_rate", "weight_decay"))
    is_known = facts.is_table and rate * decay > 0
    if not is_known or (facts.is_held and "decay" not in settings):
        return Change(settings, facts.steps)
    times = generalizes_at(facts, rate * decay, train_size)
    return Change(settings, max(facts.steps, math.ceil(times.most)), expected=times)
