"""A large initial scale that stays (Liu et al. 2023): outputs fit the data with weights that hardly move."""

from groklab.diagnosis.expected import changed
from groklab.diagnosis.facts import Facts
from groklab.diagnosis.finding import Finding

CAUSE = "lazy scale"
LARGE = 2.0
STAYED = 0.6  # of the norm at the start


def lazy_scale(facts: Facts) -> Finding | None:
    """See whether weights began large and stayed so."""
    scale = float(facts.plan.alpha) * float(getattr(facts.plan.model, "initial_scale", 1.0))
    if scale < LARGE:
        return None
    stayed = facts.norm_ratio > STAYED
    evidence = f"weights began {scale:g} times as large as usual, and ended at {facts.norm_ratio:.2g} of that norm"
    cure = {"alpha": 1.0, "weight_decay": 1.0}
    cure |= {"initial_scale": 1.0} if getattr(facts.plan.model, "initial_scale", 1.0) != 1 else {}
    return Finding(CAUSE, 0.95 if stayed else 0.4, evidence, changed(facts, cure))
