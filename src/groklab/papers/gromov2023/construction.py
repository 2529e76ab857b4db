"""Weights that add without training: right on every sum once there are enough hidden units."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap, of_rows
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most
from groklab.papers.figure import Figure, Results, nothing
from groklab.papers.parts import calculated as number
from groklab.plots.style import VALIDATION, plain
from groklab.theory import gromov

P = "Gromov 2023"
SIZE = 97
HIDDEN = (12, 24, 48, 96, 192, 288, 384, 500, 768, 1000)
SEEDS = range(100, 108)


def calculated(scale: Scale) -> Mapping[str, xarray.Dataset]:
    """Return the share of all sums that constructed networks tell, and how far their answers are from the formula."""
    found = [[gromov.accuracy(gromov.weights(SIZE, hidden, seed=seed)) for seed in SEEDS] for hidden in HIDDEN]
    return {
        "networks": xarray.Dataset(
            {"accuracy": (("hidden", "seed"), np.array(found))},
            {"hidden": list(HIDDEN), "seed": [*SEEDS]},
            {"setting": f"x + y mod {SIZE}, weights in closed form, 12 to 1,000 hidden units"},
        )
    }


def share(results: Results, hidden: int) -> Estimate:
    """Return the share of sums that are right, the median over phases."""
    return bootstrap(results["networks"].accuracy.sel(hidden=hidden).values)


def least_growth(results: Results) -> Estimate:
    """Return the least growth of the median share from one number of units to the next, resampling phases."""
    values = results["networks"].accuracy.transpose("seed", "hidden").values

    return of_rows(values, lambda drawn: np.diff(np.median(drawn, axis=1), axis=-1).min(-1))


def spectrum() -> float:
    """Return the least inverse participation ratio of the units of a constructed network."""
    network = gromov.weights(SIZE, 500)
    rows = (network.first[:, :SIZE], network.first[:, SIZE:], network.second.T)
    return float(min(gromov.participation(each).min() for each in rows))


def draw(results: Results) -> Picture:
    """Draw the share of sums that are right over the number of hidden units."""
    picture, axes = plt.subplots(figsize=(5.2, 3.6), layout="constrained")
    data = results["networks"].accuracy
    axes.plot(HIDDEN, data.transpose("hidden", "seed"), ".", color=VALIDATION, alpha=0.5)
    axes.plot(HIDDEN, data.median("seed"), color=VALIDATION)
    axes.set_xscale("log")
    plain(axes.xaxis)
    axes.set_xlabel("hidden units (log scale)")
    axes.set_ylabel(f"share of all sums modulo {SIZE} that are right")
    axes.set_title("no training: weights in closed form, random phases", loc="left", fontsize=9)
    return picture


CLAIMS = (
    Claim(
        "right-without-training",
        "A thousand units with the right phases tell every sum.",
        f"{P}: 100 % once N is large",
        Quantity("share of all sums that are right, 1,000 units", lambda results: share(results, 1000)),
        at_least(1),
    ),
    Claim(
        "right-with-five-hundred",
        "So do the 500 of the trained network.",
        f"{P}; 99 %, our tolerance",
        Quantity("share of all sums that are right, 500 units", lambda results: share(results, 500)),
        at_least(0.99),
    ),
    Claim(
        "few-units-are-not-enough",
        "Fewer units than frequencies tell less than half.",
        f"{P}; half, our tolerance",
        Quantity("share of all sums that are right, 24 units", lambda results: share(results, 24)),
        at_most(0.5),
    ),
    Claim(
        "more-units-never-hurt",
        "The more units, the more sums are right.",
        P,
        Quantity("least growth of the median share from one number of units to the next", least_growth),
        at_least(0),
    ),
    Claim(
        "one-frequency-a-unit",
        "Each unit has one frequency, in both operands and in the output.",
        f"{P}; exactly",
        number("least inverse participation ratio of a unit", spectrum),
        at_least(1 - 1e-9),
    ),
)
FIGURE = Figure(nothing, CLAIMS, draw, calculated=calculated)
