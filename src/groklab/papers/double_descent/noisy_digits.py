"""Digits of which a fifth is called wrong: error peaks at the width that just memorizes; over time it only rises."""

from collections.abc import Callable, Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap, of_rows
from groklab.objectives import CrossEntropy
from groklab.papers.claims import Claim, Scale, at_least, at_most, between
from groklab.papers.double_descent.falls import second_fall
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each, last
from groklab.papers.parts import Part, measure
from groklab.papers.setup import Setup
from groklab.plots.style import MARK, TRAIN, VALIDATION, plain
from groklab.tasks import Digits8
from groklab.training import Sweep
from groklab.training.presets import DIGITS8

P = "Nakkiran et al. 2019"
WIDTHS = (2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 128, 256)
FEW = (8, 16, 32, 64, 256)
FITTED = 0.01  # training error of a network that just memorizes
STANDARD = DIGITS8.replace(
    task=DIGITS8.task.replace(size=1000, flipped=0.2),
    model=DIGITS8.model.replace(depth=1),
    optimizer=DIGITS8.optimizer.replace(weight_decay=0.0),
    objective=CrossEntropy(),
    alpha=1.0,
    steps=4_000,
    record=DIGITS8.record.replace(growth=1.1),
)
SETUP = Setup({"paper": STANDARD, "laptop": STANDARD}, first_seed=100, seeds={"paper": 5, "laptop": 5})


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return networks of many widths, of noisy labels and of clean ones, and a deeper one that learns slowly."""
    return {
        "widths": SETUP.sweep(scale, {"hidden": WIDTHS}),
        "clean": SETUP.sweep(scale, {"hidden": FEW}, flipped=0.0),
        "slow": SETUP.sweep(scale, depth=2, hidden=256, learning_rate=1e-4, steps=3_000),
    }


def errors(data: xarray.Dataset, part: str) -> np.ndarray:
    """Return the last share of wrong answers, a row a seed and a column a width."""
    found = last(data.transpose("hidden", "seed", ...), f"{part}_accuracy")
    return 1 - found.reshape(data.sizes["hidden"], -1).T


def over_widths(data: xarray.Dataset, statistic: Callable[[np.ndarray, np.ndarray], float]) -> Estimate:
    """Estimate a statistic of the median errors over widths, resampling seeds."""
    both = np.stack([errors(data, part) for part in ("train", "validation")], axis=1)  # a row a seed

    def of_medians(drawn: np.ndarray) -> np.ndarray:
        return np.array([statistic(*each) for each in np.median(drawn, axis=1)])

    return of_rows(both, of_medians)


@measure("width with the greatest median validation error / least width with 1 % training error")
def place(data: xarray.Dataset) -> Estimate:
    """Return where error peaks, in units of the width that just memorizes."""
    widths = data.hidden.values

    def found(train: np.ndarray, validation: np.ndarray) -> float:
        fits = widths[train <= FITTED]
        wide = widths >= 8  # narrower networks tell little of anything
        return widths[wide][validation[wide].argmax()] / fits.min() if fits.size else np.nan

    return over_widths(data, found)


def _peak(validation: np.ndarray, widths: np.ndarray) -> int:
    return int(np.where(widths >= 8, validation, 0).argmax())


@measure("greatest median validation error from width 8 on / that of the widest network")
def second_descent(data: xarray.Dataset) -> Estimate:
    """Return by how much error falls beyond its peak."""
    widths = data.hidden.values
    return over_widths(data, lambda _, validation: validation[_peak(validation, widths)] / validation[-1])


@measure("greatest median validation error from width 8 on / least of a narrower network")
def ascent(data: xarray.Dataset) -> Estimate:
    """Return by how much error rises towards its peak."""
    widths = data.hidden.values
    return over_widths(
        data,
        lambda _, validation: validation[_peak(validation, widths)] / validation[: _peak(validation, widths) + 1].min(),
    )


@measure("share by which validation error falls again after it has risen by a tenth")
def falls_again(data: xarray.Dataset) -> Estimate:
    """Return the second descent over time, the median over seeds; 0 where there is none."""
    return bootstrap([second_fall(1 - columns_of(run)["validation_accuracy"], 1.1) for run in each(data)])


@measure("last validation error / least")
def overfits(data: xarray.Dataset) -> Estimate:
    """Return how much is lost by training to the end."""
    wrong = [1 - columns_of(run)["validation_accuracy"] for run in each(data)]
    return bootstrap([error[-1] / error.min() for error in wrong])


def draw(results: Results) -> Picture:
    """Draw errors over the width, of noisy and clean labels, and over time."""
    picture, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
    for name, style, words in (("widths", "-", "a fifth wrong"), ("clean", "--", "all right")):
        data = results[name]
        for part, color in (("train", TRAIN), ("validation", VALIDATION)):
            values = errors(data, part)
            left.plot(data.hidden, np.median(values, axis=0), style, color=color, label=f"{part}, labels {words}")
            if name == "widths":
                left.fill_between(data.hidden, values.min(0), values.max(0), color=color, alpha=0.2, linewidth=0)
    left.set_xlabel("width of the hidden layer (log scale)")
    left.set_ylabel("share of wrong answers in the end")
    for number, run in enumerate(map(columns_of, each(results["slow"]))):
        for part, color in (("train", TRAIN), ("validation", VALIDATION)):
            right.plot(
                run["step"], 1 - run[f"{part}_accuracy"], color=color, linewidth=1, label=None if number else part
            )
    task = results.first("slow").task
    assert isinstance(task, Digits8)
    right.axhline(float(task.flipped), color=MARK, linewidth=0.8, linestyle=":", label="share of wrong labels")
    right.set_xlabel("optimizer step (log scale)")
    right.set_title("two hidden layers of 256, a small rate", loc="left", fontsize=9)
    for axes in (left, right):
        axes.set_xscale("log")
        plain(axes.xaxis)
        axes.set_ylim(0, 0.5)
        axes.legend(fontsize=8)
    return picture


WIDE, CLEAN, SLOW = Part("widths"), Part("clean", "labels all right"), Part("slow", "two hidden layers of 256")
CLAIMS = (
    Claim(
        "peak-where-it-just-memorizes",
        "Error on other digits is greatest at about the width that first memorizes all labels.",
        f"{P}; within a factor of two, our tolerance",
        place.of(WIDE),
        between(0.5, 2),
    ),
    Claim(
        "ascent",
        "Up to there it rises with the width.",
        f"{P}; by half, our tolerance",
        ascent.of(WIDE),
        at_least(1.5),
    ),
    Claim(
        "second-descent",
        "Beyond it falls.",
        f"{P}; by a quarter, our tolerance",
        second_descent.of(WIDE),
        at_least(1.33),
    ),
    Claim(
        "clean-labels-have-no-peak",
        "Of labels that are all right wider networks tell ever more.",
        f"{P}; 1.2, our tolerance",
        ascent.of(CLEAN),
        at_most(1.2),
    ),
    Claim(
        "stopping-early-helps",
        "Over time error falls first, and rises as wrong labels are memorized.",
        f"{P}; twofold, our tolerance",
        overfits.of(SLOW),
        at_least(2),
    ),
    Claim(
        "second-descent-over-time",
        "Then it falls a second time.",
        f"{P}, of far larger networks; by a tenth, our tolerance",
        falls_again.of(SLOW),
        at_least(0.1),
        dict.fromkeys(
            ("laptop", "paper"),
            "It rises until all labels are memorized and stays there; what falls before are steps of a few images.",
        ),
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw)
