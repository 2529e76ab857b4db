"""S5: the less data, the later it generalizes, exponentially (figure 1 center, section 3.1.1)."""

import contextlib
from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.errors import InvalidSetting
from groklab.estimates import Estimate, bootstrap
from groklab.papers.claims import Bound, Claim, Scale, at_least, at_most, between, both
from groklab.papers.figure import Figure, Results
from groklab.papers.power2022 import quantities, setups
from groklab.plots.against import draw_against, percent
from groklab.plots.style import TRAIN, VALIDATION
from groklab.training import Sweep

FRACTIONS = {
    "paper": (0.2, 0.22, 0.25, 0.26, 0.27, 0.28, 0.29, 0.3, 0.35, 0.4, 0.5, 0.7),
    "laptop": (0.7, 0.75, 0.8, 0.85, 0.9),
}
SEEDS = {"paper": 3, "laptop": 4}
CHANGES = {
    "paper": {"operation": setups.S5, "steps": 500_000},
    "laptop": {"operation": "subtraction", "steps": 8_000, "batch_size": "512-or-half"},
}
STAYS: Mapping[Scale, Bound] = {"paper": between(300, 10_000), "laptop": between(30, 3_000)}
CONVERGES = at_least(0.99)
CONVERGED_FROM = {"paper": 0.3, "laptop": FRACTIONS["laptop"][-1]}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return one operation at many training fractions."""
    axes = {"fraction": FRACTIONS[scale], "seed": setups.seeds(scale, SEEDS[scale])}
    return {"fractions": setups.sweep(scale, axes, **CHANGES[scale])}


def slope(results: Results, name: str) -> Estimate:
    """Return the slope of ln(time) per percentage point, at paper scale from 25 to 30 % as in the text."""
    data = results["fractions"]
    chosen = data.sel(fraction=slice(0.25, 0.3)) if results.scale == "paper" else data
    return quantities.slope_of_times(chosen, name)


def memorizing(results: Results) -> Estimate:
    """Return the median step of memorizing at the fraction that is worst for the claim."""
    return STAYS[results.scale].worst([quantities.time(data, "memorized_at") for data in by_fraction(results)])


def converged(results: Results) -> Estimate:
    """Return the best validation accuracy, the median over seeds, at the worst fraction from 30 % on.

    On a laptop it is that of the largest fraction.
    """
    chosen = [data for data in by_fraction(results) if data.fraction >= CONVERGED_FROM[results.scale]]
    return CONVERGES.worst([bootstrap(quantities.flat(quantities.best(data))) for data in chosen])


def by_fraction(results: Results) -> list[xarray.Dataset]:
    """Return the runs at each fraction."""
    data = results["fractions"]
    return [data.isel(fraction=at) for at in range(data.sizes["fraction"])]


def draw(results: Results) -> Picture:
    """Draw the steps to 99 % validation and training accuracy against the fraction, every run and the medians."""
    data = results["fractions"].transpose("fraction", "seed", "step")
    picture, axes = plt.subplots(figsize=(6, 4.2), layout="constrained")
    ceiling = 1.3 * float(data.budget.max())
    for name, color, word in (("generalized_at", VALIDATION, "validation"), ("memorized_at", TRAIN, "training")):
        draw_against(
            axes, data.fraction.values, data[name].values, label=f"99 % {word} accuracy", color=color, ceiling=ceiling
        )
    with contextlib.suppress(InvalidSetting):  # there may be no slope
        axes.set_title(_in_words(slope(results, "generalized_at")), loc="left", fontsize=10)
    axes.set_yscale("log")
    axes.set_ylabel("optimizer steps (log scale)")
    percent(axes)
    axes.legend()
    axes.annotate("△ not within the budget", (0.99, 0.99), xycoords="axes fraction", ha="right", va="top", fontsize=8)
    return picture


def _in_words(fitted: Estimate) -> str:
    return f"each 1 % less data: {np.expm1(-fitted.value):+.0%} steps" if np.isfinite(fitted.value) else ""


P = "Power et al. 2022, section 3.1.1"
ROUGH = (
    "Four seeds at one fraction differ by a factor of up to four and more, 9 of the 20 did not get there within 8,000 "
    "steps, and the fractions of so small a table span little: the interval excludes 0, but not the bound."
)
CLAIMS = (
    Claim(
        "time-grows-exponentially",
        "Near 25 to 30 % of the data, 1 % less data makes generalizing 40 to 50 % later.",
        f"{P}; the tolerance is ours; at laptop scale half a percent suffices, little more than the sign",
        "slope of ln(steps) per percentage point, runs that did not get there censored",
        lambda results: slope(results, "generalized_at"),
        {"paper": between(-0.6, -0.2), "laptop": at_most(-0.005)},
        {"laptop": ROUGH},
    ),
    Claim(
        "memorizing-time-stays",
        "Meanwhile 99 % training accuracy takes 10³ to 10⁴ steps.",
        f"{P}; from 300 allowed; at laptop scale from 30, our choice",
        "median step of 99 % training accuracy at the fraction worst for the claim",
        memorizing,
        STAYS,
    ),
    Claim(
        "memorizing-time-falls",
        "The less data there is, the sooner it is memorized.",
        P,
        "slope of ln(steps) per percentage point, training accuracy, censored likewise",
        lambda results: slope(results, "memorized_at"),
        both(at_least(0)),
    ),
    Claim(
        "converged-accuracy",
        "Validation accuracy converges to 100 % throughout.",
        f"{P}; of 30 % and more, at laptop scale of the largest alone",
        "best validation accuracy at the worst fraction",
        converged,
        {"paper": CONVERGES, "laptop": CONVERGES},
        {"laptop": "One of the four runs at 90 % came to 97.9 % within the 8,000 steps, the others to 100 %."},
    ),
)

FIGURE = Figure(
    "Time to generalize against training data",
    "Power et al. 2022, figure 1 center",
    sweeps,
    CLAIMS,
    draw,
    {
        "paper": "x ∘ y in S5, 2 blocks of width 128, rate 1e-3, up to 500,000 steps",
        "laptop": "x − y, 1 block of width 64, rate 3e-3, batches of half the training data, p = 31",
    },
)
