"""n³ + nm² + m is memorized and never generalized, whatever is shown of it."""

from collections.abc import Mapping

from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.papers import quantities, words
from groklab.papers.claims import Claim, Scale, at_least, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.gromov2023.setups import SETUP
from groklab.papers.members import columns_of, each
from groklab.papers.parts import Part
from groklab.plots.curves import draw_curves
from groklab.training import Sweep

P = "Gromov 2023"
FRACTION = 0.9


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return the cubic, and addition, of which as much is shown."""
    return {
        "cubic": SETUP.sweep(scale, operation="cubic_xy2", fraction=FRACTION),
        "addition": SETUP.sweep(scale, fraction=FRACTION),
    }


def draw(results: Results) -> Picture:
    """Draw accuracies on both."""
    picture, row = plt.subplots(1, 2, figsize=(9, 3.6), sharey=True, layout="constrained")
    for axes, name in zip(row, ("cubic", "addition"), strict=True):
        draw_curves(axes, [columns_of(run) for run in each(results[name])], "accuracy")
        axes.set_title(words.table(results.first(name)), loc="left", fontsize=9)
        axes.set_xlabel("step of gradient descent (log scale)")
    row[0].legend()
    return picture


CLAIMS = (
    Claim(
        "the-cubic-is-never-generalized",
        "Nine tenths of n³ + nm² + m tell nothing of the rest.",
        f"{P}: at 90 % and more; a tenth of the others at most, our tolerance",
        quantities.best.of(Part("cubic")),
        at_most(0.1),
    ),
    Claim(
        "the-cubic-is-memorized",
        "Though they are memorized.",
        f"{P}; half of the runs, our tolerance",
        quantities.best.of(Part("cubic"), "train_accuracy"),
        at_least(0.95),
    ),
    Claim(
        "addition-is-generalized",
        "Nine tenths of the sums tell the others.",
        P,
        quantities.best.of(Part("addition")),
        at_least(0.99),
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw)
