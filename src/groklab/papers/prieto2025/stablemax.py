"""StableMax in the place of softmax: it generalizes without weight decay, while all norms grow."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap, partly_known
from groklab.objectives import StableMax
from groklab.papers import quantities, words
from groklab.papers.claims import Claim, Scale, at_least, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.members import at_step, columns_of, each, last
from groklab.papers.parts import Part, measure
from groklab.papers.prieto2025.setups import LATE, PARITY, P
from groklab.plots import curves
from groklab.training import Sweep

STABLE = {"objective": StableMax(), "precision.loss": "float64"}
ARMS = {"StableMax": STABLE, "cross-entropy": {}, "cross-entropy, float64": {"precision.loss": "float64"}}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return addition with each, and parity with StableMax."""
    return {"arms": LATE.sweep(scale, {"arm": ARMS}), "parity": PARITY.sweep(scale, {"arm": {"StableMax": STABLE}})}


@measure("last validation accuracy")
def ending(data: xarray.Dataset) -> Estimate:
    """Return the validation accuracy in the end, the median over runs."""
    return bootstrap(last(data, "validation_accuracy"))


@measure("last norm of all weights / where it memorized")
def growth(data: xarray.Dataset) -> Estimate:
    """Return how many times as long the weights are in the end as where the run memorized."""
    runs = [(columns_of(run), float(run.memorized_at)) for run in each(data)]
    return partly_known(
        last(data, "weight_norm") / [at_step(run, "weight_norm", step) for run, step in runs], 0.0, np.inf
    )


def draw(results: Results) -> Picture:
    """Draw accuracies of every arm, and the norm of all weights beneath them."""
    runs = [(str(arm), results["arms"].sel(arm=arm)) for arm in results["arms"].arm.values]
    runs.append(("StableMax, 3 of 20 bits", results["parity"].isel(arm=0)))
    picture, rows = plt.subplots(2, 4, figsize=(13, 5), sharex="col", sharey="row", layout="constrained")
    for column, (name, data) in zip(rows.T, runs, strict=True):
        members = [columns_of(run) for run in each(data)]
        curves.draw_curves(column[0], members, "accuracy")
        column[0].set_title(name, fontsize=9, loc="left")
        for columns in members:
            column[1].plot(columns["step"][1:], columns["weight_norm"][1:], color="#555555", linewidth=0.8)
        column[1].set_yscale("log")
    rows[1, 0].set_ylabel("norm of all weights")
    rows[0, 0].legend(loc="center left")
    for axes in rows[:, 1:].reshape(-1):
        axes.set_ylabel("")
    picture.supxlabel("optimizer step (log scale)", fontsize=9)
    seeds = words.counted(results["arms"].sizes["seed"], "seed")
    picture.suptitle(f"{words.table(results.first('arms'))}, λ = 0: median and range of {seeds}", fontsize=10)
    return picture


def _part(name: str) -> Part:
    return Part("arms", name, arm=name)


STABLY = _part("StableMax")
CLAIMS = (
    Claim(
        "stablemax-generalizes",
        "With StableMax it generalizes, without decay.",
        f"{P}, figure 1b; 0.9 of accuracy, at laptop scale, our choice",
        ending.of(STABLY),
        at_least(0.9),
    ),
    Claim(
        "while-norms-grow",
        "Meanwhile norms grow.",
        f"{P}, figure 1b; threefold, our choice",
        growth.of(STABLY),
        at_least(3),
    ),
    Claim(
        "cross-entropy-does-not",
        "With cross-entropy it overfits and never generalizes.",
        f"{P}, figure 1c; 0.3 of accuracy, our tolerance",
        ending.of(_part("cross-entropy")),
        at_most(0.3),
    ),
    Claim(
        "nor-in-float64",
        "Nor with the loss in float64.",
        f"{P}, figure 1c; 0.3 of accuracy, our tolerance",
        ending.of(_part("cross-entropy, float64")),
        at_most(0.3),
    ),
    Claim(
        "stablemax-learns-bits",
        "With StableMax sparse parity is generalized too.",
        f"{P}, figure 4, of 40 bits and 2,000 examples; here 20 and 500; 0.9 of accuracy, our choice",
        quantities.best.of(Part("parity", "3 of 20 bits")),
        at_least(0.9),
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw)
