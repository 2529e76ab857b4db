"""Adding digit by digit: a phase change for each digit of the sum, and grokking where the examples are limited."""

from collections.abc import Hashable, Iterable, Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate
from groklab.measures import PartialLosses
from groklab.papers import crossings, quantities, words
from groklab.papers.claims import Claim, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each, flat
from groklab.papers.nanda2023 import pictures, setups
from groklab.papers.parts import Part, measure
from groklab.training import Record, Sweep
from groklab.training.plan import MEASURES
from groklab.training.presets import DIGITS

ENDLESS = setups.of_sequences(
    {
        "paper": DIGITS.replace(record=Record(growth=1.02), measures=(*MEASURES, PartialLosses())),
        "laptop": DIGITS.replace(
            task=DIGITS.task.replace(validation=256),
            model=DIGITS.model.replace(width=128, hidden=512),
            optimizer=DIGITS.optimizer.replace(learning_rate=1e-3),
            record=Record(growth=1.03),
            measures=(*MEASURES, PartialLosses()),
            steps=1_500,
        ),
    }
)
LIMITED = setups.of_sequences(
    {
        "paper": DIGITS.replace(task=DIGITS.task.replace(size=700), steps=20_000, batch_size="full"),
        "laptop": DIGITS.replace(
            task=DIGITS.task.replace(digits=3, size=400, validation=256),
            model=DIGITS.model.replace(width=64, hidden=256),
            optimizer=DIGITS.optimizer.replace(learning_rate=3e-3, weight_decay=1.0),
            record=Record(growth=1.05, stop_after=6),
            steps=3_000,
            batch_size="full",
        ),
    }
)
FEW, MANY = Part("limited"), Part("endless")


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return addition with endless examples and with a fixed number of them."""
    return {"endless": ENDLESS.sweep(scale), "limited": LIMITED.sweep(scale)}


def digit_times(data: xarray.Dataset) -> np.ndarray:
    """Return when the loss of each digit first is below 0.1, a row a seed, the final carry first."""
    return np.stack([flat(crossings.first_below(data, name)) for name in loss_names(data)], axis=1)


def loss_names(recorded: Iterable[Hashable]) -> list[str]:
    """Return the names under which the loss of each digit is recorded, the final carry first."""
    count = sum(str(name).startswith("validation_loss.") for name in recorded)
    return [f"validation_loss.{digit}" for digit in range(count)]


@measure("step of the last digit with loss < 0.1 / of the first")
def spread(data: xarray.Dataset) -> Estimate:
    """Return how many times later the last digit is learnt than the first, the median over runs."""
    times = digit_times(data)
    return crossings.times_later(times.max(1), times.min(1), flat(data.budget))


@measure("step of the first digit with loss < 0.1 / of the final carry")
def carry_first(data: xarray.Dataset) -> Estimate:
    """Return how many times later the first digit is learnt than the final carry, the median over runs."""
    times = digit_times(data)
    return crossings.times_later(times[:, 1:].min(1), times[:, 0], flat(data.budget))


def draw(results: Results) -> Picture:
    """Draw the loss of each digit of the first run, the whole loss, and both losses with limited examples."""
    picture, (left, right) = plt.subplots(1, 2, figsize=(9.4, 3.8), layout="constrained")
    run = columns_of(each(results["endless"])[0])
    names = loss_names(run)
    palette = plt.colormaps["viridis"].resampled(len(names) + 1)
    for number, name in enumerate(names):
        label = "final carry" if number == 0 else f"digit {number}" if number < len(names) - 1 else "units"
        left.plot(run["step"], run[name], color=palette(number), linewidth=1.1, label=label)
    left.plot(run["step"], run["validation_loss"], color="black", label="all")
    left.set_xlabel("optimizer step")
    left.set_ylabel("loss (nats)")
    left.set_title(f"{words.examples(results.first('endless'))}, one seed", loc="left", fontsize=9)
    left.legend(fontsize=7)
    pictures.loss_panel(right, results["limited"], words.examples(results.first("limited")))
    right.legend(*right.get_legend_handles_labels())
    return picture


S = "Nanda and Lieberum 2022"
CLAIMS = (
    Claim(
        "digits-change-apart",
        "Each digit has a phase change of its own.",
        f"{S}; the stored run: from 288 to 2,180; at least 2, our choice",
        spread.of(MANY),
        at_least(2),
    ),
    Claim(
        "carry-is-first",
        "The final carry is learnt first.",
        f"{S}; in the stored run at 288, the next at 1,761; at least 2, our tolerance",
        carry_first.of(MANY),
        at_least(2),
    ),
    Claim(
        "endless-is-learnt",
        "With endless examples addition is learnt within some thousand steps.",
        f"{S}; the stored runs: below 0.1 near step 2,300 and, with width 128, near 1,000; the bounds are ours",
        crossings.time_below.of(MANY, "validation_loss"),
        {"paper": between(1_200, 3_000), "laptop": between(500, 1_300)},
    ),
    Claim(
        "limited-groks",
        "With a limited number of examples it is memorized first and understood later.",
        f"{S}; test loss < 0.5 at 12,342 against training loss < 0.1 at 472: 26; at least 3, our choice",
        crossings.delay_ratio.of(FEW, 0.5),
        at_least(3),
    ),
    Claim(
        "limited-overfits",
        "In between, test loss is far above that of chance.",
        f"{S}: a peak of 8.5; at least 4, our tolerance",
        quantities.highest.of(FEW),
        {"paper": at_least(4)},
    ),
    Claim(
        "limited-is-understood",
        "In the end test loss is small.",
        f"{S}: 0.2; at most 0.5, our tolerance",
        quantities.lowest.of(FEW),
        {"paper": at_most(0.5)},
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw, setups.require_endless_and_limited)
