"""The more outputs, the longer the delay, up to a point; then it shrinks to nothing (figure 2)."""

import functools
from collections.abc import Mapping

import numpy as np
import xarray
from jaxtyping import Float, Int
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results, nothing
from groklab.papers.levi2024 import simulated
from groklab.papers.levi2024.comparisons import delay, delays, furthest
from groklab.papers.levi2024.pictures import draw_delays
from groklab.papers.parts import calculated as number
from groklab.plots.style import plain
from groklab.theory import LinearStudent, times

P = "Levi et al. 2024, figure 2 and eq. 13"
S = "computed from the paper's formulas by other code"
RATIO = 0.9
TABLE = {
    1: 20281, 2: 31200, 5: 49300, 10: 62818, 15: 68724, 20: 71259, 25: 72013, 30: 71744, 40: 69611, 50: 66529,
    100: 50570, 200: 30749, 300: 20413, 500: 10380, 700: 5489, 1000: 905, 1073: 0,
}  # fmt: skip
CASES = {count: LinearStudent(RATIO, outputs=count) for count in (1, 25, 50, 700)}


def calculated(scale: Scale) -> Mapping[str, xarray.Dataset]:
    """Return descents with several numbers of outputs, and what theory says of them."""
    start = np.zeros(1)
    return {
        "runs": simulated.carried_out("outputs", CASES, start),
        "theory": simulated.expected("outputs", CASES, start),
    }


def exact(counts: Int[np.ndarray, "counts"]) -> Float[np.ndarray, "counts"]:
    """Return the delays of theory."""
    found = [times(LinearStudent(RATIO, outputs=int(count)), simulated.TOLERANCE).delay for count in counts]
    return np.array(found, float)


@functools.cache
def longest() -> int:
    """Return the number of outputs with the longest delay."""
    counts = np.arange(10, 81)
    return int(counts[exact(counts).argmax()])


def against_one(results: Results) -> Estimate:
    """Return how many times longer the delay is with 25 outputs than with one, seed by seed."""
    runs = results["runs"]
    return bootstrap(delay(runs.sel(outputs=25)) / delay(runs.sel(outputs=1)))


def against_many(results: Results) -> Estimate:
    """Return how many times longer the delay is with 25 outputs than with 700, seed by seed."""
    runs = results["runs"]
    return bootstrap(delay(runs.sel(outputs=25)) / delay(runs.sel(outputs=700)))


def off_table() -> float:
    """Return the greatest deviation of theory from the table; a delay of 0 is 0."""
    found = exact(np.array(list(TABLE)))
    assert found[-1] == TABLE[1073]
    return furthest(found[:-1], np.array(list(TABLE.values())[:-1], float))


def draw(results: Results) -> Picture:
    """Draw the delay over the number of outputs, and descents."""
    picture, axes = plt.subplots(figsize=(5.8, 4), layout="constrained")
    counts = np.unique(np.geomspace(1, 1072, 60).astype(int))
    axes.plot(counts, exact(counts), "--", color="black", linewidth=1, label="theory")
    draw_delays(axes, results, "outputs")
    axes.axvline(longest(), color="#555555", linewidth=0.8, linestyle=":", label=f"longest: {longest()}")
    axes.set_xscale("log")
    axes.set_yscale("log")
    for axis in (axes.xaxis, axes.yaxis):
        plain(axis)
    axes.set_xlabel("number of outputs (log scale)")
    axes.set_ylabel("steps from memorizing to generalizing (log scale)")
    axes.set_title(f"λ = {RATIO:g}, ε = {simulated.TOLERANCE:g}", loc="left", fontsize=9)
    axes.legend()
    return picture


CLAIMS = (
    Claim(
        "delays-of-theory",
        "The exact delay for seventeen numbers of outputs; with 1,073 there is none.",
        f"{P}; {S}; 0.1 %",
        number("greatest deviation from a table", off_table),
        at_most(1e-3),
    ),
    Claim(
        "the-longest-delay-is-in-between",
        "The delay is longest at a number of outputs in between.",
        f"{P}; {S}: 26 ± 6",
        number("number of outputs with the longest delay", longest),
        between(20, 32),
    ),
    Claim(
        "longest-near-fifty",
        "It is longest near 50 outputs.",
        f"{P}, caption: about 50; 40 to 60, our tolerance",
        number("number of outputs with the longest delay", longest),
        between(40, 60),
        dict.fromkeys(
            ("laptop", "paper"),
            "The paper's own equation 13 has its maximum at 25, and at 50 a delay that is 8 % shorter.",
        ),
    ),
    Claim(
        "twenty-five-against-one",
        "Descents with 25 outputs are delayed far longer than with one.",
        f"{P}; {S}: 3.55; four draws 3.57 to 4.44; at least 2",
        Quantity("delay with 25 outputs / with one, the median over seeds", against_one),
        at_least(2),
    ),
    Claim(
        "twenty-five-against-many",
        "And than with 700.",
        f"{P}; {S}: 13.1; at least 5",
        Quantity("delay with 25 outputs / with 700, the median over seeds", against_many),
        at_least(5),
    ),
    Claim(
        "descents-with-fifty",
        "Descents with 50 outputs are delayed as theory says.",
        f"{P}; four draws 0.97 to 1.06; 10 %",
        delays(outputs=50),
        between(0.9, 1.1),
    ),
    Claim(
        "descents-with-many",
        "So are those with 700.",
        f"{P}; four draws 0.991 to 1.002; 3 %",
        delays(outputs=700),
        between(0.97, 1.03),
    ),
)
FIGURE = Figure(nothing, CLAIMS, draw, calculated=calculated)
