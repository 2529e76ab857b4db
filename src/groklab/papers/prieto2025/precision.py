"""The precision of the loss: when softmax collapses, and that nothing more is learnt then."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap, median_time, partly_known
from groklab.papers import quantities, words
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.members import at_step, columns_of, each, last
from groklab.papers.parts import Part, measure
from groklab.papers.prieto2025.setups import PRECISE, P
from groklab.plots import curves
from groklab.plots.style import MARK
from groklab.training import Sweep

DTYPES = ("float16", "float32", "float64")


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return parity, at the paper's scale addition, with the loss in three precisions."""
    return {"runs": PRECISE.sweep(scale, {"precision.loss": DTYPES})}


def collapse(data: xarray.Dataset, share: float) -> np.ndarray:
    """Return the first step at which a share of right classes has no gradient, run by run; ∞ where it never is."""
    found = []
    for columns in (columns_of(run) for run in each(data)):
        places = np.flatnonzero(columns["zero_gradient"] >= share)
        found.append(float(columns["step"][places[0]]) if places.size else np.inf)
    return np.array(found)


def later(results: Results) -> Estimate:
    """Return how many times as late half of softmax collapses in float32 as in float16, run by run."""
    times = [collapse(_part(dtype)(results), 0.5) for dtype in DTYPES[:2]]
    return quantities.ratios(times[1], times[0])


@measure("last share of right classes without gradient")
def collapsed(data: xarray.Dataset) -> Estimate:
    """Return how much of softmax has collapsed in the end, the median over runs."""
    return bootstrap(last(data, "zero_gradient"))


@measure("last validation accuracy less that where 90 % of right classes have no gradient")
def gained(data: xarray.Dataset) -> Estimate:
    """Return what is still gained after softmax has collapsed, the median over runs."""
    ends, runs = last(data, "validation_accuracy"), [columns_of(run) for run in each(data)]
    there = [at_step(run, "validation_accuracy", step) for run, step in zip(runs, collapse(data, 0.9), strict=True)]
    return partly_known(ends - there, -1.0, 1.0)


def draw(results: Results) -> Picture:
    """Draw accuracies and the share of right classes without gradient, a column a precision."""
    picture, rows = plt.subplots(2, 3, figsize=(11, 5), sharex=True, sharey="row", layout="constrained")
    for column, dtype in zip(rows.T, DTYPES, strict=True):
        data = _part(dtype)(results)
        members = [columns_of(run) for run in each(data)]
        curves.draw_curves(column[0], members, "accuracy")
        when = median_time(collapse(data, 0.5), [float(results["runs"].budget.max())] * len(members)).value
        said = f"half collapsed at step {when:,.0f}" if np.isfinite(when) else "not collapsed"
        column[0].set_title(f"{dtype}: {said}", fontsize=9, loc="left")
        for columns in members:
            column[1].plot(columns["step"][1:], columns["zero_gradient"][1:], color=MARK, linewidth=0.8)
    rows[1, 0].set_ylabel("right classes without gradient")
    rows[0, 0].legend(loc="lower right")
    for axes in rows[:, 1:].reshape(-1):
        axes.set_ylabel("")
    picture.supxlabel("optimizer step (log scale)", fontsize=9)
    seeds = words.counted(results["runs"].sizes["seed"], "seed")
    what = "3 of 20 bits, 500 examples" if results.scale == "laptop" else words.table(results.first("runs"))
    picture.suptitle(f"{what}: median and range of {seeds}", fontsize=10)
    return picture


def _part(dtype: str) -> Part:
    return Part("runs", f"loss in {dtype}", **{"precision.loss": dtype})


CLAIMS = (
    Claim(
        "collapse-comes-later-with-precision",
        "Softmax collapses later the more precise the loss is.",
        f"{P}, figure 2; twice as late, our choice",
        Quantity("step at which half of right classes have no gradient in float32 / in float16", later),
        at_least(2),
    ),
    Claim(
        "float64-does-not-collapse",
        "In float64 it does not within the budget.",
        f"{P}, figure 2; a tenth of right classes, our tolerance",
        collapsed.of(_part("float64")),
        at_most(0.1),
    ),
    Claim(
        "float32-collapses",
        "In float32 it collapses almost wholly.",
        f"{P}; 0.95, our tolerance",
        collapsed.of(_part("float32")),
        at_least(0.95),
    ),
    Claim(
        "nothing-is-learnt-after",
        "From then on validation accuracy no longer rises.",
        f"{P}, figure 2; 0.02 of accuracy, our tolerance",
        gained.of(_part("float32")),
        at_most(0.02),
    ),
    Claim(
        "nothing-is-learnt-after-in-float16",
        "In float16 neither.",
        f"{P}, figure 2; 0.05 of accuracy, our tolerance",
        gained.of(_part("float16")),
        at_most(0.05),
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw)
