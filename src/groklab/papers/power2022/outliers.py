"""Wrong answers among the training data: all are memorized, few hardly matter, many prevent generalizing."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, difference, repeated_rank_correlation
from groklab.papers import quantities, words
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.members import flat
from groklab.papers.parts import Part
from groklab.papers.power2022 import needs, pictures, setups
from groklab.training import Sweep

# How many wrong answers the paper took is not known; these are a choice.
COUNTS = {"paper": (0, 10, 100, 500, 1_000, 2_000, 3_000), "laptop": (0, 1, 8, 40, 80, 160, 240)}
FRACTIONS = {"paper": (0.3, 0.4, 0.5, 0.7), "laptop": (0.65, 0.85)}
FEW = {"paper": 100, "laptop": 8}
CHANGES = {"paper": {"operation": setups.S5}, "laptop": {"operation": "addition", "steps": 4_000}}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return every number of outliers at a few fractions."""
    axes = {"outliers": COUNTS[scale], "fraction": FRACTIONS[scale]}
    return {"outliers": setups.STANDARD.sweep(scale, axes, **CHANGES[scale])}


def best(results: Results, count: int) -> np.ndarray:
    """Return the best validation accuracies with `count` outliers at the largest fraction, by seed."""
    return flat(needs.best(results.part("outliers", outliers=count).isel(fraction=-1)))


def falls(results: Results) -> Estimate:
    """Return the rank correlation between the number of outliers and validation accuracy at the largest fraction.

    The same seeds are used at every number, so seeds are resampled.
    """
    counts = COUNTS[results.scale]
    accuracies = np.stack([best(results, count) for count in counts], axis=1)
    return repeated_rank_correlation(np.array(counts, float), accuracies)


def lost(results: Results, count: int) -> Estimate:
    """Return by how much `count` outliers change the best validation accuracy at the largest fraction."""
    return difference(best(results, count), best(results, 0), np.mean)


def draw(results: Results) -> Picture:
    """Draw the best validation accuracy against the fraction, one curve for each number of outliers."""
    picture, _ = pictures.best_against_fraction(
        results["outliers"],
        "outliers",
        label=lambda count: words.counted(count, "outlier"),
        colors="viridis",
        of="training data, outliers included",
    )
    picture.legend(loc="outside right upper", fontsize=8)
    return picture


P = "Power et al. 2022, appendix"
LOST = "best validation accuracy with {} less that with none"
CLAIMS = (
    Claim(
        "outliers-are-memorized",
        "Training accuracy reaches 100 % however many answers are wrong.",
        f"{P}, as summarized by others; 99 % by 90 % of runs, our choice",
        quantities.memorized.of(Part("outliers")),
        at_least(0.9),
    ),
    Claim(
        "few-hardly-matter",
        "A few wrong answers hardly matter.",
        f"{P}; at most 2 points for 100 in S5, for 8 at laptop scale",
        Quantity(LOST.format("few"), lambda results: lost(results, FEW[results.scale])),
        at_least(-0.02),
    ),
    Claim(
        "many-prevent",
        "Many wrong answers prevent generalizing.",
        f"{P}; half of the accuracy, our choice",
        Quantity(LOST.format("the most"), lambda results: lost(results, COUNTS[results.scale][-1])),
        at_most(-0.5),
    ),
    Claim(
        "more-is-worse",
        "The more wrong answers, the worse it generalizes.",
        P,
        Quantity("rank correlation of their number and the best validation accuracy", falls),
        at_most(-0.5),
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw)
