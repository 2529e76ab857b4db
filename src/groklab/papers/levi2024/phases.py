"""Where a linear student groks: the delay over λ, weight decay and outputs, in theory (figure 4)."""

import functools

import numpy as np
from jaxtyping import Float
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure as Picture
from numpy.typing import ArrayLike

from groklab.papers.claims import Claim, at_least, at_most
from groklab.papers.figure import Figure, Results, nothing
from groklab.papers.levi2024 import simulated
from groklab.papers.levi2024.comparisons import furthest
from groklab.papers.parts import calculated as number
from groklab.predictions.students import over
from groklab.theory import critical_weight_decay, loss_at

P = "Levi et al. 2024, figure 4"
S = "computed from the paper's formulas by other code"
RATIO, NEVER = 0.9, np.inf
DECAYS = (1e-5, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1)
OVER_DECAY = {
    0.1: (23.2, 23.2, 23.4, 23.8, 25.8, 44.5, NEVER),
    0.3: (119.7, 119.8, 121.1, 124.2, 141.1, NEVER, NEVER),
    0.5: (429.8, 430.4, 436.8, 454.6, 586.5, NEVER, NEVER),
    0.7: (1840, 1845, 1895, 2075, NEVER, NEVER, NEVER),
    0.8: (4842, 4859, 5094, 6419, NEVER, NEVER, NEVER),
    0.9: (20296, 20452, 24724, NEVER, NEVER, NEVER, NEVER),
    0.95: (71790, 73250, NEVER, NEVER, NEVER, NEVER, NEVER),
    0.99: (9.81e5, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER),
    1.1: (NEVER,) * 7,
    1.5: (NEVER,) * 7,
}
WITH_OUTPUTS = {
    5: (49300, 49290, 49640, 53640, NEVER, NEVER, NEVER),
    25: (72000, 71910, 71010, 69390, 66740, 85120, NEVER),
    50: (66520, 66460, 65820, 64530, 61040, 56330, NEVER),
    100: (50570, 50540, 50260, 49670, 47820, 43900, 37780),
    300: (20410, 20410, 20380, 20310, 20090, 19480, 17750),
}
OUTPUTS = (1, 3, 10, 30, 100, 300, 700, 1000)
OVER_OUTPUTS = {
    0.1: (23.2, 60.9, 163.5, 366.5, 749.8, 1072, 746.6, 165.3),
    0.3: (119.7, 313.4, 828.7, 1780, 3226, 3706, 2094, 426),
    0.5: (429.8, 1088, 2692, 5225, 7984, 7213, 3297, 624),
    0.7: (1840, 4323, 9371, 15330, 18230, 12220, 4411, 779),
    0.8: (4840, 10560, 20470, 29360, 28850, 15720, 4951, 845),
    0.9: (20281, 38860, 62820, 71740, 50570, 20410, 5489, 905),
    0.95: (71680, 1.22e5, 1.632e5, 1.439e5, 72650, 23440, 5759, 933),
    0.99: (9.80e5, 1.186e6, 8.575e5, 3.746e5, 1.051e5, 26340, 5976, 955),
}


def delays(**axes: ArrayLike) -> Float[np.ndarray, "..."]:
    """Return the delays of theory over some settings, those of one value left out."""
    return over(axes).delay.values.squeeze()


@functools.cache
def over_decay() -> Float[np.ndarray, "ratios decays"]:
    """Return delays over λ and γ, one output."""
    return delays(ratio=list(OVER_DECAY), weight_decay=DECAYS)


@functools.cache
def with_outputs() -> Float[np.ndarray, "outputs decays"]:
    """Return delays over outputs and γ, λ = 0.9."""
    return delays(ratio=[RATIO], outputs=list(WITH_OUTPUTS), weight_decay=DECAYS)


@functools.cache
def over_outputs() -> Float[np.ndarray, "ratios outputs"]:
    """Return delays over λ and outputs, without decay."""
    return delays(ratio=list(OVER_OUTPUTS), outputs=OUTPUTS)


