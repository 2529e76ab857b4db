"""Forks where it has memorized: without gradients at right classes, what would generalize does not."""

from collections.abc import Mapping

from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.objectives import Collapsed
from groklab.optimizers import Orthogonal
from groklab.papers import quantities, words
from groklab.papers.claims import Claim, Scale, at_least, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each
from groklab.papers.parts import Part
from groklab.papers.prieto2025.setups import ADDITION, P
from groklab.plots import curves
from groklab.training import Sweep, forks_of

CHANGES = {"goes on": {}, "no gradient at right classes": {"objective": Collapsed()}}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return forks of runs that would generalize: with weight decay, and across the weights."""
    return {
        "decayed": forks_of(ADDITION.sweep(scale, weight_decay=2.0), "memorized", "change", CHANGES),
        "across": forks_of(ADDITION.sweep(scale, filter=Orthogonal()), "memorized", "change", CHANGES),
    }


def draw(results: Results) -> Picture:
    """Draw accuracies of both, with and without the intervention."""
    picture, grid = plt.subplots(1, 4, figsize=(13, 3.2), sharey=True, layout="constrained")
    titles = {"decayed": "λ = 2", "across": "across the weights"}
    places = [(name, change) for name in titles for change in results[name].change.values]
    for axes, (name, change) in zip(grid, places, strict=True):
        members = [columns_of(run) for run in each(results[name].sel(change=change))]
        curves.draw_curves(axes, members, "accuracy")
        axes.set_title(f"{titles[name]}, from memorizing on:\n{change}", fontsize=9, loc="left")
    for axes in grid[1:]:
        axes.set_ylabel("")
    grid[0].legend(loc="center left")
    picture.supxlabel("optimizer step (log scale)", fontsize=9)
    seeds = words.counted(results["decayed"].sizes["seed"], "seed")
    picture.suptitle(f"{words.table(results.first('decayed'))}: median and range of {seeds}", fontsize=10)
    return picture


def _part(sweep: str, change: str) -> Part:
    return Part(sweep, f"{'λ = 2' if sweep == 'decayed' else 'across the weights'}, {change}", change=change)


GONE_ON, STOPPED = CHANGES
NONE, ALL = at_most(0.5), at_least(0.5)
CLAIMS = (
    Claim(
        "decay-generalizes",
        "Forked without a change it generalizes.",
        "our control; 5 of 5 seeds is an interval from 0.57",
        quantities.generalized.of(_part("decayed", GONE_ON)),
        ALL,
    ),
    Claim(
        "not-without-gradients-at-right-classes",
        "Without gradients at right classes, from memorizing on, it does not.",
        f"{P}; 0 of 5 seeds is an interval up to 0.43",
        quantities.generalized.of(_part("decayed", STOPPED)),
        NONE,
    ),
    Claim(
        "across-generalizes",
        "Across the weights, forked without a change, it generalizes.",
        "our control; 5 of 5",
        quantities.generalized.of(_part("across", GONE_ON)),
        ALL,
    ),
    Claim(
        "nor-across-the-weights",
        "And without gradients at right classes it does not.",
        f"{P}; 0 of 5",
        quantities.generalized.of(_part("across", STOPPED)),
        NONE,
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw)
