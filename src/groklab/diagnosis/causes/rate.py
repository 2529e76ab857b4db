"""A learning rate at which updates throw the weights about."""

import numpy as np

from groklab.diagnosis.expected import changed
from groklab.diagnosis.facts import Facts
from groklab.diagnosis.finding import Finding

CAUSE = "rate too high"
USUAL = {True: 1e-3, False: 0.1}  # of adaptive rules (Power et al. 2022), of plain descent
FAR = 30.0  # times the usual rate
LEAPT = 2.0  # times the loss at the start


def rate_too_high(facts: Facts) -> Finding | None:
    """See whether the loss rose above its start, or was no number any more, at a rate above the usual."""
    usual = USUAL[facts.is_adaptive]
    losses = np.asarray(facts.columns["train_loss"], float)
    leapt = float(np.nanmax(losses) / losses[0]) if losses[0] > 0 else 1.0
    lost = facts.diverged_at is not None
    if not lost and facts.learning_rate <= 3 * usual:
        return None
    fits = facts.memorized_at is not None and facts.at_end("train_accuracy") >= facts.levels["memorized_from"]
    rose = f"; its loss rose to {leapt:.3g} times that at first" if leapt > LEAPT else ""
    said = f"; its loss was no finite number from step {facts.diverged_at:,}" if lost else rose
    evidence = f"η = {facts.learning_rate:g}, and {usual:g} is usual with such a rule{said}"
    if lost:
        weight = 0.95 if facts.learning_rate > usual else 0.5
    elif not fits and leapt > LEAPT:
        weight = 0.94
    else:
        weight = 0.4 if facts.learning_rate > FAR * usual else 0.15
    # of plain descent the right rate depends on the task: a tenth is tried
    cure = usual if facts.is_adaptive and facts.learning_rate > usual else facts.learning_rate / 10
    return Finding(CAUSE, weight, evidence, changed(facts, {"learning_rate": cure}))
