"""S5: the less data, the later it generalizes, exponentially (figure 1 center, section 3.1.1)."""

import contextlib
from collections.abc import Mapping

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.errors import InvalidSetting
from groklab.estimates import Estimate
from groklab.papers import quantities
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results
from groklab.papers.members import along
from groklab.papers.pictures import times_against_fraction
from groklab.papers.power2022 import setups
from groklab.plots.style import TRAIN, VALIDATION
from groklab.training import Sweep

FRACTIONS = {
    "paper": (0.2, 0.22, 0.25, 0.26, 0.27, 0.28, 0.29, 0.3, 0.35, 0.4, 0.5, 0.7),
    "laptop": (0.7, 0.75, 0.8, 0.85, 0.9),
}
SETUP = setups.STANDARD._replace(seeds={"paper": 3, "laptop": 4})
CHANGES = {
    "paper": {"operation": setups.S5, "steps": 500_000},
    "laptop": {"operation": "subtraction", "steps": 8_000, "batch_size": "512-or-half"},
}
CONVERGED_FROM = {"paper": 0.3, "laptop": FRACTIONS["laptop"][-1]}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return one operation at many training fractions."""
    return {"fractions": SETUP.sweep(scale, {"fraction": FRACTIONS[scale]}, **CHANGES[scale])}


def slope(results: Results, name: str) -> Estimate:
    """Return the slope of ln(time) per percentage point, at paper scale from 25 to 30 % as in the text."""
    data = results["fractions"]
    chosen = data.sel(fraction=slice(0.25, 0.3)) if results.scale == "paper" else data
    return quantities.slope_of_times(chosen, name)


def draw(results: Results) -> Picture:
    """Draw the steps to 99 % validation and training accuracy against the fraction, every run and the medians."""
    data = results["fractions"].transpose("fraction", "seed", "step")
    picture, axes = plt.subplots(figsize=(6, 4.2), layout="constrained")
    curves = {
        "99 % validation accuracy": (data.generalized_at.values, VALIDATION),
        "99 % training accuracy": (data.memorized_at.values, TRAIN),
    }
    times_against_fraction(axes, data, curves)
    with contextlib.suppress(InvalidSetting):  # there may be no slope
        axes.set_title(_in_words(slope(results, "generalized_at")), loc="left", fontsize=10)
    return picture


def _in_words(fitted: Estimate) -> str:
    return f"each 1 % less data: {np.expm1(-fitted.value):+.0%} steps" if np.isfinite(fitted.value) else ""


P = "Power et al. 2022, section 3.1.1"
ROUGH = (
    "Four seeds at one fraction differ by a factor of up to four and more, 9 of the 20 did not get there within 8,000 "
    "steps, and the fractions of so small a table span little: the interval excludes 0, but not the bound."
)
SLOPE = "slope of ln(steps) per percentage point, {}, runs that did not get there censored"
CLAIMS = (
    Claim(
        "time-grows-exponentially",
        "Near 25 to 30 % of the data, 1 % less data makes generalizing 40 to 50 % later.",
        f"{P}; the tolerance is ours; at laptop scale half a percent suffices, little more than the sign",
        Quantity(SLOPE.format("99 % validation accuracy"), lambda results: slope(results, "generalized_at")),
        {"paper": between(-0.6, -0.2), "laptop": at_most(-0.005)},
        {"laptop": ROUGH},
    ),
    Claim(
        "memorizing-time-stays",
        "Meanwhile 99 % training accuracy takes 10³ to 10⁴ steps.",
        f"{P}; from 300 allowed; at laptop scale from 30, our choice",
        Quantity(
            "median step of 99 % training accuracy at the fraction worst for the claim",
            lambda results: [quantities.time(data, "memorized_at") for data in along(results["fractions"], "fraction")],
        ),
        {"paper": between(300, 10_000), "laptop": between(30, 3_000)},
    ),
    Claim(
        "memorizing-time-falls",
        "The less data there is, the sooner it is memorized.",
        P,
        Quantity(SLOPE.format("99 % training accuracy"), lambda results: slope(results, "memorized_at")),
        at_least(0),
    ),
    Claim(
        "converged-accuracy",
        "Validation accuracy converges to 100 % throughout.",
        f"{P}; of 30 % and more, at laptop scale of the largest alone",
        Quantity(
            "best validation accuracy at the worst fraction",
            lambda results: [
                quantities.best(data) for data in along(results["fractions"], "fraction", CONVERGED_FROM[results.scale])
            ],
        ),
        at_least(0.99),
        {"laptop": "One of the four runs at 90 % came to 97.9 % within the 8,000 steps, the others to 100 %."},
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw)
