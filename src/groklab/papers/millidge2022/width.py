"""Wider networks on the same data: whether more parameters make it easier to generalize."""

from collections.abc import Mapping

import numpy as np
import xarray
from jaxtyping import Float
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, censored_slope
from groklab.papers import words
from groklab.papers.claims import SCALES, Claim, Scale, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.millidge2022.setups import NOISY, P
from groklab.papers.parts import Part, measure
from groklab.plots.against import draw_against
from groklab.plots.style import TRAIN, VALIDATION, plain
from groklab.training import Sweep

WIDTHS = (64, 96, 128, 192, 256, 384)
RATE = {"laptop": 10_000.0 / 128, "paper": 970.0}  # of a unit: answers are divided by their number


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return networks of several widths, at the rate that moves answers alike."""
    points = [(width, RATE[scale] * width) for width in WIDTHS]
    return {"widths": NOISY._replace(seeds={"laptop": 8, "paper": 8}).sweep(scale, {"hidden:learning_rate": points})}


def times(data: xarray.Dataset, name: str) -> Float[np.ndarray, "widths seeds"]:
    """Return a milestone of every run in steps, a row a width; ∞ where it did not come."""
    return np.asarray(data[name].transpose(..., "seed").values, float)


@measure("slope of ln(step of {name}) on ln(width)")
def slope(data: xarray.Dataset, name: str) -> Estimate:
    """Return how a time goes with the width: below 0 where wider networks are sooner."""
    return censored_slope(np.log(data.hidden.values.astype(float)), times(data, name), times(data, "budget"))


def draw(results: Results) -> Picture:
    """Draw both times of every run against its width."""
    data = results["widths"]
    picture, axes = plt.subplots(figsize=(5.5, 4), layout="constrained")
    for name, color, word in (("memorized_at", TRAIN, "training"), ("generalized_at", VALIDATION, "validation")):
        ceiling = 1.3 * float(data.budget.max())
        draw_against(axes, data.hidden.values, times(data, name), label=word, color=color, ceiling=ceiling)
    axes.set_xscale("log")
    axes.set_yscale("log")
    plain(axes.xaxis, data.hidden.values)
    axes.set_xlabel("hidden units (log scale)")
    axes.set_ylabel("optimizer step (log scale)")
    axes.set_title(words.table(results.first("widths")), fontsize=9, loc="left")
    axes.legend()
    return picture


CLAIMS = (
    Claim(
        "wider-is-easier",
        "The more parameters there are, the sooner it generalizes.",
        f"{P}; any, our bound",
        slope.of(Part("widths"), "generalized_at"),
        at_most(0),
        dict.fromkeys(
            SCALES, "At a rate that moves answers alike wider networks memorize sooner and generalize later."
        ),
    ),
    Claim(
        "wider-memorizes-sooner",
        "And the sooner it memorizes.",
        "our control; any, our bound",
        slope.of(Part("widths"), "memorized_at"),
        at_most(0),
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw)
