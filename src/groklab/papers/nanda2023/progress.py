"""Progress measures see the circuit form long before test loss falls: three phases (section 5, figure 7)."""

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture

from groklab.papers import crossings, quantities, words
from groklab.papers.claims import Claim, at_least, at_most, between
from groklab.papers.figure import Figure, Results
from groklab.papers.nanda2023 import mainline, setups
from groklab.papers.nanda2023.mainline import evolutions, last, over_runs, phases_of, require_circuit, sweeps
from groklab.papers.parts import Part
from groklab.papers.words import described
from groklab.phases import NAMES, Phases
from groklab.plots.style import TRAIN, VALIDATION

FIRST = 10.0  # step where the figure begins
EXCLUDED, RESTRICTED, NORM = "#b5651d", "#2f6690", "#555555"
SHADES = ("#f3e3d3", "#e2ecd9", "#dbe7f0")
MAINLINE = Part(mainline.NAME)


def until_turned(data: xarray.Dataset, name: str) -> np.ndarray:
    """Return the values of a column from memorizing's first step on until test loss begins to fall; none if never."""
    turned = phases_of(data).turned
    return data[name].sel(step=slice(1, turned)).values if np.isfinite(turned) else np.empty(0)


def restricted_left(data: xarray.Dataset) -> float:
    """Return which share of its greatest value restricted loss still has where test loss begins to fall."""
    before = until_turned(data, "restricted_loss.all")
    return float(before[-1] / before.max()) if before.size else np.inf


def excluded_risen(data: xarray.Dataset) -> float:
    """Return how many times its least value excluded loss has reached where test loss begins to fall."""
    before = until_turned(data, "excluded_loss.train")
    return float(before[-1] / before.min()) if before.size else 0.0


def squared_norm_left(data: xarray.Dataset) -> float:
    """Return the last Σ‖W‖² over the greatest."""
    squares = np.square(data.weight_norm.values)
    return float(squares[-1] / squares.max())


def draw(results: Results) -> Picture:
    """Draw losses, progress measures, weights and sparsity of the first run over its phases."""
    data = evolutions(results)[0]
    found = phases_of(data)
    picture, rows = plt.subplots(3, 1, figsize=(7, 7.6), sharex=True, layout="constrained")
    curves = (
        (("train_loss", TRAIN, "train"), ("validation_loss", VALIDATION, "validation")),
        (
            ("excluded_loss.train", EXCLUDED, "excluded, train"),
            ("restricted_loss.all", RESTRICTED, "restricted, all"),
            ("validation_loss", VALIDATION, "validation"),
        ),
    )
    for axes, lines in zip(rows, curves, strict=False):
        for name, color, label in lines:
            axes.plot(data.step[1:], data[name][1:], color=color, label=label)
        axes.set_yscale("log")
        axes.set_ylabel("loss (nats)")
    _weights(rows[2], data)
    for axes in rows:
        shade(axes, found, float(data.step[-1]), named=axes is rows[0])
        axes.set_xscale("log")
        axes.set_xlim(FIRST, float(data.step[-1]))
        axes.legend(loc="lower left")
    rows[2].set_xlabel("optimizer step (log scale)")
    seeds = words.counted(results["mainline"].sizes["seed"], "seed")
    picture.suptitle(f"{described(results.first('mainline'))}: the first of {seeds}", fontsize=9)
    return picture


def _weights(axes: Axes, data: xarray.Dataset) -> None:
    squares = np.square(data.weight_norm)
    axes.plot(data.step[1:], (squares / squares.max())[1:], color=NORM, label="Σ‖W‖², share of its peak")
    for part, color in (("embedding", EXCLUDED), ("output", RESTRICTED)):
        axes.plot(data.step[1:], data[f"gini.{part}"][1:], color=color, label=f"Gini coefficient, {part}")
    axes.set_ylim(0, 1.05)


def shade(axes: Axes, found: Phases, end: float, *, named: bool) -> None:
    """Shade the three phases, and name them if asked to."""
    edges = [FIRST, *(min(step, end) for step in found)]
    for begin, finish, color, name in zip(edges, edges[1:], SHADES, NAMES, strict=False):
        axes.axvspan(begin, finish, color=color, linewidth=0, zorder=0)
        if named and finish > begin:
            middle = (begin * finish) ** 0.5
            axes.text(middle, 1.02, name, ha="center", va="bottom", fontsize=8, transform=axes.get_xaxis_transform())


S = "Nanda et al. 2023, section 5.2 and figure 7"
CLAIMS = (
    Claim(
        "it-groks",
        "Test loss falls below 0.1 after thousands of steps only.",
        "the stored runs: 7,930 at 30 %, 3,109 at 40 %; the bounds are ours",
        crossings.time_below.of(MAINLINE, "validation_loss"),
        {"paper": between(5_000, 20_000), "laptop": between(2_000, 6_000)},
        setups.LATE,
    ),
    Claim(
        "loss-peaks",
        "Before that, test loss rises far above that of chance.",
        "the stored runs: 26.6 at 30 %, 10.1 at 40 %; 15 and 6, our tolerance",
        quantities.highest.of(MAINLINE),
        {"paper": at_least(15), "laptop": at_least(6)},
    ),
    Claim(
        "restricted-falls-first",
        "Restricted loss begins to fall before test loss does.",
        f"{S}; by half of its peak, our choice",
        over_runs("restricted loss / its peak, where test loss begins to fall", restricted_left),
        at_most(0.5),
    ),
    Claim(
        "excluded-rises-first",
        "Excluded loss rises before test loss begins to fall.",
        f"{S}; tenfold, our choice",
        over_runs("excluded loss / its least value, where test loss begins to fall", excluded_risen),
        at_least(10),
        {
            "laptop": "It rises, but at 40 % the phases overlap: it goes on rising while test loss falls. At 30 % "
            "it is 10.8-fold [4.48, 16.6] in three seeds."
        },
    ),
    Claim(
        "key-frequencies-carry-it",
        "In the end the network needs its key frequencies, even on the training data.",
        f"{S}; 1 nat, our choice",
        last("last excluded loss on the training data (nats)", "excluded_loss.train"),
        at_least(1),
    ),
    Claim(
        "nothing-else-is-needed",
        "In the end the key frequencies alone do better than the whole network.",
        "Nanda et al. 2023, section 4.4",
        last("last restricted loss / last loss, on all examples", "restricted_loss.all", "full_loss.all"),
        at_most(1),
    ),
    Claim(
        "weights-shrink",
        "In the end the sum of squared weights is far below its peak.",
        f"{S}; by 30 %, our choice",
        over_runs("last Σ‖W‖² / greatest", squared_norm_left),
        at_most(0.7),
    ),
    Claim(
        "embedding-becomes-sparse",
        "In the end the embedding is sparse in the Fourier basis.",
        f"{S}; 0.4 at laptop scale, 0.5 at paper scale, our choice",
        last("last Gini coefficient of the embedding", "gini.embedding"),
        {"paper": at_least(0.5), "laptop": at_least(0.4)},
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw, require_circuit)
