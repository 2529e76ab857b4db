"""Weight decay: too weak to move the weights within the run, too strong to let them fit, or scaled by the rule."""

from groklab.diagnosis.expected import changed, decay_needed
from groklab.diagnosis.facts import Facts
from groklab.diagnosis.finding import Finding

USUAL = 1.0  # the weight decay of Power et al. 2022, table 2: decoupled, at rates of 0.001 to 0.01
WEAK, STRONG = 0.1, 5.0
FAR = 10.0  # times as much decay as there was
PACE = 1e-3  # η λ, that of Power et al. 2022
SHRUNK = 0.6  # of the norm at the start


def decay_too_weak(facts: Facts) -> Finding | None:
    """Compare how far decay could have moved the weights since memorizing with what runs here needed."""
    if facts.memorized_at is None or facts.is_coupled or facts.is_held:
        return None
    if not facts.is_table:
        return _elsewhere(facts)
    needed = decay_needed(facts)
    if facts.decay >= needed.middle:
        return None
    evidence = (
        f"λ = {facts.weight_decay:g}: from memorizing at step {facts.memorized_at:,} to the end decay by itself makes"
        f" weights smaller by e^{facts.decay:.2g} (the exponent is η λ times the steps), and runs like it took"
        f" e^{needed.middle:.2g} (e^{needed.least:.2g} to e^{needed.most:.2g})"
    )
    is_far = needed.middle > FAR * facts.decay
    weight = 0.8 if not facts.weight_decay else 0.75 if facts.weight_decay < WEAK else 0.6 if is_far else 0.2
    return Finding("decay too weak", weight, evidence, changed(facts, {"weight_decay": USUAL}))


def _elsewhere(facts: Facts) -> Finding | None:
    """Return what can be said of a task that is no table: that there is none, and what is usual."""
    if facts.weight_decay:
        return None
    evidence = "λ = 0; what such a task takes was not measured here, and some need none"
    return Finding("decay too weak", 0.5, evidence, changed(facts, {"weight_decay": PACE / facts.learning_rate}))


def decay_too_strong(facts: Facts) -> Finding | None:
    """See whether weights shrank so far that the training data cannot be fitted."""
    if facts.weight_decay <= STRONG or facts.is_coupled:
        return None
    fits = facts.at_end("train_accuracy") >= facts.levels["memorized_from"]
    shrunk = facts.norm_ratio < SHRUNK
    evidence = (
        f"λ = {facts.weight_decay:g}; the norm of the weights ended at {facts.norm_ratio:.2g} of its start, and"
        f" training accuracy at {facts.at_end('train_accuracy'):.0%}"
    )
    weight = 0.9 if shrunk and not fits else 0.5 if shrunk else 0.2
    return Finding("decay too strong", weight, evidence, changed(facts, {"weight_decay": USUAL}))


def coupled_decay(facts: Facts) -> Finding | None:
    """See whether weight decay goes through an adaptive rule, which divides it by the size of the gradient."""
    if not facts.is_coupled:
        return None
    disturbed = facts.norm_ratio < SHRUNK or facts.at_end("train_accuracy") < facts.levels["memorized_from"]
    evidence = (
        f"λ = {facts.weight_decay:g} is added to gradients, which the rule then scales to one size: where gradients"
        f" are small it is all that moves the weights; their norm ended at {facts.norm_ratio:.2g} of its start"
    )
    change = changed(facts, {"decay": "origin", "weight_decay": USUAL})
    return Finding("coupled decay", 0.93 if disturbed else 0.5, evidence, change)
