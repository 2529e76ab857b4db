"""Forks of runs in the midst of their slingshots: what ends them once they have begun."""

from collections.abc import Mapping

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.optimizers import ZeroSum
from groklab.papers import words
from groklab.papers.claims import Claim, Scale, at_least, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.parts import Part
from groklab.papers.thilak2022 import counting
from groklab.papers.thilak2022.pictures import draw_run
from groklab.papers.thilak2022.setups import DIVISION, HEAD, SHEET
from groklab.training import Sweep, forks_of

AT = {"laptop": 4_500, "paper": 250_000}
SINCE = 4_600  # a leap that is on its way when a run is forked may still come


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return forks of division by Adam, with six changes."""
    changes = {
        "none": {},
        "ε = 1e-5": {"epsilon": 1e-5},
        "float64 loss": {"precision.loss": "float64"},
        "λ = 1": {"weight_decay": 1.0},
        "zero-sum": {"filter": ZeroSum(of=HEAD[scale])},
        "state reset": {"reset": True},
    }
    return {"forks": forks_of(DIVISION.sweep(scale), AT[scale], "change", changes)}


def draw(results: Results) -> Picture:
    """Draw the first seed with every change, and mark the fork."""
    data = results["forks"]
    picture, rows = plt.subplots(
        2, data.sizes["change"], figsize=(13, 4.4), sharex=True, sharey="row", layout="constrained"
    )
    for column, change in zip(rows.T, data.change.values, strict=True):
        part = data.sel(change=change)
        draw_run(column, part.isel(seed=0))
        after = counting.spikes_after(part, AT[results.scale])
        column[0].set_title(f"{change}\n{np.median(after):g} spikes after the fork", fontsize=8, loc="left")
        for axes in column:
            axes.axvline(AT[results.scale], color="black", linewidth=0.8)
    for axes in rows[:, 1:].reshape(-1):
        axes.set_ylabel("")
    seeds = words.counted(data.sizes["seed"], "seed")
    picture.suptitle(
        f"{words.table(results.first('forks'))}: forks at step {AT[results.scale]:,}, the first of {seeds}", fontsize=10
    )
    return picture


def _part(change: str) -> Part:
    return Part("forks", change, change=change)


ENDED, GONE_ON = at_most(0.4), at_least(0.5)
SOURCE = "our experiment; 0 of 8 seeds is an interval up to 0.32"
CLAIMS = (
    Claim(
        "they-go-on",
        "Forked without a change, slingshots go on.",
        "our control; most of the seeds",
        counting.share_after.of(_part("none"), SINCE),
        {"laptop": GONE_ON},
    ),
    Claim(
        "epsilon-ends-them",
        "With ε = 1e-5 from there on none comes any more.",
        SOURCE,
        counting.share_after.of(_part("ε = 1e-5"), SINCE),
        {"laptop": ENDED},
    ),
    Claim(
        "float64-ends-them",
        "With the loss in float64 from there on none comes any more.",
        SOURCE,
        counting.share_after.of(_part("float64 loss"), SINCE),
        {"laptop": ENDED},
    ),
    Claim(
        "decay-ends-them",
        "With weight decay from there on none comes any more.",
        SOURCE,
        counting.share_after.of(_part("λ = 1"), SINCE),
        {"laptop": ENDED},
    ),
    Claim(
        "zero-sum-ends-them",
        "With classifier gradients held to a zero sum from there on none comes any more.",
        f"{SHEET}; {SOURCE}",
        counting.share_after.of(_part("zero-sum"), SINCE),
        {"laptop": ENDED},
        {"laptop": "Held to a zero sum from the start there are none. Once both means have grown they go on."},
    ),
    Claim(
        "reset-ends-them",
        "With the optimizer's state reset none comes any more.",
        f"Wu 2024; {SOURCE}",
        counting.share_after.of(_part("state reset"), SINCE),
        {"laptop": ENDED},
        {"laptop": "Reset once, they go on: their cause is in the weights."},
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw)
