"""Small attention-only networks on sequences in which a stretch comes again, at places that vary."""

from collections.abc import Mapping, Sequence

import numpy as np
import xarray

from groklab.errors import InvalidSetting
from groklab.estimates import Estimate, bootstrap
from groklab.measures import Heads, InContext, PartialLosses
from groklab.papers import members
from groklab.papers.members import columns_of, each
from groklab.papers.parts import measure
from groklab.papers.setup import Setup
from groklab.store import Columns
from groklab.tasks import Repeats
from groklab.training import Plan, Record
from groklab.training.plan import MEASURES
from groklab.training.presets import REPEATS

# Everything is scored, as in a language model: so the loss early in a sequence can be compared with that late in it.
LAPTOP = REPEATS.replace(
    task=REPEATS.task.replace(vocabulary=65, length=49, stretch=10, validation=256, scored="everything"),
    model=REPEATS.model.replace(width=64),
    optimizer=REPEATS.optimizer.replace(learning_rate=3e-3, weight_decay=0.1),
    steps=1_300,
    batch_size=32,
    record=Record(growth=1.05, snapshots=2.0),
    measures=(*MEASURES, Heads(), InContext(), PartialLosses()),
)
PAPER = LAPTOP.replace(
    task=REPEATS.task.replace(scored="everything"),
    model=REPEATS.model.replace(width=128),
    optimizer=REPEATS.optimizer.replace(weight_decay=0.1),
    steps=10_000,
    batch_size=128,
    record=Record(growth=1.02, snapshots=2.0),
)
STANDARD = Setup({"paper": PAPER, "laptop": LAPTOP}, first_seed=200, seeds={"paper": 3, "laptop": 3})
SCORE = "validation_in_context"
LEARNT = -1.0  # nats of the score: from there on a network learns in context


def require_all_scored(plans: Mapping[str, Plan]) -> None:
    """Raise `InvalidSetting` unless all tokens are scored, as early and late ones are compared."""
    for plan in plans.values():
        if not isinstance(plan.task, Repeats) or plan.task.scored != "everything":
            raise InvalidSetting("`scored` must be everything: what is told early in a sequence is compared with late.")


def heads_of(run: Columns, score: str, layers: Sequence[int]) -> Columns:
    """Return the score of each head of some layers, by name, of a network that may have fewer."""
    names = [f"{score}.{layer}." for layer in layers]
    return {
        name: values for name, values in run.items() if name.startswith(tuple(names)) and not np.isnan(values).all()
    }


def best_head(run: Columns, score: str, layers: Sequence[int]) -> np.ndarray:
    """Return the greatest score of any head of some layers at every recorded step."""
    return np.max(list(heads_of(run, score, layers).values()), axis=0)


def last(data: xarray.Dataset, name: str = SCORE) -> np.ndarray:
    """Return the last value of a recorded number, for every run."""
    return members.last(data, name)


@measure("last in-context-learning score (nats)")
def last_score(data: xarray.Dataset) -> Estimate:
    """Return the last in-context-learning score, the median over runs."""
    return bootstrap(last(data))


@measure("last {score} of the best head")
def last_of_best(data: xarray.Dataset, score: str, layers: Sequence[int]) -> Estimate:
    """Return the greatest last score of any head of some layers, the median over runs."""
    return bootstrap([best_head(columns_of(run), score, layers)[-1] for run in each(data)])


def change(steps: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    """Return the steps at which a curve has made a quarter and three quarters of its way down; ∞ if it made none."""
    way = (values[0] - values) / (values[0] - values.min() or 1)
    begin, end = (np.flatnonzero(way >= share)[:1] for share in (0.25, 0.75))
    return (float(steps[begin[0]]), float(steps[end[0]])) if len(end) else (np.inf, np.inf)