def white() -> float:
    """Return the share of a grid of λ and γ in which an infinite delay is not the same as too much decay."""
    ratios, decays = np.linspace(0.05, 0.95, 10), np.geomspace(1e-5, 1e-1, 13)
    loss = float(loss_at(simulated.LEVEL, simulated.TOLERANCE))
    infinite = np.isinf(delays(ratio=ratios, weight_decay=decays))
    too_much = [decays >= critical_weight_decay(float(ratio), loss) for ratio in ratios]
    return float((infinite != np.array(too_much)).mean())


def draw(results: Results) -> Picture:
    """Draw the delay over each two of λ, decay and outputs; white is where it never generalizes."""
    picture, row = plt.subplots(1, 3, figsize=(13, 3.8), layout="constrained")
    ratios, decays = np.linspace(0.05, 1.1, 22), np.geomspace(1e-5, 1e-1, 17)
    counts = np.unique(np.geomspace(1, 1000, 17).astype(int))
    _map(row[0], ratios, decays, delays(weight_decay=decays, ratio=ratios), "λ", "weight decay γ")
    over_both = delays(ratio=[RATIO], weight_decay=decays, outputs=counts)
    _map(row[1], counts, decays, over_both, "outputs", "weight decay γ")
    _map(row[2], ratios, counts, delays(outputs=counts, ratio=ratios), "λ", "outputs")
    for axes, fixed in zip(row, ("one output", "λ = 0.9", "no decay"), strict=True):
        axes.set_title(fixed, loc="left", fontsize=9)
    row[1].set_xscale("log")
    return picture


def _map(axes: Axes, x: np.ndarray, y: np.ndarray, table: np.ndarray, across: str, upwards: str) -> None:
    values = np.ma.masked_invalid(np.ma.masked_less_equal(table, 0))
    image = axes.pcolormesh(x, y, values, norm=LogNorm(10, 1e6), cmap="magma_r", shading="nearest")
    axes.figure.colorbar(image, ax=axes, label="delay (steps)")
    axes.set_yscale("log")
    axes.set_xlabel(across)
    axes.set_ylabel(upwards)
    axes.grid(visible=False)


CLAIMS = (
    Claim(
        "over-ratio-and-decay",
        "The delay over λ and weight decay, where it is infinite too.",
        f"{P}; {S}; 0.5 %",
        number(
            "greatest deviation from a table of 70", lambda: furthest(over_decay(), np.array([*OVER_DECAY.values()]))
        ),
        at_most(5e-3),
    ),
    Claim(
        "over-outputs-and-decay",
        "The delay over the number of outputs and weight decay.",
        f"{P}; {S}; 0.5 %",
        number(
            "greatest deviation from a table of 35",
            lambda: furthest(with_outputs(), np.array([*WITH_OUTPUTS.values()])),
        ),
        at_most(5e-3),
    ),
    Claim(
        "over-ratio-and-outputs",
        "The delay over λ and the number of outputs.",
        f"{P}; {S}; 0.5 %",
        number(
            "greatest deviation from a table of 64",
            lambda: furthest(over_outputs(), np.array([*OVER_OUTPUTS.values()])),
        ),
        at_most(5e-3),
    ),
    Claim(
        "white-is-too-much-decay",
        "It never generalizes where decay leaves more of validation loss than 95 % allow, and only there.",
        f"{P}; {S}",
        number("share of a grid of 130 where the two differ", white),
        at_most(0),
    ),
    Claim(
        "delay-peaks-within",
        "At every λ from 0.1 to 0.99 the delay is longest for a number of outputs in between.",
        f"{P}",
        number(
            "least of the longest delay / that of one output",
            lambda: float((over_outputs().max(1) / over_outputs()[:, 0]).min()),
        ),
        at_least(1.1),
    ),
)
FIGURE = Figure(nothing, CLAIMS, draw)
