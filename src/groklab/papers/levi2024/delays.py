"""The delay grows with λ = inputs / examples; the paper's formula is its limit for vanishing ε (figure 1 right)."""

import functools
from collections.abc import Mapping

import numpy as np
import xarray
from jaxtyping import Float
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.papers.claims import Claim, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results, nothing
from groklab.papers.levi2024 import simulated
from groklab.papers.levi2024.comparisons import delays, furthest
from groklab.papers.levi2024.comparisons import times as generalizing
from groklab.papers.levi2024.pictures import draw_delays
from groklab.papers.parts import calculated as number
from groklab.plots.style import plain
from groklab.theory import LinearStudent, asymptotics, times
from groklab.theory import delay as theory

P = "Levi et al. 2024, figure 1 right and eq. 12"
S = "computed from the paper's formulas by other code"
RATIOS = np.array([0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99])
TABLE = (23.2, 119.7, 429.8, 1840, 4840, 20281, 71680, 9.802e5)  # Δt at ε = 1e-3
TOLERANCES = np.array([1e-2, 1e-3, 1e-4, 1e-6, 1e-9, 1e-15])
SHARES = (  # of eq. 12, a row each ε
    (0.451, 0.484, 0.443, 0.349, 0.272, 0.164, 0.093, 0.018),
    (0.571, 0.617, 0.601, 0.542, 0.480, 0.360, 0.250, 0.093),
    (0.652, 0.702, 0.699, 0.668, 0.631, 0.545, 0.436, 0.218),
    (0.752, 0.798, 0.806, 0.798, 0.786, 0.755, 0.709, 0.523),
    (0.829, 0.867, 0.876, 0.877, 0.875, 0.867, 0.854, 0.805),
    (0.896, 0.922, 0.930, 0.933, 0.933, 0.933, 0.930, 0.922),
)
CASES = {ratio: LinearStudent(ratio) for ratio in (0.3, 0.5, 0.7, 0.9)}
SEEDS = range(100, 116)


def calculated(scale: Scale) -> Mapping[str, xarray.Dataset]:
    """Return descents at four λ, and what theory says of them."""
    start = np.zeros(1)
    return {
        "runs": simulated.carried_out("ratio", CASES, start, seeds=SEEDS),
        "theory": simulated.expected("ratio", CASES, start),
    }


@functools.cache
def shares() -> Float[np.ndarray, "tolerances ratios"]:
    """Return the exact delays over those of eq. 12."""
    return (theory(RATIOS, TOLERANCES) / asymptotics.delay(RATIOS)[:, None]).T


def exact() -> Float[np.ndarray, "ratios"]:
    """Return the delays at ε = 1e-3."""
    return theory(RATIOS, simulated.TOLERANCE)


def lambert_over_exact(ratio: float) -> float:
    """Return the delay of eq. 24 over the exact one, both for a loss of ε/4."""
    train, validation = asymptotics.times(ratio, simulated.TOLERANCE)
    level = 0.9544997361036416  # erf √2, where L = ε/4
    return float((validation - train) / times(LinearStudent(ratio), simulated.TOLERANCE, level).delay)


def draw(results: Results) -> Picture:
    """Draw the exact delay over λ at several ε, eq. 12 above them, and descents."""
    picture, axes = plt.subplots(figsize=(6.2, 4.4), layout="constrained")
    ratios = np.linspace(0.05, 0.97, 60)
    palette = plt.colormaps["viridis"].resampled(len(TOLERANCES) + 1)
    for place, row in enumerate(theory(ratios, TOLERANCES).T):
        axes.plot(ratios, row, color=palette(place), linewidth=1.2, label=f"ε = {TOLERANCES[place]:g}")
    axes.plot(ratios, asymptotics.delay(ratios), "--", color="black", linewidth=1, label="equation 12")
    draw_delays(axes, results, "ratio")
    axes.set_yscale("log")
    axes.set_xlabel("λ = inputs / examples")
    axes.set_ylabel("steps from memorizing to generalizing (log scale)")
    plain(axes.yaxis)
    axes.legend(fontsize=7)
    return picture


