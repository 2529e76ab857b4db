"""A last batch of one example: an adaptive rule makes of its gradient an update as large as any other."""

from groklab.diagnosis.expected import changed
from groklab.diagnosis.facts import Facts
from groklab.diagnosis.finding import Finding

CAUSE = "last batch of one example"
FEW = 1  # examples


def single_example_batch(facts: Facts) -> Finding | None:
    """See what the last batch of an epoch is left with."""
    if facts.plan.task.is_fresh or facts.batch >= facts.train_size or facts.batch < 2:
        return None
    rest = facts.train_size % facts.batch
    if rest != FEW or not facts.is_adaptive:
        return None
    batches = facts.train_size // facts.batch + 1
    evidence = (
        f"{facts.train_size:,} examples in batches of {facts.batch:,} leave {rest} for the last: one update in"
        f" {batches} is made of it alone, and is as large as the others"
    )
    cure = next(size for size in range(facts.batch, facts.train_size + 1) if facts.train_size % size != FEW)
    return Finding(CAUSE, 0.88 if facts.weight_decay else 0.5, evidence, changed(facts, {"batch_size": cure}))
