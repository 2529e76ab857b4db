"""A run that ended before it could generalize."""

import math

import numpy as np

from groklab.diagnosis.critical import critical_examples
from groklab.diagnosis.expected import decay_needed, generalizes_at
from groklab.diagnosis.facts import Facts
from groklab.diagnosis.finding import Change, Finding, Times

CAUSE = "budget too short"
FALLING = 0.1  # by which the logarithm of the training loss falls over the last quarter
FAR = 10  # times the steps
FEW = 1_000  # steps
NEAR = 0.5  # of the validation accuracy that counts as generalizing


def budget_too_short(facts: Facts) -> Finding | None:
    """See whether the run was still on its way: not yet memorizing, or with little decay since, or getting better."""
    if facts.memorized_at is None:
        return _unfitted(facts)
    if not facts.is_table or facts.is_held:
        return _elsewhere(facts)
    if not facts.weight_decay or facts.is_coupled:
        return None
    times = generalizes_at(facts, facts.learning_rate * facts.weight_decay)
    rising = facts.is_rising
    if facts.step >= times.most:
        return _beyond(facts, times) if rising else None
    near = facts.at_end("validation_accuracy") > NEAR
    share = facts.decay / decay_needed(facts).middle
    weight = 0.85 if rising and (share < 1 or near) else 0.72 if share < 1 else 0.6 if rising else 0.15
    needed = critical_examples(facts)
    if needed is not None and facts.train_size < needed.least:  # no budget makes up for data
        weight *= 0.5
    if times.middle > FAR * facts.steps:  # less would have to be changed of the decay
        weight *= 0.5
    evidence = (
        f"it ended at step {facts.step:,}; by its rate and decay it should generalize near step {times.middle:,.0f}"
        f" ({times.least:,.0f} to {times.most:,.0f})"
        + ("; validation accuracy or loss was getting better at its end" if rising else "")
    )
    steps = max(math.ceil(times.most), 2 * facts.step)
    return Finding(CAUSE, weight, evidence, Change({"steps": steps}, steps, goes_on=True, expected=times))


def _beyond(facts: Facts, times: Times) -> Finding:
    """Return what is left to say of a run that should have generalized before, but was still getting better."""
    evidence = (
        f"validation accuracy or loss was getting better at its end, though by its rate and decay it should have"
        f" generalized by step {times.most:,.0f}"
    )
    return Finding(CAUSE, 0.3, evidence, Change({"steps": 2 * facts.step}, 2 * facts.step, goes_on=True))


def _elsewhere(facts: Facts) -> Finding | None:
    """Return what can be said where nobody measured how long it takes: whether it was getting better."""
    if not facts.is_rising:
        return None
    evidence = f"validation accuracy or loss was getting better when it ended at step {facts.step:,}"
    return Finding(CAUSE, 0.7, evidence, Change({"steps": 4 * facts.step}, 4 * facts.step, goes_on=True))


def _unfitted(facts: Facts) -> Finding | None:
    losses = np.log(np.maximum(facts.tail("train_loss"), 1e-12))
    half = len(losses) // 2
    fell = float(losses[:half].mean() - losses[half:].mean())
    if facts.diverged_at is not None or not (fell > FALLING or (fell > 0 and facts.step < FEW)):
        return None
    evidence = f"its training loss was still falling at step {facts.step:,}, and it had not memorized"
    weight = 0.6 if fell > FALLING else 0.4
    return Finding(CAUSE, weight, evidence, Change({"steps": 10 * facts.steps}, 10 * facts.steps, goes_on=True))
