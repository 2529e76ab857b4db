"""The paper's standard run, and its stand-in for a laptop."""

from collections.abc import Mapping

from groklab.errors import InvalidSetting
from groklab.models import Transformer
from groklab.optimizers import adamw
from groklab.papers.setup import Setup
from groklab.tasks import BinaryTable, Group, Modular
from groklab.training import Plan, Record

S5 = Group("S5")
# The paper's settings throughout: two blocks of width 128, AdamW with rate 1e-3 and decay 1 (appendix A.1.2).
PAPER = Plan(task=BinaryTable(Modular("division", 97)), steps=100_000, record=Record(stop_after=20))
# A tenth of the table, one block of half the width, three times the rate: 1,500 steps a second on two cores. A run
# ends where it generalizes. Batches of 320 leave no tiny last batch at the fractions used; one of a single example
# would disturb the weights as much as a full one.
LAPTOP = Plan(
    task=BinaryTable(Modular("division", 31), fraction=0.65),
    model=Transformer(depth=1, width=64),
    optimizer=adamw(learning_rate=3e-3),
    steps=8_000,
    batch_size=320,
    record=Record(growth=1.07, stop_after=1),
)
STANDARD = Setup({"paper": PAPER, "laptop": LAPTOP}, first_seed=100, seeds={"paper": 3, "laptop": 3})


def require_adam(plans: Mapping[str, Plan]) -> None:
    """Raise `InvalidSetting` unless runs are trained by Adam with decoupled decay: what the curves are called."""
    for plan in plans.values():
        rule = type(plan.optimizer.rule).__name__
        if rule != "Adam" or plan.optimizer.decay != "origin":
            raise InvalidSetting(
                f"`rule` and `decay` must be adam and origin here, got {rule} and {plan.optimizer.decay}."
            )
