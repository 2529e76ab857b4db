"""One slingshot after another, looked into: what is sharp, what moves, and what the softmax does before."""

from collections.abc import Callable, Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap, exact, partly_known
from groklab.papers import words
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each
from groklab.papers.parts import Part, measure
from groklab.papers.thilak2022.setups import CLOSELY, P
from groklab.plots.style import MARK, TRAIN
from groklab.slingshots import Slingshot, slingshots_in, spikes_in
from groklab.store import Columns
from groklab.theory.sign_descent import steepest
from groklab.training import Sweep

SHOWN = {
    "train_loss": "training loss (nats)",
    "head_norm": "norm of the last layer",
    "update_sharpness": "update sharpness",
    "feature_change": "feature change",
    "mean_cosine": "cos(W_G, μ_G)",
    "zero_gradient": "right classes\nwithout gradient",
}
LINEAR = ("mean_cosine", "zero_gradient")


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return division by Adam, with all of it recorded."""
    return {"runs": CLOSELY.sweep(scale)}


def calculated(scale: Scale) -> Mapping[str, xarray.Dataset]:
    """Return how steep a parabola may be for descent by g / (|g| + ε) to come to rest."""
    rates = np.array([1e-3, 1e-2])
    found = [[steepest(rate, epsilon) * rate / (2 * epsilon) for epsilon in (1e-8, 1e-5)] for rate in rates]
    axes = {"rate": rates, "epsilon": [1e-8, 1e-5]}
    words = {
        "setting": "descent by the sign of g, softened by ε, on a parabola, rates 0.001 and 0.01, ε of 1e-8 and 1e-5"
    }
    return {"parabola": xarray.Dataset({"ratio": (tuple(axes), found)}, axes, words)}


def parabola(results: Results) -> Estimate:
    """Return the ratio of the steepest parabola to 2ε/μ that is farthest from 1."""
    ratios = results["parabola"].ratio.values.reshape(-1)
    return exact(float(max(ratios, key=lambda ratio: abs(np.log(ratio)))))


def layers(columns: Columns) -> np.ndarray:
    """Return the greatest change of any layer's features at each recorded step."""
    return np.max([values for name, values in columns.items() if name.startswith("feature_change")], axis=0)


def at_slingshots(data: xarray.Dataset, value: Callable[[Columns, Slingshot], float]) -> Estimate:
    """Return the median over runs of a run's median of something over its slingshots."""
    found = [[value(columns, one) for one in slingshots_in(columns)] for columns in map(columns_of, each(data))]
    return partly_known([np.median(values) if values else np.nan for values in found], 0.0, np.inf)


@measure("update sharpness at a spike / its median over the run")
def sharp(data: xarray.Dataset) -> Estimate:
    """Return how many times as sharp as usual updates are at a spike."""
    return at_slingshots(data, lambda columns, one: one.peak_sharpness / np.median(np.abs(columns["update_sharpness"])))


@measure("greatest update sharpness at a spike")
def sharpest(data: xarray.Dataset) -> Estimate:
    """Return how sharp updates are at a spike."""
    return at_slingshots(data, lambda columns, one: one.peak_sharpness)


@measure("feature change in the first half of a growth / at its spike, medians")
def frozen(data: xarray.Dataset) -> Estimate:
    """Return how little features change while the norm begins to grow, against how much at the spike."""

    def share(columns: Columns, one: Slingshot) -> float:
        change, steps = layers(columns), columns["step"]
        early = (steps >= one.onset) & (steps < (one.onset + one.spike) / 2)
        return np.median(change[early]) / change[np.abs(steps - one.spike) <= (one.spike - one.onset) / 10].max()

    return at_slingshots(data, share)


@measure("least cos(W_G, μ_G) before the first spike")
def opposed(data: xarray.Dataset) -> Estimate:
    """Return how opposed the mean weight and the mean feature are before the first spike."""
    return bootstrap([_before(columns, "mean_cosine").min() for columns in map(columns_of, each(data))])


@measure("‖W_G‖·‖μ_G‖ at the first spike / where a tenth of right classes has no gradient")
def grown(data: xarray.Dataset) -> Estimate:
    """Return how many times both have grown together from when gradients vanish until the first spike."""
    found = []
    for columns in map(columns_of, each(data)):
        product = _before(columns, "mean_weight") * _before(columns, "mean_feature")
        vanishing = np.flatnonzero(_before(columns, "zero_gradient") >= 0.1)
        found.append(product[-1] / product[vanishing[0]] if vanishing.size else np.nan)
    return partly_known(found, 0.0, np.inf)