CLAIMS = (
    Claim(
        "delays-of-theory",
        "The exact delay at ε = 0.001 for eight λ from 0.1 to 0.99.",
        f"{P}; {S}; 0.3 %, to three digits",
        number("greatest deviation from a table", lambda: furthest(exact(), np.array(TABLE))),
        at_most(3e-3),
    ),
    Claim(
        "shares-of-theory",
        "The exact delay as a share of equation 12, for six ε and eight λ.",
        f"{P}; {S}; 0.002",
        number("greatest difference from a table", lambda: float(np.abs(shares() - SHARES).max())),
        at_most(0.002),
    ),
    Claim(
        "equation-12-lies-above",
        "Equation 12 is the limit of vanishing ε: above every delay.",
        f"{P}; {S}",
        number("greatest exact delay / equation 12", lambda: float(shares().max())),
        at_most(1),
    ),
    Claim(
        "equation-12-is-approached",
        "It is approached from below as ε falls.",
        f"{P}; {S}",
        number(
            "least growth of exact delay / equation 12 from one ε to the next",
            lambda: float(np.diff(shares(), axis=0).min()),
        ),
        at_least(0),
    ),
    Claim(
        "equation-12-at-the-papers-tolerance",
        "At the paper's own ε = 0.001 equation 12 gives the delay at λ = 0.9.",
        f"{P}, of which the text says that it agrees well; a factor of 1.2 at most, our tolerance",
        number("equation 12 / exact delay, λ = 0.9", lambda: float(1 / shares()[1, 5])),
        between(1 / 1.2, 1.2),
        dict.fromkeys(
            ("laptop", "paper"),
            "It is 2.8 times too long: it takes (1 − √λ)² · 4ηt ≫ 1 when training loss falls below ε, where it is 0.2. "
            "Its form with Lambert's W (equation 24) is 12 % too long.",
        ),
    ),
    Claim(
        "equation-24-at-the-papers-tolerance",
        "With Lambert's W in place of the logarithm it is good at that ε.",
        f"Levi et al. 2024, eq. 24; {S}: + 12 %; 15 %",
        number("equation 24 / exact delay, λ = 0.9", lambda: lambert_over_exact(0.9)),
        between(1, 1.15),
    ),
    Claim(
        "the-delay-diverges",
        "At λ = 1 a student never generalizes.",
        f"{P}: a divergence as 1/(1 − λ)²",
        number(
            "step of generalizing, λ = 1", lambda: float(times(LinearStudent(1.0), simulated.TOLERANCE).generalized_at)
        ),
        at_least(1e12),
        dict.fromkeys(
            ("laptop", "paper"),
            "It does after 1.17e8 steps, about 1/(4πηL*²): equation 12 diverges as it takes ε to 0 first. At ε = 0.001 "
            "the delay goes on growing beyond λ = 1 and is infinite from 1/(1 − L*) = 1.00026.",
        ),
    ),
    Claim(
        "it-groks-in-time",
        "With nine tenths as many inputs as examples it generalizes when theory says.",
        f"Levi et al. 2024, figure 1; step 22,634, {S}; 12 %",
        generalizing("generalized_at", ratio=0.9),
        between(0.88, 1.12),
    ),
    *(
        Claim(
            f"descents-at-{100 * ratio:.0f}",
            "Descents on data sets of 1,000 inputs are delayed as theory says.",
            f"{P}; means over 4 seeds off by up to 4 %; {within:.0%}",
            delays(ratio=ratio),
            between(1 - within, 1 + within),
        )
        for ratio, within in ((0.3, 0.15), (0.5, 0.1), (0.7, 0.1), (0.9, 0.12))
    ),
)
FIGURE = Figure(nothing, CLAIMS, draw, calculated=calculated)
