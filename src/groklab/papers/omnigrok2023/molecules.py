"""Molecules, real or stand-ins: large weights generalize late, also without decay (figure 5)."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.landscapes import critical_alpha, reduced
from groklab.papers import words
from groklab.papers.claims import Claim, Quantity, Scale, at_most, between
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each, flat
from groklab.papers.omnigrok2023 import setups
from groklab.papers.omnigrok2023.two_sizes import Sizes, sweeps_of
from groklab.papers.parts import Part, measure
from groklab.plots.curves import draw_curves
from groklab.plots.landscape import cut
from groklab.runner.landscaping import on_sphere
from groklab.training import Plan

ARMS: Mapping[str, dict[str, Any]] = {"large": {}, "usual": {"alpha": 1.0}}
LARGE = Part("arms", "α = 3", arm="large")
USUAL = Part("arms", "α = 1", arm="usual")
SIZES: Mapping[Scale, Sizes] = {
    "paper": Sizes((0.1, 0.3, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0), 50, 1500),
    "laptop": Sizes((0.3, 0.5, 0.7, 1.0, 1.4, 2.0), 50, 500),
}
P = "Liu et al. 2023, section 4 and figure 5"


def on_map(plan: Plan, steps: int) -> Plan:
    """Return a run that is held to the norm that it begins with."""
    return on_sphere(plan).replace(steps=steps)


def losses(run: xarray.Dataset, name: str = "validation_loss") -> tuple[np.ndarray, np.ndarray]:
    """Return the steps at which a run recorded and its losses there."""
    seen = columns_of(run)
    return seen["step"], np.asarray(seen[name], float)


@measure("last validation loss / that where training loss first is a tenth of it")
def fallen(data: xarray.Dataset) -> Estimate:
    """Return how far validation loss falls after a run has memorized, the median over runs."""
    return bootstrap([_fallen(run) for run in each(data)])


def _fallen(run: xarray.Dataset) -> float:
    _, training = losses(run, "train_loss")
    _, validation = losses(run)
    has_fitted = np.flatnonzero(training < validation / 10)
    if not len(has_fitted):
        return 1.0  # nothing was memorized, and nothing generalized later
    return float(np.median(validation[-5:]) / validation[has_fitted[0]])


@measure("validation loss half-way / last")
def late_change(data: xarray.Dataset) -> Estimate:
    """Return by which factor validation loss still falls in the second half of a run, the median over runs."""
    found = []
    for run in each(data):
        steps, values = losses(run)
        half = values[np.abs(steps - steps[-1] / 2).argmin()]
        found.append(float(half / np.median(values[-5:])))
    return bootstrap(found)


def bottom(results: Results) -> Estimate:
    """Return the critical α with few molecules."""
    landscape = reduced(results["map"])
    return critical_alpha(landscape.isel(size=0), "best_validation_loss")


def gaps(results: Results) -> Estimate:
    """Return ln(validation / training loss) with many molecules over that with few at their best α, seed by seed."""
    landscape = reduced(results["map"])
    apart = np.log(landscape.best_validation_loss / landscape.best_train_loss)
    alpha = float(landscape.best_validation_loss.isel(size=0).median("seed").idxmin("alpha"))
    few, many = (flat(apart.isel(size=place).sel(alpha=alpha)) for place in (0, 1))
    return bootstrap(many / few)


CLAIMS: Sequence[Claim] = (
    Claim(
        "large-weights-fall-late",
        "Long after large weights have fitted what they were shown, validation loss falls.",
        f"{P}: from 4 to 6 down to 0.2 after 14,000 steps, without decay; to 0.3 of the plateau, our tolerance",
        fallen.of(LARGE),
        at_most(0.3),
    ),
    Claim(
        "usual-weights-do-not",
        "With usual weights nothing happens late.",
        f"{P}: no fall by more than half after 1,000 steps; half in the second half of a run, our choice",
        late_change.of(USUAL),
        at_most(2),
    ),
    Claim(
        "the-u-is-lowest-near-one",
        "With few molecules validation loss is least near the usual norm.",
        f"{P}: α = 1 to 1.4; 0.5 to 2, our tolerance",
        Quantity("α of the least validation loss, few molecules", bottom),
        between(0.5, 2),
    ),
    Claim(
        "data-closes-the-gap",
        "With many molecules validation loss is closer to training loss.",
        f"{P}: equal with 3,000; less than half as far apart on a log scale, our tolerance",
        Quantity("ln(validation / training loss) at the best α, many molecules / few", gaps),
        at_most(0.5),
    ),
)


def draw(results: Results) -> Picture:
    """Draw losses of large and of usual weights, and both over the norm with few and many molecules."""
    picture, row = plt.subplots(1, 4, figsize=(15, 3.8), layout="constrained")
    for axes, part in zip(row, (LARGE, USUAL), strict=False):
        draw_curves(axes, [columns_of(run) for run in each(part(results))], "loss")
        axes.set_yscale("log")
        axes.set_ylabel("loss (squared error)")
        axes.set_title(f"{part.words}, no decay", loc="left", fontsize=9)
        axes.set_xlabel("optimizer step (log scale)")
    row[0].legend()
    landscape = reduced(results["map"])
    for axes, size in zip(row[2:], landscape["size"].values, strict=True):
        chosen = landscape.sel(size=size)
        cut(axes, chosen, critical_alpha(chosen, "best_validation_loss"), "squared error")
        axes.set_title(f"{size:,} molecules", loc="left", fontsize=9)
    picture.suptitle(words.described(*[plan for plan, _ in results.runs("arms")]), fontsize=9)
    return picture


def figure_of(paper: Plan) -> Figure:
    """Return the figure of one set of molecules, whose run in the paper is given."""
    laptop = paper.replace(steps=15_000, batch_size=25)
    setup = setups.repeated({"paper": paper, "laptop": laptop})
    held = setups.repeated({"paper": on_map(paper, 10_000), "laptop": on_map(laptop, 1_500)})
    return Figure(sweeps_of(ARMS, setup, held, SIZES), CLAIMS, draw)
