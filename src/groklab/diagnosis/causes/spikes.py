"""Slingshots (Thilak et al. 2022) that do not end: the training loss leaps again and again."""

from groklab.diagnosis.expected import changed
from groklab.diagnosis.facts import Facts
from groklab.diagnosis.finding import Finding

CAUSE = "slingshot loop"
FEWEST, MANY = 2, 4
HELD = 0.1  # weight decay of this size ends them (docs/mechanisms.md)


def slingshot_loop(facts: Facts) -> Finding | None:
    """Count how often the training loss leaps after memorizing."""
    if facts.memorized_at is None or len(facts.spikes) < FEWEST:
        return None
    first, *_, last = facts.spikes
    evidence = f"the training loss leapt {len(facts.spikes)} times after memorizing, from step {first:,} to {last:,}"
    is_held = facts.weight_decay >= HELD
    weight = 0.3 if is_held else 0.82 if len(facts.spikes) >= MANY else 0.7
    return Finding(CAUSE, weight, evidence, changed(facts, {"weight_decay": 1.0}))
