"""Forks where it has memorized: no gradients at right classes of what is answered right, or by a margin."""

from collections.abc import Mapping

import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.objectives import Collapsed
from groklab.optimizers import Orthogonal
from groklab.papers import quantities, words
from groklab.papers.claims import SCALES, Claim, Scale, at_least, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each, last
from groklab.papers.parts import Part, measure
from groklab.papers.prieto2025.setups import ADDITION, P
from groklab.plots import curves
from groklab.training import Sweep, forks_of

CHANGES = {
    "goes on": {},
    "held where right": {"objective": Collapsed()},
    "held from a margin of 2": {"objective": Collapsed(2.0)},
}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return forks of runs that would generalize: with weight decay, and with ⊥Grad."""
    return {
        "decayed": forks_of(ADDITION.sweep(scale, weight_decay=2.0), "memorized", "change", CHANGES),
        "orthogonal": forks_of(ADDITION.sweep(scale, filter=Orthogonal()), "memorized", "change", CHANGES),
    }


def draw(results: Results) -> Picture:
    """Draw accuracies of both, with and without the intervention."""
    picture, grid = plt.subplots(2, 3, figsize=(11, 5.6), sharex=True, sharey=True, layout="constrained")
    titles = {"decayed": "λ = 2", "orthogonal": "⊥Grad"}
    places = [(name, change) for name in titles for change in results[name].change.values]
    for axes, (name, change) in zip(grid.reshape(-1), places, strict=True):
        members = [columns_of(run) for run in each(results[name].sel(change=change))]
        curves.draw_curves(axes, members, "accuracy")
        axes.set_title(f"{titles[name]}, from memorizing on:\n{change}", fontsize=9, loc="left")
    for axes in grid[:, 1:].reshape(-1):
        axes.set_ylabel("")
    grid[0, 0].legend(loc="center left")
    picture.supxlabel("optimizer step (log scale)", fontsize=9)
    seeds = words.counted(results["decayed"].sizes["seed"], "seed")
    picture.suptitle(f"{words.table(results.first('decayed'))}: median and range of {seeds}", fontsize=10)
    return picture


def _part(sweep: str, change: str) -> Part:
    return Part(sweep, f"{'λ = 2' if sweep == 'decayed' else '⊥Grad'}, {change}", change=change)


@measure("last training accuracy")
def still_right(data: xarray.Dataset) -> Estimate:
    """Return the training accuracy in the end, the median over runs."""
    return bootstrap(last(data, "train_accuracy"))


GONE_ON, HELD, FROM_TWO = CHANGES
NONE, ALL = at_most(0.5), at_least(0.5)
STRONG: Mapping[Scale, str] = dict.fromkeys(
    SCALES, "What is pushed down only is soon answered wrong: the intervention does more than rounding does."
)
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
        "Without gradients at right classes of what is answered right, from memorizing on, it does not.",
        f"{P}; 0 of 5 seeds is an interval up to 0.43",
        quantities.generalized.of(_part("decayed", HELD)),
        NONE,
    ),
    Claim(
        "training-stays",
        "And it stays as it was on what it is trained on.",
        "our control: otherwise it is not generalizing alone that stops; 0.9 of accuracy",
        still_right.of(_part("decayed", HELD)),
        at_least(0.9),
        STRONG,
    ),
    Claim(
        "not-from-a-margin",
        "Where that is so from a margin of 2 on it does not generalize either.",
        "our experiment, nearer to rounding, which has a margin of 16 in float32; 0 of 5",
        quantities.generalized.of(_part("decayed", FROM_TWO)),
        NONE,
        dict.fromkeys(SCALES, "It does: the intervention holds only what leads by more."),
    ),
    Claim(
        "orthogonal-generalizes",
        "With ⊥Grad, forked without a change, it generalizes.",
        "our control; 5 of 5",
        quantities.generalized.of(_part("orthogonal", GONE_ON)),
        ALL,
    ),
    Claim(
        "nor-with-orthogonal-gradients",
        "And without gradients at right classes of what is answered right it does not.",
        f"{P}; 0 of 5",
        quantities.generalized.of(_part("orthogonal", HELD)),
        NONE,
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw)
