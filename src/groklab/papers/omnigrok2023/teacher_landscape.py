"""Regression: over the norm of the weights training loss is an L and validation loss a U (figure 2a)."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.landscapes import critical_alpha, reduced
from groklab.papers.claims import Claim, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results
from groklab.papers.members import flat
from groklab.papers.omnigrok2023 import setups
from groklab.papers.parts import Part, measure
from groklab.plots.landscape import cut
from groklab.runner.landscaping import ALPHAS, on_sphere
from groklab.training import Sweep

STANDARD = on_sphere(setups.TEACHER)
SETUP = setups.repeated({"paper": STANDARD, "laptop": STANDARD})  # 33 runs of 10,000 steps are small enough
USUAL_NORM = 8.68  # of PyTorch's initial weights and biases of a 5-100-100-5 network, by its formula
# What the released notebook logged at the end of its one run at each α: training and validation loss.
STORED = {
    0.1: (1.42e-2, 1.64e-2),
    0.158: (7.4e-3, 1.17e-2),
    0.251: (1.4e-3, 2.3e-3),
    0.398: (8.6e-5, 3.3e-4),
    0.631: (1e-6, 8.6e-5),
    1.0: (5e-7, 7.8e-5),
    1.585: (1e-6, 1.47e-3),
    2.51: (5e-7, 4.06e-2),
    3.98: (5e-7, 0.429),
    6.31: (5e-7, 2.44),
    10.0: (5e-7, 9.62),
}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return runs held to the norm that they begin with, at eleven initial scales."""
    return {"sphere": SETUP.sweep(scale, {"alpha": ALPHAS})}


def at(data: xarray.Dataset, alpha: float, name: str) -> np.ndarray:
    """Return a number of the landscape near an α, for every seed."""
    return flat(reduced(data)[name].sel(alpha=alpha, method="nearest"))


@measure("norm of the initial weights / α / 8.68")
def usual_norm(data: xarray.Dataset) -> Estimate:
    """Return the norm that initial weights have without α, in units of the expected one."""
    return bootstrap(flat(reduced(data).norm / data.alpha) / USUAL_NORM)


@measure("greatest relative change of ‖w‖ over all steps and runs")
def off_sphere(data: xarray.Dataset) -> Estimate:
    """Return how far weights come off the sphere."""
    norms = data.weight_norm
    away = np.abs(norms / norms.isel(step=0) - 1).max("step").max("alpha")
    return bootstrap(flat(away))


@measure("reduced {name}, α = {alpha:g}")
def loss_at(data: xarray.Dataset, name: str, alpha: float) -> Estimate:
    """Return a reduced loss at one α, the median over seeds."""
    return bootstrap(at(data, alpha, name))


@measure("reduced validation loss at α = {alpha:g} / at α = 1")
def over_usual(data: xarray.Dataset, alpha: float) -> Estimate:
    """Return how many times greater validation loss is at an α than at the usual scale, seed by seed."""
    return bootstrap(at(data, alpha, "validation_loss") / at(data, 1.0, "validation_loss"))


@measure("reduced validation loss / that of the released notebook, at the α where they differ most, by seed")
def against_stored(data: xarray.Dataset) -> Estimate:
    """Return by which factor validation losses differ from the logged ones, at the worst α from 0.251 on."""
    wanted = [alpha for alpha in STORED if alpha > 0.2]
    logs = [np.abs(np.log(at(data, alpha, "validation_loss") / STORED[alpha][1])) for alpha in wanted]
    return bootstrap(np.exp(np.max(logs, axis=0)))


@measure("α of the least reduced validation loss")
def bottom(data: xarray.Dataset) -> Estimate:
    """Return the critical α."""
    return critical_alpha(reduced(data))


def draw(results: Results) -> Picture:
    """Draw the L and the U over each other, with the released notebook's."""
    picture, axes = plt.subplots(figsize=(6, 4.4), layout="constrained")
    landscape = reduced(results["sphere"])
    for place in (0, 1):
        values = [losses[place] for losses in STORED.values()]
        axes.plot(list(STORED), values, "x", color="black", markersize=4, label="released log" if place else None)
    cut(axes, landscape, critical_alpha(landscape), "squared error")
    return picture


P = "Liu et al. 2023, section 3 and figure 2a"
SPHERE = Part("sphere")
CLAIMS = (
    Claim(
        "usual-norm",
        "Initial weights have the norm of PyTorch's, times α.",
        "8.68 by the formula of its initialization; 2 %, our tolerance",
        usual_norm.of(SPHERE),
        between(0.98, 1.02),
    ),
    Claim(
        "norm-is-held",
        "Weights stay on the sphere.",
        "Liu et al. 2023, section 2; 1e-5 in float32, our tolerance",
        off_sphere.of(SPHERE),
        at_most(1e-5),
    ),
    Claim(
        "training-loss-is-flat",
        "From a norm on training loss is nothing: the foot of the L.",
        f"{P}: below 1e-5 from α = 0.63 on",
        loss_at.of(SPHERE, "train_loss", 0.631),
        at_most(1e-5),
    ),
    Claim(
        "training-loss-is-flat-beyond",
        "So it is at ten times the usual norm.",
        f"{P}: below 1e-5",
        loss_at.of(SPHERE, "train_loss", 10.0),
        at_most(1e-5),
    ),
    Claim(
        "training-loss-is-high",
        "Below that norm training data cannot be fitted: the leg of the L.",
        f"{P}: 1.4e-3 at α = 0.25, above 1e-3",
        loss_at.of(SPHERE, "train_loss", 0.251),
        at_least(1e-3),
    ),
    Claim(
        "the-u-is-lowest-near-one",
        "Validation loss is least near the usual norm.",
        f"{P}: 0.6 to 1; 0.6 to 1.2, our tolerance",
        bottom.of(SPHERE),
        between(0.6, 1.2),
    ),
    Claim(
        "the-u-rises",
        "Above it validation loss rises steeply.",
        f"{P}: 520-fold at α = 2.5; 100 to 2,000, our tolerance",
        over_usual.of(SPHERE, 2.512),
        between(100, 2_000),
    ),
    Claim(
        "far-out-it-is-useless",
        "At ten times the usual norm it is far above that of guessing the mean.",
        f"{P}: 9.6 at α = 10; 5 to 20, our tolerance",
        loss_at.of(SPHERE, "validation_loss", 10.0),
        between(5, 20),
    ),
    Claim(
        "as-released",
        "All validation losses from α = 0.25 on are those of the released notebook.",
        "the stored log, one run at each α; within a factor of 3 at the worst of them, our tolerance",
        against_stored.of(SPHERE),
        at_most(3),
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw)
