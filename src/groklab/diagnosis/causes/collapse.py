"""Softmax collapse (Prieto et al. 2025): losses of training examples round to 0, and nothing is learnt from them."""

from groklab.diagnosis.expected import changed
from groklab.diagnosis.facts import Facts
from groklab.diagnosis.finding import Finding

CAUSE = "softmax collapse"
ALL, MANY = 0.95, 0.3  # of the training examples


def softmax_collapse(facts: Facts) -> Finding | None:
    """Count the training examples whose gradient at the right class is 0 at the end, in the precision of the loss."""
    collapsed = facts.collapsed
    if facts.memorized_at is None or collapsed is None or collapsed < MANY:
        return None
    evidence = (
        f"{collapsed:.0%} of the training examples have a loss of exactly 0, and give their right class no gradient, in"
        f" {facts.plan.precision.loss}"
    )
    # StableMax without decay raises validation accuracy too, but seldom to 99 % in as many steps (docs/why.md)
    cure = {"weight_decay": 1.0} | ({"precision.loss": "float32"} if facts.plan.precision.loss == "float16" else {})
    return Finding(CAUSE, 0.88 if collapsed >= ALL else 0.6, evidence, changed(facts, cure))
