"""Both losses at late times, exactly and as the paper approximates them (figure 6)."""

import functools
from collections.abc import Callable

import numpy as np
from jaxtyping import Float
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.papers.claims import Claim, at_most, between
from groklab.papers.figure import Figure, Results, nothing
from groklab.papers.parts import calculated as number
from groklab.plots.style import TRAIN, VALIDATION, plain
from groklab.theory import LinearStudent, asymptotics, closed_forms, losses, marchenko_pastur
from groklab.theory.domain import Values

P = "Levi et al. 2024, figure 6"
S = "computed from the paper's formulas by other code"
RATIO, CLOCK = 0.9, 1000.0
CLOCKS = np.geomspace(0.01, 5000, 120)
RATIOS = (0.1, 0.5, 0.9, 1.0, 1.5)
PER_STEP = 0.04  # of the clock s = 4ηt, at η = 0.01


@functools.cache
def curves(ratio: float) -> tuple[Float[np.ndarray, "clocks"], Float[np.ndarray, "clocks"]]:
    """Return both losses by quadrature."""
    found = losses(LinearStudent(ratio), CLOCKS / PER_STEP)
    return found.train, found.validation


def off_bessel() -> float:
    """Return how far training loss by quadrature is from its Bessel function."""
    return max(_off(curves(ratio)[0], closed_forms.train_loss(CLOCKS, ratio)) for ratio in RATIOS)


def off_series() -> float:
    """Return how far validation loss by quadrature is from its series, λ = 1 left out, where that is slow."""
    ratios = [ratio for ratio in RATIOS if ratio != 1]
    return max(_off(curves(ratio)[1], closed_forms.validation_loss(CLOCKS, ratio)) for ratio in ratios)


def _off(found: Float[np.ndarray, "clocks"], exact: Float[np.ndarray, "clocks"]) -> float:
    """Return the greatest relative deviation while a loss is above 1e-250."""
    counts = exact > 1e-250
    return float(np.abs(found[counts] / exact[counts] - 1).max())


def off_moments() -> float:
    """Return how far five moments of the law of eigenvalues are from their closed forms, λ up to 0.9."""
    apart = []
    for ratio in (0.1, 0.5, 0.9):
        moments = {0: 1.0, 1: 1.0, 2: 1 + ratio, -1: 1 / (1 - ratio), -2: 1 / (1 - ratio) ** 3}
        for power, exact in moments.items():
            found = marchenko_pastur.mean(lambda values, power=power: values**power, ratio)
            apart.append(abs(found / exact - 1))
    return max(apart)


def off_slope() -> float:
    """Return how far the slope of validation loss is from −4ηL, with L the training loss, over λ and steps."""
    apart, width = [], 1e-5
    for ratio in RATIOS:
        for step in (1.0, 100.0, 3000.0):
            at = step * (1 + width * np.array([-1.0, 0.0, 1.0]))
            found = losses(LinearStudent(ratio), at)
            slope = (found.validation[2] - found.validation[0]) / (at[2] - at[0])
            apart.append(abs(slope / (-PER_STEP * found.train[1]) - 1))
    return float(max(apart))


def early(approximation: Callable[[float, float], Values]) -> float:
    """Return by how much an approximation is off at s = 1,000 and λ = 0.9."""
    train, validation = (float(each) for each in losses(LinearStudent(RATIO), CLOCK / PER_STEP))
    exact = train if approximation is asymptotics.train_loss else validation
    return float(approximation(CLOCK, RATIO)) / exact - 1


def draw(results: Results) -> Picture:
    """Draw both losses and what the paper takes them for, and how far these are off."""
    picture, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
    clocks = np.geomspace(1, 5000, 150)
    found = losses(LinearStudent(RATIO), clocks / PER_STEP)
    exact = {"train": found.train, "validation": found.validation}
    shown = (
        ("train", asymptotics.train_loss, "equation 22", TRAIN, "--"),
        ("validation", asymptotics.validation_loss, "equation 23", VALIDATION, "--"),
        ("validation", asymptotics.latest_validation_loss, "equation 11", VALIDATION, ":"),
    )
    for part, color in (("train", TRAIN), ("validation", VALIDATION)):
        left.plot(clocks / PER_STEP, exact[part], color=color, label=part)
    for part, approximation, name, color, style in shown:
        found = approximation(clocks, RATIO)
        left.plot(clocks / PER_STEP, found, style, color="black", linewidth=1, label=name)
        right.plot(clocks / PER_STEP, np.abs(found / exact[part] - 1), style, color=color, label=name)
    for axes, what in ((left, "mean squared error"), (right, "|approximation / loss − 1|")):
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("step of gradient flow, η = 0.01 (log scale)")
        axes.set_ylabel(what)
        plain(axes.xaxis)
        axes.legend(fontsize=8)
    left.set_title(f"λ = {RATIO:g}", loc="left", fontsize=9)
    return picture


CLAIMS = (
    Claim(
        "training-loss-is-a-bessel-function",
        "Training loss by quadrature is a modified Bessel function.",
        "Levi et al. 2024, eq. 9; 1e-12, our tolerance",
        number("greatest relative deviation over five λ and s from 0.01 to 5,000", off_bessel),
        at_most(1e-12),
    ),
    Claim(
        "validation-loss-is-a-series",
        "Validation loss, for which the paper found no closed form, is a series of Bessel functions.",
        "follows from Levi et al. 2024, eq. 8; 1e-11, our tolerance",
        number("greatest relative deviation over four λ and s from 0.01 to 5,000", off_series),
        at_most(1e-11),
    ),
    Claim(
        "moments-of-the-law",
        "Five moments of the eigenvalues are those of the law of Marchenko and Pastur.",
        "closed forms; 1e-12, our tolerance",
        number("greatest relative deviation, λ = 0.1, 0.5 and 0.9", off_moments),
        at_most(1e-12),
    ),
    Claim(
        "validation-falls-by-training-loss",
        "Validation loss falls at four times the rate times training loss.",
        "Levi et al. 2024, eq. 21; 1e-6, our tolerance",
        number("greatest relative deviation of a difference quotient, five λ", off_slope),
        at_most(1e-6),
    ),
    *(
        Claim(
            f"equation-{name}-is-late",
            f"At s = 1,000 and λ = 0.9 equation {name} is off by {off:.2g}.",
            f"{P}; {S}; 10 % of that",
            number("approximation / loss − 1", lambda form=form: early(form)),
            between(0.9 * off, 1.1 * off),
        )
        for name, off, form in (
            ("22", 2.0e-4, asymptotics.train_loss),
            ("23", 1.6e-4, asymptotics.validation_loss),
            ("11", 0.46, asymptotics.latest_validation_loss),
        )
    ),
)
FIGURE = Figure(nothing, CLAIMS, draw)
