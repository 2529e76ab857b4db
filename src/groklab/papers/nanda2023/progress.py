"""Progress measures see the circuit form long before test loss falls: three phases (section 5, figure 7)."""

from collections.abc import Callable, Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap, partly_known
from groklab.papers import crossings, words
from groklab.papers.claims import Claim, Scale, at_least, at_most, between, both
from groklab.papers.figure import Figure, Results
from groklab.papers.nanda2023 import setups
from groklab.papers.nanda2023.evolution import evolutions, phases_of, require_circuit
from groklab.phases import Phases
from groklab.plots.style import TRAIN, VALIDATION
from groklab.training import Sweep

FIRST = 10.0  # step where the figure begins
EXCLUDED, RESTRICTED, NORM = "#b5651d", "#2f6690", "#555555"
SHADES = ("#f3e3d3", "#e2ecd9", "#dbe7f0")
NAMES = ("memorization", "circuit formation", "cleanup")


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return the main run with every seed."""
    return {"mainline": setups.mainline(scale)}


def over_runs(measure: Callable[[xarray.Dataset, Phases], float]) -> Callable[[Results], Estimate]:
    """Return the median over runs of a number told from one run and its phases.

    Of a run that has not generalized nothing is known: what claims say of the circuit may hold there for other reasons.
    """

    def measured(results: Results) -> Estimate:
        runs = evolutions(results, "mainline")
        values = [measure(data, phases_of(data)) if has_learnt(data) else np.nan for data in runs]
        return partly_known(values, -np.inf, np.inf)

    return measured


def has_learnt(data: xarray.Dataset) -> bool:
    """Whether a run ends with a validation loss that is low."""
    return bool(data.validation_loss[-1] < crossings.LEARNT)


def until(data: xarray.Dataset, name: str, step: float) -> np.ndarray:
    """Return the values of a column from memorizing's first step on up to a step."""
    return data[name].sel(step=slice(1, step)).values


def restricted_left(data: xarray.Dataset, found: Phases) -> float:
    """Return which share of its greatest value restricted loss still has where test loss begins to fall."""
    before = until(data, "restricted_loss.all", found.turned)
    return float(before[-1] / before.max()) if np.isfinite(found.turned) else np.inf


def excluded_risen(data: xarray.Dataset, found: Phases) -> float:
    """Return how many times its least value excluded loss has reached where test loss begins to fall."""
    before = until(data, "excluded_loss.train", found.turned)
    return float(before[-1] / before.min()) if np.isfinite(found.turned) else 0.0


def squared_norm_left(data: xarray.Dataset, _: Phases) -> float:
    """Return the last Σ‖W‖² over the greatest."""
    squares = np.square(data.weight_norm.values)
    return float(squares[-1] / squares.max())


def last(name: str, over: str | None = None) -> Callable[[xarray.Dataset, Phases], float]:
    """Return a measure: the last value of a column, or its ratio to that of another."""
    return lambda data, _: float(data[name][-1] / (1 if over is None else data[over][-1]))


def draw(results: Results) -> Picture:
    """Draw losses, progress measures, weights and sparsity of the first run over its phases."""
    data = evolutions(results, "mainline")[0]
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
    picture.suptitle(f"{setups.described(results.first('mainline'))}: the first of {seeds}", fontsize=9)
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
        "median step of validation loss < 0.1",
        lambda results: crossings.time_below(results["mainline"], "validation_loss"),
        {"paper": between(5_000, 20_000), "laptop": between(2_000, 6_000)},
        {"laptop": setups.LATE},
    ),
    Claim(
        "loss-peaks",
        "Before that, test loss rises far above that of chance.",
        "the stored runs: 26.6 at 30 %, 10.1 at 40 %; 15 and 6, our tolerance",
        "greatest validation loss (nats)",
        lambda results: bootstrap(crossings.flat(results["mainline"].validation_loss.max("step"))),
        {"paper": at_least(15), "laptop": at_least(6)},
    ),
    Claim(
        "restricted-falls-first",
        "Restricted loss begins to fall before test loss does.",
        f"{S}; by half of its peak, our choice",
        "restricted loss / its peak, where test loss begins to fall",
        over_runs(restricted_left),
        both(at_most(0.5)),
    ),
    Claim(
        "excluded-rises-first",
        "Excluded loss rises before test loss begins to fall.",
        f"{S}; tenfold, our choice",
        "excluded loss / its least value, where test loss begins to fall",
        over_runs(excluded_risen),
        both(at_least(10)),
        {
            "laptop": "It rises, but at 40 % the phases overlap: it goes on rising while test loss falls. At 30 % "
            "it is 10.8-fold [4.48, 16.6] in three seeds."
        },
    ),
    Claim(
        "key-frequencies-carry-it",
        "In the end the network needs its key frequencies, even on the training data.",
        f"{S}; 1 nat, our choice",
        "last excluded loss on the training data (nats)",
        over_runs(last("excluded_loss.train")),
        both(at_least(1)),
    ),
    Claim(
        "nothing-else-is-needed",
        "In the end the key frequencies alone do better than the whole network.",
        "Nanda et al. 2023, section 4.4",
        "last restricted loss / last loss, on all examples",
        over_runs(last("restricted_loss.all", "full_loss.all")),
        both(at_most(1)),
    ),
    Claim(
        "weights-shrink",
        "In the end the sum of squared weights is far below its peak.",
        f"{S}; by 30 %, our choice",
        "last Σ‖W‖² / greatest",
        over_runs(squared_norm_left),
        both(at_most(0.7)),
    ),
    Claim(
        "embedding-becomes-sparse",
        "In the end the embedding is sparse in the Fourier basis.",
        f"{S}; 0.4 at laptop scale, 0.5 at paper scale, our choice",
        "last Gini coefficient of the embedding",
        over_runs(last("gini.embedding")),
        {"paper": at_least(0.5), "laptop": at_least(0.4)},
    ),
)


FIGURE = Figure(
    "Progress measures and three phases",
    "Nanda et al. 2023, figure 7",
    sweeps,
    CLAIMS,
    draw,
    setups.setting(),
    require_circuit,
)
