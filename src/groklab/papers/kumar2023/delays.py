"""The lazier a network, the longer it waits to generalize; the more curved its units, the shorter."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, partly_known
from groklab.papers import crossings
from groklab.papers.claims import Claim, Quantity, Scale, at_least
from groklab.papers.figure import Figure, Results
from groklab.papers.kumar2023.setups import SETUP, lazy
from groklab.papers.members import columns_of, each, flat
from groklab.papers.parts import Part
from groklab.plots.curves import draw_curves
from groklab.plots.landscape import surface
from groklab.training import Sweep

P = "Kumar et al. 2024"
LEVEL = 0.2  # a squared error below it counts as learnt; 0.7 at first
ALPHAS, CURVATURES = (0.25, 0.5, 1.0), (0.05, 0.1, 0.25)
USUAL = 0.1  # ε of the curves


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return networks of three degrees of laziness and three of curvature."""
    points = {f"{alpha:g}": lazy(alpha) for alpha in ALPHAS}
    return {"map": SETUP.sweep(scale, {"lazy": points, "curvature": CURVATURES})}


def delays(data: xarray.Dataset) -> xarray.DataArray:
    """Return from when on training loss, and until when validation loss, is not below the level; ∞ if it never is."""
    train, validation = (crossings.first_below(data, f"{part}_loss", LEVEL) for part in ("train", "validation"))
    return validation - train.where(np.isfinite(train), 0)


def ratio(above: xarray.DataArray, below: xarray.DataArray) -> Estimate:
    """Return how many times longer one delay is than another, the median over seeds; unknown where one never ends."""
    more, less = flat(above), flat(below)
    known = np.isfinite(less) & np.isfinite(more)
    return partly_known(np.where(known, more / np.where(known, less, 1), np.nan), 0, np.inf)


def by_laziness(results: Results) -> Estimate:
    """Return the delay at α = 1 over that at α = 0.25, seed by seed."""
    found = delays(results["map"]).sel(curvature=USUAL)
    return ratio(found.sel(lazy=1.0), found.sel(lazy=0.25))


def by_curvature(results: Results) -> Estimate:
    """Return the delay at ε = 0.05 over that at ε = 0.25, seed by seed."""
    found = delays(results["map"]).sel(lazy=0.5)
    return ratio(found.sel(curvature=0.05), found.sel(curvature=0.25))


def draw(results: Results) -> Picture:
    """Draw losses at each laziness, and the delay over laziness and curvature."""
    picture, row = plt.subplots(1, 4, figsize=(14, 3.5), layout="constrained")
    data = results["map"]
    for axes, alpha in zip(row, ALPHAS, strict=False):
        part = data.sel(lazy=alpha, curvature=USUAL)
        draw_curves(axes, [columns_of(run) for run in each(part)], "loss", unit="squared error")
        axes.axhline(LEVEL, color="#555555", linewidth=0.8, linestyle=":")
        axes.set_ylim(1e-4, 2)
        axes.set_title(f"α = {alpha:g}, ε = {USUAL:g}", loc="left", fontsize=9)
        axes.set_xlabel("step of gradient descent (log scale)")
    row[0].legend()
    middle = delays(data).median("seed")
    surface(row[3], middle.where(np.isfinite(middle)), "lazy", "curvature", "delay (steps)")
    row[3].set_xlabel("laziness α")
    row[3].set_ylabel("curvature ε")
    return picture


CLAIMS = (
    Claim(
        "it-groks",
        "Validation loss falls far later than training loss.",
        f"{P}; three times, our tolerance",
        crossings.delay_ratio.of(Part("map", "α = 0.5, ε = 0.1", lazy=0.5, curvature=USUAL), LEVEL, LEVEL),
        at_least(3),
    ),
    Claim(
        "lazier-networks-wait-longer",
        "The lazier the network, the longer the delay.",
        f"{P}; half as long again, our tolerance",
        Quantity("delay at α = 1 / at α = 0.25, ε = 0.1, the median over seeds", by_laziness),
        at_least(1.5),
    ),
    Claim(
        "curved-units-wait-less",
        "The more curved its units, the shorter the delay.",
        f"{P}; half as long again, our tolerance",
        Quantity("delay at ε = 0.05 / at ε = 0.25, α = 0.5, the median over seeds", by_curvature),
        at_least(1.5),
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw)
