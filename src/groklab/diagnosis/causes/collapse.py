"""Softmax collapse (Prieto et al. 2025): losses of training examples round to 0, and nothing is learnt from them."""

import numpy as np

from groklab.diagnosis.facts import Facts
from groklab.diagnosis.finding import Change, Finding

CAUSE = "softmax collapse"
MOST, SOME = 0.5, 0.1  # of the recordings after memorizing


def softmax_collapse(facts: Facts) -> Finding | None:
    """Count the recordings after memorizing at which the mean training loss is 0, in the precision of the loss."""
    if facts.memorized_at is None or type(facts.plan.objective).__name__ != "CrossEntropy":
        return None
    losses = np.asarray(facts.columns["train_loss"], float)[facts.after_memorizing]
    zero = float((losses == 0).mean())
    if zero < SOME:
        return None
    precision = facts.plan.precision.loss
    evidence = f"the training loss is exactly 0 at {zero:.0%} of the recordings after memorizing, in {precision}"
    weight = 0.9 if zero > MOST else 0.6
    return Finding(CAUSE, weight, evidence, Change({"objective": "stablemax"}, facts.steps))