@measure("standard deviation of the steps between spikes / their mean")
def irregular(data: xarray.Dataset) -> Estimate:
    """Return how irregular spikes are: 1 where each comes at any time."""
    gaps = [np.diff(spikes_in(columns)) for columns in map(columns_of, each(data))]
    return partly_known([gap.std() / gap.mean() if len(gap) > 1 else np.nan for gap in gaps], 0.0, np.inf)


@measure("peak of validation loss after its first rise / last one")
def second_descent(data: xarray.Dataset) -> Estimate:
    """Return how far validation loss has fallen again from its peak."""
    losses = [columns["validation_loss"] for columns in map(columns_of, each(data))]
    return bootstrap([loss[_first_minimum(loss) :].max() / loss[-1] for loss in losses])


def _first_minimum(loss: np.ndarray) -> int:
    rises = np.flatnonzero(np.diff(loss) > 0)
    return int(rises[0]) if rises.size else len(loss) - 1


def _before(columns: Columns, name: str) -> np.ndarray:
    """Return what was recorded before the first spike, or all where there is none."""
    spikes = spikes_in(columns)
    return columns[name][columns["step"] < (spikes[0] if spikes else np.inf)]


def draw(results: Results) -> Picture:
    """Draw all of it of the first run, one above the other."""
    columns = columns_of(each(results["runs"])[0])
    columns["feature_change"] = layers(columns)
    picture, rows = plt.subplots(len(SHOWN), 1, figsize=(9, 8.5), sharex=True, layout="constrained")
    for axes, (name, word) in zip(rows, SHOWN.items(), strict=True):
        axes.plot(columns["step"], columns[name], color=TRAIN, linewidth=0.8)
        if name == "update_sharpness":
            axes.set_yscale("symlog", linthresh=1e-3)
        elif name not in LINEAR:
            axes.set_yscale("log")
        axes.set_ylabel(word, fontsize=8)
        for one in slingshots_in(columns):
            axes.axvspan(one.onset, one.spike, color=MARK, alpha=0.12, linewidth=0)
    rows[0].set_title(
        f"{words.table(results.first('runs'))}; shaded: growth of the norm until a spike", loc="left", fontsize=9
    )
    rows[-1].set_xlabel("optimizer step")
    return picture


RUNS = Part("runs")
CLAIMS = (
    Claim(
        "updates-are-sharp-at-spikes",
        "Update sharpness peaks where growth turns into a plateau.",
        f"{P}; a hundred times its median, our choice",
        sharp.of(RUNS),
        at_least(100),
    ),
    Claim(
        "peaks-of-sharpness",
        "The peaks are about 250 for division.",
        f"{P}; from 50 to 5,000, our tolerance",
        sharpest.of(RUNS),
        between(50, 5_000),
    ),
    Claim(
        "features-are-frozen-while-it-grows",
        "Features are nearly frozen while the norm grows, and jump at the transition.",
        f"{P}; a tenth, our choice",
        frozen.of(RUNS),
        at_most(0.1),
        {"laptop": "They move half as fast in the first half of a growth as at its spike."},
    ),
    Claim(
        "means-become-opposed",
        "Before a spike the classifier's mean weight and the mean feature become opposed.",
        "Liu et al. 2026; −0.95, our tolerance",
        opposed.of(RUNS),
        at_most(-0.95),
    ),
    Claim(
        "means-grow",
        "Both grow, exponentially, once right classes have no gradient.",
        "Liu et al. 2026; tenfold, our choice",
        grown.of(RUNS),
        at_least(10),
    ),
    Claim(
        "spikes-are-regular",
        "Spikes come in cycles.",
        f"{P}; less than half of what chance would have, our choice",
        irregular.of(RUNS),
        at_most(0.5),
    ),
    Claim(
        "validation-loss-falls-again",
        "Validation loss rises and then falls again.",
        f"{P}; to half of its peak, our choice",
        second_descent.of(RUNS),
        at_least(2),
        {"laptop": "Without weight decay it only rises on the small table."},
    ),
    Claim(
        "small-epsilon-demands-low-curvature",
        "Descent by the sign of g, softened by ε, comes to rest on a parabola of curvature below 2ε/μ.",
        f"{P}, the toy reason for ε; 2 %",
        Quantity("steepest parabola on which it comes to rest / (2ε/μ), the one farthest from 1", parabola),
        between(0.98, 1.02),
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw, calculated=calculated)
