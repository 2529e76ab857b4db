"""Larger initial weights are delayed longer (section 3.1.3)."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results, nothing
from groklab.papers.levi2024 import simulated
from groklab.papers.levi2024.comparisons import delay, furthest
from groklab.papers.levi2024.pictures import draw_delays
from groklab.papers.parts import calculated as number
from groklab.plots.style import plain
from groklab.theory import LinearStudent, asymptotics, times

P = "Levi et al. 2024, section 3.1.3"
S = "computed from the paper's formulas by other code"
RATIO = 0.9
TABLE = {0: 16831, 0.5: 17942, 1: 20281, 2: 24716, 3: 27845, 5: 31702, 10: 36176, 30: 41238}
CASES = {alpha: LinearStudent(RATIO, alpha=alpha) for alpha in (1.0, 2.0, 5.0, 10.0)}


def calculated(scale: Scale) -> Mapping[str, xarray.Dataset]:
    """Return descents from initial weights of several norms, on the same data sets."""
    return {"runs": simulated.carried_out("alpha", CASES, np.zeros(1), seeds=range(100, 116))}


def exact() -> np.ndarray:
    """Return the delays of theory."""
    found = [times(LinearStudent(RATIO, alpha=float(alpha)), simulated.TOLERANCE).delay for alpha in TABLE]
    return np.array(found, float)


def longer(results: Results) -> Estimate:
    """Return by how much five times the weights are delayed longer, the mean over data sets."""
    runs = results["runs"]
    return bootstrap(delay(runs.sel(alpha=5.0)) / delay(runs.sel(alpha=1.0)), np.mean)


def draw(results: Results) -> Picture:
    """Draw the delay over the initial scale: theory, its limit, and descents."""
    picture, axes = plt.subplots(figsize=(5.6, 3.8), layout="constrained")
    alphas = np.geomspace(0.3, 100, 40)
    found = [float(times(LinearStudent(RATIO, alpha=float(each)), simulated.TOLERANCE).delay) for each in alphas]
    axes.plot(alphas, found, "--", color="black", linewidth=1, label="theory")
    axes.axhline(float(asymptotics.delay(RATIO)), color="#555555", linewidth=0.8, linestyle=":", label="equation 12")
    draw_delays(axes, results, "alpha")
    axes.set_xscale("log")
    plain(axes.xaxis)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("factor α on the initial weights (log scale)")
    axes.set_ylabel("steps from memorizing to generalizing")
    axes.set_title(f"λ = {RATIO:g}, ε = {simulated.TOLERANCE:g}", loc="left", fontsize=9)
    axes.legend()
    return picture


CLAIMS = (
    Claim(
        "delays-of-theory",
        "The exact delay for eight initial scales.",
        f"{P}; {S}; 0.1 %",
        number("greatest deviation from a table", lambda: furthest(exact(), np.array(list(TABLE.values()), float))),
        at_most(1e-3),
    ),
    Claim(
        "larger-weights-are-later",
        "The larger the initial weights, the longer the delay.",
        f"{P}, of which another sentence says that nothing changes; {S}",
        number("least growth of the delay from one scale to the next (steps)", lambda: float(np.diff(exact()).min())),
        at_least(1),
    ),
    Claim(
        "descents-from-larger-weights",
        "Descents from five times the weights are delayed longer by as much.",
        f"{P}; {S}: 1.563; four draws 1.31 to 1.85; 15 %",
        Quantity("delay at α = 5 / at α = 1, the mean over data sets", longer),
        between(0.85 * 1.563, 1.15 * 1.563),
    ),
)
FIGURE = Figure(nothing, CLAIMS, draw, calculated=calculated)
