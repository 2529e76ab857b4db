"""Regression: large weights memorize, and generalize once decay has shrunk them, in time ∝ 1/γ (figure 2)."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, partly_known
from groklab.papers import quantities
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results
from groklab.papers.members import along, columns_of, each
from groklab.papers.omnigrok2023 import decays, setups
from groklab.papers.parts import Part, measure
from groklab.plots.curves import draw_curves
from groklab.plots.style import plain
from groklab.training import Sweep

STANDARD = setups.TEACHER.replace(record=setups.TEACHER.record.replace(stop_after=4), steps=100_000)
SETUP = setups.repeated({"paper": STANDARD, "laptop": STANDARD})
TIGHT, LOOSE = 0.001, 0.01  # squared error of a right answer: that of the released code, and that of the text
DECAYS: Mapping[Scale, tuple[float, ...]] = {"paper": (0.03, 0.1, 0.3, 1.0), "laptop": (0.1, 0.2, 0.4, 0.8)}
NEVER: Mapping[Scale, int] = {"paper": 100_000, "laptop": 20_000}  # steps allowed without decay
SMALL: Mapping[Scale, int] = {"paper": 100_000, "laptop": 5_000}  # steps allowed small weights
SMALL_DECAYS = (0.0, 0.03, 1.0)
FASTEST = 3  # times as late as memorizing: less is no grokking


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return large weights with every decay and with none, and small weights with little, much and none."""
    return {
        "decayed": SETUP.sweep(scale, {"weight_decay": DECAYS[scale]}, tolerance=TIGHT),
        "without": SETUP.sweep(scale, weight_decay=0.0, tolerance=TIGHT, steps=NEVER[scale]),
        "small": SETUP.sweep(scale, {"weight_decay": SMALL_DECAYS}, alpha=0.5, tolerance=LOOSE, steps=SMALL[scale]),
    }


@measure("γ · step of 95 % validation accuracy, the median over decays and seeds")
def product(data: xarray.Dataset) -> Estimate:
    """Return decay times the step of generalizing, unknown of a run that did not."""
    values = data.weight_decay.values[:, None] * decays.times(data, "generalized_at")
    return partly_known(np.where(np.isfinite(values), values, np.nan).reshape(-1), 0, np.inf)


@measure("greatest step of 95 % training accuracy over decays / least, the median over seeds")
def spread(data: xarray.Dataset) -> Estimate:
    """Return by how much the time of memorizing depends on the decay; unknown of a seed that did not with each."""
    found = decays.times(data, "memorized_at")
    known = np.where(np.isfinite(found), found, np.nan)
    return partly_known(known.max(0) / known.min(0), 1, np.inf)


@measure("slope of ln ‖w‖ from memorizing to generalizing / −ηγ, the median over decays and seeds")
def shrinking(data: xarray.Dataset) -> Estimate:
    """Return how fast the norm shrinks, in units of what decay alone does; unknown of a run that did not generalize."""
    rate = setups.TEACHER.optimizer.learning_rate
    return partly_known([_shrinking(run, rate) for run in each(data)], -np.inf, np.inf)


def _shrinking(run: xarray.Dataset, rate: float) -> float:
    begin, end = float(run.memorized_at), float(run.generalized_at)
    seen = run.weight_norm.dropna("step").sel(step=slice(begin, min(end, 1e12)))
    if not np.isfinite(end) or seen.size < 3:
        return np.nan
    return float(np.polyfit(seen.step, np.log(seen), 1)[0]) / (-rate * float(run.weight_decay))


def slowest(results: Results) -> list[Estimate]:
    """Return how many times later small weights generalize than memorize, with each decay."""
    return [quantities.delay_ratio(data) for data in along(results["small"], "weight_decay")]


