"""How much of a table a transformer of small norm must be shown to tell the rest (appendix B)."""

from collections.abc import Mapping

import numpy as np
import xarray
from jaxtyping import Float
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap, partly_known
from groklab.landscapes import reduced
from groklab.papers import words
from groklab.papers.claims import Claim, Scale, at_least, between
from groklab.papers.figure import Figure, Results
from groklab.papers.members import along, columns_of, each
from groklab.papers.omnigrok2023 import setups, transformer
from groklab.papers.parts import Part, measure
from groklab.plots.against import draw_against, percent
from groklab.plots.style import MARK, TRAIN, VALIDATION
from groklab.runner.landscaping import on_sphere
from groklab.training import Sweep

# Looked at less often than runs of which times are read: to answer the whole table costs as much as a step.
STANDARD = on_sphere(transformer.PAPER.replace(record=transformer.PAPER.record.replace(growth=1.1)))
SETUP = setups.repeated({"paper": STANDARD, "laptop": STANDARD.replace(steps=600)})
ALPHAS: Mapping[Scale, tuple[float, ...]] = {"paper": (0.2, 0.4, 0.6, 0.8, 1.0, 1.5, 2.0, 4.0), "laptop": (0.8,)}
FRACTIONS: Mapping[Scale, tuple[float, ...]] = {
    "paper": (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.6, 0.8),
    "laptop": (0.2, 0.25, 0.3),
}
HALF = 0.5  # accuracy from which on a table counts as understood


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return transformers that are held to their norm and shown little to much of the table."""
    return {"map": SETUP.sweep(scale, {"fraction": FRACTIONS[scale], "alpha": ALPHAS[scale]})}


def accuracies(data: xarray.Dataset, part: str) -> Float[np.ndarray, "fractions seeds"]:
    """Return the best accuracy that each seed came to at its best norm."""
    best = reduced(data)[f"best_{part}_accuracy"].max("alpha")
    return best.sortby("fraction").transpose("fraction", "seed").values.astype(float)


@measure("share of the table at which half of the rest is told, at the best norm")
def critical_fraction(data: xarray.Dataset) -> Estimate:
    """Return where each seed's best accuracy passes a half, along a line between two fractions; the median."""
    fractions = np.sort(data.fraction.values.astype(float))
    return partly_known([_passing(fractions, curve) for curve in accuracies(data, "validation").T], 0.0, 1.0)


def _passing(x: Float[np.ndarray, "points"], curve: Float[np.ndarray, "points"]) -> float:
    """Return where a curve first comes to `HALF`; nan if before the first point or after the last."""
    above = np.flatnonzero(curve >= HALF)
    if not above.size or not above[0]:
        return np.nan
    at = slice(above[0] - 1, above[0] + 1)
    return float(np.interp(HALF, curve[at], x[at]))


@measure("best {part} accuracy with the {which} share of the table")
def accuracy(data: xarray.Dataset, part: str, which: str) -> Estimate:
    """Return the best accuracy with the least or the largest share, the median over seeds."""
    return bootstrap(accuracies(data, part)[{"least": 0, "largest": -1}[which]])


def draw(results: Results) -> Picture:
    """Draw how accuracies rise at each share of the table, and the best of each, and where half of the rest is told."""
    picture, (left, right) = plt.subplots(1, 2, figsize=(10.5, 4), layout="constrained")
    data = results["map"].sortby("fraction")
    palette = plt.colormaps["viridis"].resampled(data.sizes["fraction"] + 1)
    for number, found in enumerate(along(data, "fraction")):
        for at, run in enumerate(map(columns_of, each(found))):
            label = None if at else f"{100 * float(found.fraction):g} % of the table"
            left.plot(run["step"], run["validation_accuracy"], color=palette(number), linewidth=1, label=label)
    left.set_xlabel("optimizer step")
    left.set_ylabel("validation accuracy")
    left.legend()
    for part, color, word in (("train", TRAIN, "training"), ("validation", VALIDATION, "validation")):
        draw_against(right, data.fraction.values, accuracies(data, part), label=word, color=color)
    critical = critical_fraction(data)
    if np.isfinite(critical.value):
        right.axvline(critical.value, color=MARK, linewidth=0.9, linestyle="--")
        text = f"{100 * critical.value:.0f} %"
        right.annotate(text, (critical.value, 0.03), xytext=(4, 0), textcoords="offset points")
    percent(right)
    right.set_ylabel("best accuracy at the best norm")
    right.legend()
    for axes in (left, right):
        axes.yaxis.set_major_formatter(lambda value, _: f"{round(100 * value):d} %")
    picture.suptitle(words.described(*[plan for plan, _ in results.runs("map")]), fontsize=9)
    return picture


P = "Liu et al. 2023, appendix B"
MAP = Part("map")
CLAIMS = (
    Claim(
        "critical-fraction",
        "Below a quarter of the table a network of the best norm does not tell the rest, above it does.",
        f"{P}: about 0.25, steps not given; ± 0.05, our tolerance; on a laptop at 0.8 times the usual norm, 600 steps",
        critical_fraction.of(MAP),
        between(0.2, 0.3),
    ),
    Claim(
        "more-is-enough",
        "Shown more, it tells all the rest.",
        f"{P}; 95 %, the level of generalizing",
        accuracy.of(MAP, "validation", "largest"),
        at_least(transformer.LEVEL),
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw)
