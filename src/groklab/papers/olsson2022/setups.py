"""Small attention-only networks on sequences in which a stretch comes again, at places that vary."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray

from groklab.measures import Heads, PartialLosses
from groklab.papers.claims import Scale
from groklab.papers.members import columns_of, each
from groklab.training import Plan, Record, Sweep, sweep_of
from groklab.training.plan import MEASURES
from groklab.training.presets import REPEATS

LAPTOP = REPEATS.replace(
    task=REPEATS.task.replace(vocabulary=33, length=49, stretch=8, validation=256),
    model=REPEATS.model.replace(width=32),
    optimizer=REPEATS.optimizer.replace(learning_rate=3e-3, weight_decay=0.1),
    steps=2_000,
    batch_size=64,
    record=Record(growth=1.03),
    measures=(*MEASURES, Heads()),
)
# Everything is scored here, as in a language model, so that the loss can be followed over the sequence.
PAPER = REPEATS.replace(
    task=REPEATS.task.replace(scored="everything"),
    model=REPEATS.model.replace(width=128),
    optimizer=REPEATS.optimizer.replace(weight_decay=0.1),
    steps=10_000,
    record=Record(growth=1.02),
    measures=(*MEASURES, Heads(), PartialLosses()),
)
STANDARD: Mapping[Scale, Plan] = {"laptop": LAPTOP, "paper": PAPER}
CHANCE: Mapping[Scale, float] = {"laptop": float(np.log(32)), "paper": float(np.log(127))}
SETTING: Mapping[Scale, str] = {
    "laptop": "32 tokens, 8 repeated 3 times in 49, attention only, width 32, 4 heads a block",
    "paper": "127 tokens, 16 repeated 3 times in 85, attention only, width 128, 4 heads a block",
}


def sweep(scale: Scale, axes: Mapping[str, Any], **changes: Any) -> Sweep:
    """Return a sweep of the standard run, some settings of which are changed first."""
    (plan,) = sweep_of(STANDARD[scale], {name: [value] for name, value in changes.items()}).plans()
    return sweep_of(plan, {**axes, "seed": range(200, 203) if scale == "laptop" else range(3)})


def best_heads(data: xarray.Dataset, score: str, layers: Sequence[int]) -> np.ndarray:
    """Return the greatest last score of any head of some layers, for every run."""
    names = [str(name) for name in data.data_vars if str(name).startswith(f"{score}.")]
    chosen = [name for name in names if int(name.split(".")[1]) in layers]
    runs = [columns_of(run) for run in each(data)]
    return np.array([max((float(run[name][-1]) for name in chosen), default=0.0) for run in runs])


def change(run: Mapping[str, np.ndarray], name: str = "validation_loss") -> tuple[float, float]:
    """Return the steps at which a run's curve has made a tenth and nine tenths of its way; ∞ if it made none."""
    steps, values = run["step"], run[name]
    way = (values[0] - values) / (values[0] - values.min() or 1)
    return float(steps[(way >= 0.1).argmax()]), float(steps[(way >= 0.9).argmax()])
