"""Adding digit by digit: a phase change for each digit of the sum, and grokking where the examples are limited."""

from collections.abc import Hashable, Iterable, Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.measures import PartialLosses
from groklab.papers import crossings, words
from groklab.papers.claims import Claim, Scale, at_least, at_most, between, both
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each
from groklab.papers.nanda2023 import pictures, setups
from groklab.training import Plan, Record, Sweep, sweep_of
from groklab.training.plan import MEASURES
from groklab.training.presets import DIGITS

ENDLESS: Mapping[Scale, Plan] = {
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
SIZES: Mapping[Scale, int] = {"paper": 700, "laptop": 400}
UNDERSTOOD = 0.5  # nats
LIMITED: Mapping[Scale, Plan] = {
    "paper": DIGITS.replace(task=DIGITS.task.replace(size=SIZES["paper"]), steps=20_000, batch_size="full"),
    "laptop": DIGITS.replace(
        task=DIGITS.task.replace(digits=3, size=SIZES["laptop"], validation=256),
        model=DIGITS.model.replace(width=64, hidden=256),
        optimizer=DIGITS.optimizer.replace(learning_rate=3e-3, weight_decay=1.0),
        record=Record(growth=1.05, stop_after=6),
        steps=3_000,
        batch_size="full",
    ),
}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return addition with endless examples and with a fixed number of them."""
    seeds = {"seed": setups.seeds(scale)[:3]}
    return {"endless": sweep_of(ENDLESS[scale], seeds), "limited": sweep_of(LIMITED[scale], seeds)}


def digit_times(data: xarray.Dataset) -> np.ndarray:
    """Return when the loss of each digit first is below 0.1, a row a seed, the final carry first."""
    return np.stack([crossings.flat(crossings.first_below(data, name)) for name in loss_names(data)], axis=1)


def loss_names(recorded: Iterable[Hashable]) -> list[str]:
    """Return the names under which the loss of each digit is recorded, the final carry first."""
    count = sum(str(name).startswith("validation_loss.") for name in recorded)
    return [f"validation_loss.{digit}" for digit in range(count)]


def spread(results: Results) -> Estimate:
    """Return how many times later the last digit is learnt than the first, the median over runs."""
    times = digit_times(results["endless"])
    return crossings.times_later(times.max(1), times.min(1), crossings.flat(results["endless"].budget))


def carry_first(results: Results) -> Estimate:
    """Return how many times later the first digit is learnt than the final carry, the median over runs."""
    times = digit_times(results["endless"])
    return crossings.times_later(times[:, 1:].min(1), times[:, 0], crossings.flat(results["endless"].budget))


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
        "step of the last digit with loss < 0.1 / of the first",
        spread,
        both(at_least(2)),
    ),
    Claim(
        "carry-is-first",
        "The final carry is learnt first.",
        f"{S}; in the stored run at 288, the next at 1,761; at least 2, our tolerance",
        "step of the first digit with loss < 0.1 / of the final carry",
        carry_first,
        both(at_least(2)),
    ),
    Claim(
        "endless-is-learnt",
        "With endless examples addition is learnt within some thousand steps.",
        f"{S}; the stored runs: below 0.1 near step 2,300 and, with width 128, near 1,000; the bounds are ours",
        "median step of validation loss < 0.1",
        lambda results: crossings.time_below(results["endless"], "validation_loss"),
        {"paper": between(1_200, 3_000), "laptop": between(500, 1_300)},
    ),
    Claim(
        "limited-groks",
        "With a limited number of examples it is memorized first and understood later.",
        f"{S}; test loss < 0.5 at 12,342 against training loss < 0.1 at 472: 26; at least 3, our choice",
        "step of validation loss < 0.5 / step of training loss < 0.1",
        lambda results: crossings.delay_ratio(results["limited"], validation_level=UNDERSTOOD),
        both(at_least(3)),
    ),
    Claim(
        "limited-overfits",
        "In between, test loss is far above that of chance.",
        f"{S}: a peak of 8.5; at least 4, our tolerance",
        "greatest validation loss (nats)",
        lambda results: bootstrap(crossings.flat(results["limited"].validation_loss.max("step"))),
        {"paper": at_least(4)},
    ),
    Claim(
        "limited-is-understood",
        "In the end test loss is small.",
        f"{S}: 0.2; at most 0.5, our tolerance",
        "least validation loss (nats)",
        lambda results: bootstrap(crossings.flat(results["limited"].validation_loss.min("step"))),
        {"paper": at_most(0.5)},
    ),
)

FIGURE = Figure(
    "Adding digit by digit",
    "Nanda and Lieberum 2022; Nanda et al. 2023, appendix E.1",
    sweeps,
    CLAIMS,
    draw,
    {
        "paper": "5 digits, 1 block of width 512 without norm; 700 examples where they are limited",
        "laptop": "5 digits, 1 block of width 128; 3 digits and 400 examples, width 64, λ = 1, where they are limited",
    },
    setups.require_endless_and_limited,
)