def draw(results: Results) -> Picture:
    """Draw accuracies with little decay, the norm that shrinks meanwhile, and both times against the decay."""
    picture, (left, middle, right) = plt.subplots(1, 3, figsize=(12, 3.7), layout="constrained")
    data = results["decayed"]
    weakest = data.isel(weight_decay=0)
    draw_curves(left, [columns_of(run) for run in each(weakest)], "accuracy")
    left.set_title(f"γ = {float(weakest.weight_decay):g}: right within {TIGHT:g}", loc="left", fontsize=9)
    left.set_xlabel("optimizer step (log scale)")
    left.legend()
    _norms(middle, results)
    decays.draw_times(right, data)
    right.set_title("steps with 95 % accuracy", loc="left", fontsize=9)
    return picture


def _norms(axes: Axes, results: Results) -> None:
    """Draw the norm of every run: straight lines where decay alone shrinks it."""
    data = results["decayed"]
    palette = plt.colormaps["viridis"].resampled(data.sizes["weight_decay"] + 1)
    for number, decay in enumerate(data.weight_decay.values):
        for at, run in enumerate(map(columns_of, each(data.isel(weight_decay=number)))):
            label = None if at else f"γ = {decay:g}"
            axes.plot(run["step"], run["weight_norm"], color=palette(number), label=label)
    axes.set_yscale("log")
    plain(axes.yaxis, (1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20))
    axes.set_xlabel("optimizer step")
    axes.set_ylabel("norm of all weights (log scale)")
    axes.legend()


P = "Liu et al. 2023, section 3"
DECAYED, WITHOUT = Part("decayed"), Part("without", "γ = 0")
CLAIMS = (
    Claim(
        "time-is-inverse-to-decay",
        "Large weights generalize in a time that is inversely proportional to the decay.",
        f"{P}, figure 2c: −1; ± 0.1 from 0.03 to 1, on a laptop ± 0.2 from 0.1 to 0.8, our tolerance",
        decays.slope.of(DECAYED, "generalized_at"),
        {"paper": between(-1.1, -0.9), "laptop": between(-1.2, -0.8)},
    ),
    Claim(
        "decay-times-time",
        "The product of both is that of the released run.",
        "the stored log: 95 % near step 40,000 with γ = 0.05; 1,400 to 2,800, our tolerance",
        product.of(DECAYED),
        between(1_400, 2_800),
    ),
    Claim(
        "memorizing-does-not-care",
        "The time of memorizing does not depend on the decay.",
        f"{P}; 1.2, on a laptop 1.3, our tolerance",
        spread.of(DECAYED),
        {"paper": at_most(1.2), "laptop": at_most(1.3)},
    ),
    Claim(
        "memorizing-time",
        "Training data is memorized in some hundred steps.",
        "the stored log: 91 % at step 600, 99 % at 800; 500 to 1,000, our tolerance",
        quantities.time.of(DECAYED, "memorized_at"),
        between(500, 1_000),
    ),
    Claim(
        "without-decay-never",
        "Without decay large weights do not generalize.",
        f"{P}, figure 2b; at most 30 % within 0.001, our tolerance; on a laptop in 20,000 steps",
        quantities.best.of(WITHOUT),
        at_most(0.3),
    ),
    Claim(
        "without-decay-memorized",
        "Yet they memorize.",
        f"{P}, figure 2b; 95 %",
        quantities.best.of(WITHOUT, "train_accuracy"),
        at_least(0.95),
    ),
    Claim(
        "small-weights-do-not-grok",
        "Small weights generalize when they memorize, whatever the decay.",
        f"{P}, figure 2b: α = 0.5 with γ = 0, 0.03 and 1; at most {FASTEST} times as late, our choice",
        Quantity("generalized_at / memorized_at at the worst decay, α = 0.5, within 0.01", slowest),
        at_most(FASTEST),
    ),
    Claim(
        "decay-alone-shrinks",
        "After memorizing the norm shrinks as decay alone would have it: w(t) = w₀ exp(−ηγt).",
        "Liu et al. 2023, section 2; 5 %, our tolerance",
        shrinking.of(DECAYED),
        between(0.95, 1.05),
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw)
