"""Repeated subsequences: induction comes in a phase change, and with limited examples it is grokked."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.papers import crossings, quantities, words
from groklab.papers.claims import Claim, Scale, at_least, between
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each
from groklab.papers.nanda2023 import setups
from groklab.papers.parts import Part, measure
from groklab.plots import curves
from groklab.plots.style import MARK
from groklab.tasks import Repeats
from groklab.training import Plan, Record, Sweep
from groklab.training.presets import REPEATS

# As in the released code, whose runs the claims compare with: each block adds its input once more.
RELEASED = REPEATS.replace(
    task=REPEATS.task.replace(released=True), model=REPEATS.model.replace(doubled=True), record=Record(growth=1.02)
)
ENDLESS = setups.of_sequences(
    {
        "paper": RELEASED.replace(task=RELEASED.task.replace(validation=256)),
        "laptop": RELEASED.replace(record=Record(growth=1.03), steps=1_200),
    }
)
# A laptop takes shorter sequences of fewer tokens. Their number decides: 320 are understood soon, 272 not in time.
LIMITED = setups.of_sequences(
    {
        "paper": RELEASED.replace(task=RELEASED.task.replace(size=512, validation=640), steps=290_000),
        "laptop": REPEATS.replace(
            task=REPEATS.task.replace(vocabulary=65, length=49, stretch=10, size=288, validation=256),
            model=REPEATS.model.replace(width=64),
            optimizer=REPEATS.optimizer.replace(learning_rate=3e-3),
            record=Record(growth=1.06),
            steps=4_000,
            batch_size=32,
        ),
    }
)
WINDOW = 1.06  # the stored run's steepest drop is over 50 steps near step 830
FEW, MANY = Part("limited"), Part("endless")


def chance(plan: Plan) -> float:
    """Return the loss in nats of guessing among all tokens but the first; the released code's is greater."""
    assert isinstance(plan.task, Repeats)
    return float(np.log(plan.task.vocabulary - 1)) * plan.task.shape.loss_scale


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return the task with endless and with limited examples."""
    return {"endless": ENDLESS.sweep(scale), "limited": LIMITED.sweep(scale)}


@measure("greatest fall of validation loss while steps grow by 6 to 9 %")
def steepest(data: xarray.Dataset) -> Estimate:
    """Return the greatest fall of validation loss between recordings at least 6 % apart, the median over runs."""
    falls = []
    for columns in map(columns_of, each(data)):
        steps, loss = columns["step"], columns["validation_loss"]
        later = np.searchsorted(steps, np.maximum(steps, 1) * WINDOW).clip(max=len(steps) - 1)
        falls.append(float((loss - loss[later]).max()))
    return bootstrap(falls)


def draw(results: Results) -> Picture:
    """Draw both losses, on linear axes, with endless and with limited examples."""
    picture, row = plt.subplots(1, 2, figsize=(10.4, 3.6), layout="constrained")
    for axes, (name, data) in zip(row, results.data.items(), strict=True):
        plan, runs = results.first(name), [columns_of(run) for run in each(data)]
        curves.draw_curves(axes, runs, "loss")
        axes.set_xscale("linear")
        axes.set_yscale("linear")
        axes.set_xlim(0, float(data.budget.max()))
        axes.set_ylim(bottom=0)
        axes.axhline(chance(plan), color=MARK, linewidth=0.6, linestyle="--", label="chance")
        axes.set_title(f"{words.examples(plan)}, {words.counted(len(runs), 'seed')}", loc="left", fontsize=9)
        axes.set_xlabel("optimizer step")
    row[0].legend()
    return picture


S = "Nanda and Lieberum 2022, the stored runs"
CLAIMS = (
    Claim(
        "long-plateau",
        "For hundreds of steps the loss hardly leaves that of chance.",
        f"{S}: above 4.5 until step 668; 4.4, and 450 to 1,000, our tolerance",
        crossings.time_below.of(MANY, "validation_loss", 4.4),
        between(450, 1_000),
    ),
    Claim(
        "sudden-fall",
        "Then the loss falls within a few dozen steps.",
        f"{S}: by 1.24 nats in 50 steps; 0.8, our tolerance",
        steepest.of(MANY),
        at_least(0.8),
    ),
    Claim(
        "induction-is-learnt",
        "Before step 1,500 the loss is below 1.",
        f"{S}: 1,141; 700 to 1,500, our tolerance",
        crossings.time_below.of(MANY, "validation_loss", 1.0),
        between(700, 1_500),
    ),
    Claim(
        "limited-groks",
        "With a limited number of examples test loss falls far later than training loss.",
        f"{S}: 2,065 steps against 205,000, a hundredfold; at least 10, on a laptop 3, our tolerance",
        crossings.delay_ratio.of(FEW, 2.0, 1.0),
        {"paper": at_least(10), "laptop": at_least(3)},
        {"laptop": "All three are grokked, one less late than asked: the range of sizes for it is narrow."},
    ),
    Claim(
        "limited-overfits",
        "In between, test loss is far above that of chance.",
        f"{S}: 16 of 4.8; at least 10, on a laptop a tenth above chance, our tolerance",
        quantities.highest.of(FEW),
        {"paper": at_least(10), "laptop": at_least(1.1 * chance(LIMITED.plans["laptop"]))},
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw, setups.require_endless_and_limited)
