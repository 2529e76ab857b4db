"""Gradient descent finds such weights: it groks, and each unit comes to one frequency with phases that fit."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap, partly_known
from groklab.papers import quantities, words
from groklab.papers.claims import Claim, Scale, at_least, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.gromov2023.setups import SETUP
from groklab.papers.members import columns_of, each, flat, last
from groklab.papers.parts import Part, measure
from groklab.plots.curves import draw_curves
from groklab.plots.style import MARK, TRAIN, VALIDATION
from groklab.training import Sweep

P = "Gromov 2023"
RATIO = "participation.output"


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return addition, learnt by full-batch gradient descent without decay."""
    return {"addition": SETUP.sweep(scale)}


def at(run: xarray.Dataset, name: str, step: float) -> float:
    """Return what was last recorded of a run at a step; nan where that never came."""
    return float(run[name].dropna("step").sel(step=step, method="pad")) if np.isfinite(step) else np.nan


@measure("participation ratio at the step of memorizing / at first")
def early(data: xarray.Dataset) -> Estimate:
    """Return how much the spectra have narrowed where a run has memorized, the median; unknown where it did not."""
    found = [at(run, RATIO, float(run.memorized_at)) / at(run, RATIO, 0) for run in each(data)]
    return partly_known(found, 0, np.inf)


@measure("participation ratio at the end / at the step of generalizing")
def late(data: xarray.Dataset) -> Estimate:
    """Return how much they go on narrowing after a run generalizes, the median; unknown where it did not."""
    found = [at(run, RATIO, float(run.generalized_at)) for run in each(data)]
    return partly_known(last(data, RATIO) / found, 0, np.inf)


@measure("step of the steepest rise of the participation ratio, on a log scale / generalized_at")
def steepest(data: xarray.Dataset) -> Estimate:
    """Return where the ratio rises fastest, the median; unknown where a run did not generalize."""
    return partly_known([_steepest(run) for run in each(data)], 0, np.inf)


def _steepest(run: xarray.Dataset) -> float:
    seen, end = columns_of(run), float(run.generalized_at)
    later = seen["step"] >= 1
    steps, ratio = seen["step"][later], seen[RATIO][later]
    return float(steps[np.gradient(ratio, np.log(steps)).argmax()]) / end if np.isfinite(end) else np.nan


@measure("last mean of cos(φ₁ + φ₂ − φ₃) over units")
def phases(data: xarray.Dataset) -> Estimate:
    """Return how well the phases of units fit in the end, the median over runs."""
    return bootstrap(last(data, "phase_fit"))


@measure("first mean of cos(φ₁ + φ₂ − φ₃) over units")
def first_phases(data: xarray.Dataset) -> Estimate:
    """Return how well the phases of units fit at first, the median over runs."""
    return bootstrap(np.abs(flat(data.phase_fit.isel(step=0))))


def draw(results: Results) -> Picture:
    """Draw accuracies, and the participation ratio and the fit of phases on the way."""
    picture, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
    runs = [columns_of(run) for run in each(results["addition"])]
    draw_curves(left, runs, "accuracy")
    for number, run in enumerate(runs):
        for name, color, label in (
            ("participation.input", TRAIN, "participation, first layer"),
            (RATIO, VALIDATION, "participation, second layer"),
            ("phase_fit", MARK, "fit of phases"),
        ):
            right.plot(run["step"], run[name], color=color, linewidth=1, label=None if number else label)
    right.set_xscale("log")
    right.set_ylim(0, 1)
    for axes in (left, right):
        axes.set_xlabel("step of gradient descent (log scale)")
        axes.legend(fontsize=8)
    plans = [plan for plan, _ in results.runs("addition")]
    picture.suptitle(f"{words.described(*plans)}: {words.counted(len(runs), 'seed')}", fontsize=9)
    return picture


ALL = Part("addition")
CLAIMS = (
    Claim(
        "it-groks",
        "It generalizes after it has memorized.",
        f"{P}; 1.3 times as late, our tolerance",
        quantities.delay_ratio.of(ALL),
        at_least(1.3),
    ),
    Claim(
        "it-generalizes",
        "In the end all other sums are right.",
        f"{P}: 100 %",
        quantities.best.of(ALL),
        at_least(0.99),
    ),
    Claim(
        "spectra-narrow-from-the-start",
        "Spectra narrow already while it memorizes.",
        f"{P}; by a tenth, our tolerance",
        early.of(ALL),
        at_least(1.1),
    ),
    Claim(
        "fastest-near-generalizing",
        "They narrow fastest about when it generalizes.",
        f"{P}; within a factor of two, our tolerance",
        steepest.of(ALL),
        at_most(2),
    ),
    Claim(
        "and-go-on",
        "And go on after everything is right.",
        f"{P}; by a twentieth, our tolerance",
        late.of(ALL),
        at_least(1.05),
    ),
    Claim(
        "phases-come-to-fit",
        "The phases of a unit come to fit: φ₁ + φ₂ = φ₃.",
        f"{P}: a histogram with its peak at 0; a mean cosine of 0.5, our tolerance",
        phases.of(ALL),
        at_least(0.5),
    ),
    Claim(
        "phases-do-not-fit-at-first",
        "At first they do not.",
        f"{P}; 0.2, our tolerance",
        first_phases.of(ALL),
        at_most(0.2),
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw)
