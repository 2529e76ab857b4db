"""Networks that generalized lie in flatter places than those that only memorized (appendix A.5)."""

import functools
from collections.abc import Mapping

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture
from matplotlib.ticker import LogLocator

from groklab.chance import key_of, partitionable
from groklab.errors import InvalidSetting
from groklab.estimates import Estimate, rank_correlation
from groklab.measures import sharpness
from groklab.papers import words
from groklab.papers.claims import Claim, Quantity, Scale, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.power2022 import setups
from groklab.plots.style import VALIDATION
from groklab.runner import restore
from groklab.store import Run
from groklab.training import Plan, Sweep, loss_of_weights

# The released code has 20 checkpoints; small networks are rougher, and 20 of them were too few to tell.
SETUP = setups.STANDARD._replace(seeds={"paper": 20, "laptop": 40})
CHANGES = {
    "paper": {"operation": setups.S5, "fraction": 0.7, "weight_decay": 0.0, "steps": 100_000, "stop_after": 0},
    "laptop": {"operation": "addition", "fraction": 0.65, "steps": 1_500, "stop_after": 0},
}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return runs that differ in their seeds, stopped where about half of them have generalized."""
    return {"seeds": SETUP.sweep(scale, **CHANGES[scale])}


@functools.cache
def _phi(plan: Plan, run: Run) -> float:
    loss, weights = loss_of_weights(*restore(plan, run))
    with partitionable():
        return sharpness(loss, weights, key=key_of(plan.seeds.init))


def sharpness_and_accuracy(results: Results) -> np.ndarray:
    """Return φ and the last validation accuracy of every run, a row each."""
    return np.array([(_phi(plan, run), run.status()["validation_accuracy"]) for plan, run in results.runs("seeds")])


def correlation(results: Results) -> Estimate:
    """Return Spearman's rank correlation of φ and validation accuracy."""
    return rank_correlation(*sharpness_and_accuracy(results).T)[0]


def draw(results: Results) -> Picture:
    """Draw validation accuracy against φ."""
    phi, accuracy = sharpness_and_accuracy(results).T
    picture, axes = plt.subplots(figsize=(5.2, 4), layout="constrained")
    axes.scatter(phi, accuracy, color=VALIDATION, s=22)
    axes.set_xscale("log")
    axes.set_axisbelow(True)
    axes.xaxis.set_minor_locator(LogLocator(subs=(2, 5)))  # within a decade or two labels of all would touch
    axes.set_xlabel("sharpness φ (Keskar et al. 2016, ε = 1e-3, log scale)")
    axes.set_ylabel("validation accuracy")
    axes.set_ylim(-0.02, 1.03)
    axes.yaxis.set_major_formatter("{x:.0%}")
    axes.set_title(f"{words.counted(len(phi), 'seed')}{_in_words(phi, accuracy)}", loc="left", fontsize=10)
    return picture


def _in_words(phi: np.ndarray, accuracy: np.ndarray) -> str:
    try:
        found, p = rank_correlation(phi, accuracy)
    except InvalidSetting:  # all are alike, or one diverged
        return ""
    return f": Spearman ρ = {found.value:.2f} (p = {p:.1g})"


P = "Power et al. 2022, appendix A.5"
ROUGH = (
    "The seeds of the calibration, stopped at 2,000 steps, gave ρ = −0.68 (p = 0.001). At 1,500 steps, where half have "
    "generalized, some networks are seen in one of the dips that so high a rate brings."
)
CLAIMS = (
    Claim(
        "flatter-generalizes",
        "Validation accuracy falls with sharpness across trained networks: ρ = −0.795.",
        f"{P}; at most −0.5, our tolerance, at laptop scale below 0; there 20 of the 40 seeds were added after the "
        "first 20 had left it undecided",
        Quantity("Spearman's ρ of φ and validation accuracy", correlation),
        {"paper": at_most(-0.5), "laptop": at_most(0)},
        {"laptop": ROUGH},
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw)
