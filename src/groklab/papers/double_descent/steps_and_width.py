"""Grokking and double descent in one picture: division by transformers, over steps and width (Davies et al. 2023)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap, median_time, of_rows
from groklab.papers.claims import Claim, Scale, at_least, at_most, between
from groklab.papers.double_descent.davies import SETUP, WIDEST
from groklab.papers.double_descent.falls import second_fall
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each, flat
from groklab.papers.parts import Part, measure
from groklab.plots.style import TRAIN, VALIDATION
from groklab.training import Sweep

P = "Davies et al. 2023"
WIDTHS = {"laptop": (8, 16, 24, 32, 48, 64), "paper": (8, 16, 32, 64, 128)}
LOOKED_AT = 0.4  # of all steps: when widths are compared
HALF = 0.5


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return transformers of many widths."""
    return {"widths": SETUP.sweep(scale, {"width": WIDTHS[scale]})}


def losses(data: xarray.Dataset) -> np.ndarray:
    """Return validation losses at four tenths of all steps, a row a seed and a column a width."""
    found = data.validation_loss.sel(step=LOOKED_AT * float(data.budget.max()), method="nearest")
    return found.transpose("width", "seed", ...).values.reshape(data.sizes["width"], -1).T


@measure("greatest median validation loss over the width / least of a narrower network, 40 % of all steps")
def ascent(data: xarray.Dataset) -> Estimate:
    """Return by how much loss rises with the width."""

    def risen(drawn: np.ndarray) -> np.ndarray:
        middle = np.median(drawn, axis=1)
        return np.array([row.max() / row[: row.argmax() + 1].min() for row in middle])

    return of_rows(losses(data), risen)


@measure("greatest median validation loss over the width / that of the widest network, 40 % of all steps")
def descent(data: xarray.Dataset) -> Estimate:
    """Return by how much loss falls again beyond its peak."""
    return of_rows(losses(data), lambda drawn: np.median(drawn, axis=1).max(-1) / np.median(drawn, axis=1)[:, -1])


@measure("width with the greatest median validation loss / least that memorizes in more than half of its runs")
def place(data: xarray.Dataset) -> Estimate:
    """Return where the peak is, in units of the width that just memorizes."""
    memorizes = np.isfinite(data.memorized_at.transpose("width", "seed", ...).values.reshape(len(data.width), -1))
    both = np.stack([losses(data), memorizes.T], axis=1)

    def found(drawn: np.ndarray) -> np.ndarray:
        middle, share = np.median(drawn[:, :, 0], axis=1), drawn[:, :, 1].mean(1)
        least = np.where((share > HALF).any(-1), data.width.values[(share > HALF).argmax(-1)], np.nan)
        return data.width.values[middle.argmax(-1)] / least

    return of_rows(both, found)


@measure("share by which validation loss falls after it has risen by a tenth")
def falls_again(data: xarray.Dataset) -> Estimate:
    """Return the second descent over time, the median over seeds."""
    return bootstrap([second_fall(columns_of(run)["validation_loss"], 1.1) for run in each(data)])


@measure("step of the greatest validation loss / step of memorizing")
def turns(data: xarray.Dataset) -> Estimate:
    """Return when the second descent begins, in units of the step at which labels are memorized."""
    runs = [columns_of(run) for run in each(data)]
    peaks = np.array([run["step"][run["validation_loss"].argmax()] for run in runs], float)
    memorized = flat(data.memorized_at)
    known = np.isfinite(memorized)
    return bootstrap(peaks[known] / memorized[known])


@measure("step of half of validation accuracy / of training accuracy")
def later(data: xarray.Dataset) -> Estimate:
    """Return how many times later half of the others are told than half of those trained on."""
    halves = [_half(run, "validation") / _half(run, "train") for run in map(columns_of, each(data))]
    budgets = flat(data.budget) / np.array([_half(run, "train") for run in map(columns_of, each(data))])
    return median_time(halves, np.where(np.isfinite(budgets), budgets, 0))


@measure("least width that tells half of the others / half of those trained on, in the end")
def wider(data: xarray.Dataset) -> Estimate:
    """Return how many times wider networks that generalize are than networks that memorize."""
    best = np.stack(
        [
            data[f"{part}_accuracy"].max("step").transpose("seed", "width", ...).values.reshape(-1, len(data.width))
            for part in ("train", "validation")
        ],
        axis=1,
    )

    def ratio(drawn: np.ndarray) -> np.ndarray:
        middle = np.median(drawn, axis=1) >= HALF
        least = np.where(middle.any(-1), data.width.values[middle.argmax(-1)], np.inf)
        return least[:, 1] / least[:, 0]

    return of_rows(best, ratio)


@measure("greatest fall of validation accuracy before it passes a half")
def falls_back(data: xarray.Dataset) -> Estimate:
    """Return how much accuracy, not loss, is lost on the way."""
    found = []
    for run in map(columns_of, each(data)):
        before = run["validation_accuracy"][run["step"] <= _half(run, "validation")]
        found.append((np.maximum.accumulate(before) - before).max())
    return bootstrap(found)


def _half(run: Mapping[str, np.ndarray], part: str) -> float:
    reached = run[f"{part}_accuracy"] >= HALF
    return float(run["step"][reached.argmax()]) if reached.any() else np.inf


def draw(results: Results) -> Picture:
    """Draw validation loss and accuracy over steps and width, and both losses of the widest network."""
    data = results["widths"]
    picture, (left, middle, right) = plt.subplots(1, 3, figsize=(14, 3.9), layout="constrained")
    chance = np.log(results.first("widths").task.examples(seed=0).shape.classes)
    loss = TwoSlopeNorm(chance, 0, max(float(data.validation_loss.median("seed").max()), 1.1 * chance))
    _map(left, data, "loss", "validation loss (nats); white: a guess", norm=loss, cmap="RdBu_r")
    _map(middle, data, "accuracy", "validation accuracy", vmin=0, vmax=1, cmap="Greens")
    widest = data.isel(width=-1)
    for number, run in enumerate(map(columns_of, each(widest))):
        for part, color in (("train", TRAIN), ("validation", VALIDATION)):
            right.plot(run["step"], run[f"{part}_loss"], color=color, linewidth=1, label=None if number else part)
    right.set_xscale("log")
    right.set_yscale("log")
    right.set_ylim(bottom=1e-3)
    right.set_xlabel("optimizer step (log scale)")
    right.set_ylabel("loss (nats)")
    right.set_title(f"width {int(widest.width)}", loc="left", fontsize=9)
    right.legend(fontsize=8)
    return picture


def _map(axes: Axes, data: xarray.Dataset, quantity: str, words: str, **how: Any) -> None:
    seen = data.isel(step=slice(1, None))
    values = seen[f"validation_{quantity}"].median("seed").transpose("width", "step")
    rows = np.arange(data.sizes["width"])
    image = axes.pcolormesh(seen.step.values, rows, values.values, shading="nearest", **how)
    axes.figure.colorbar(image, ax=axes, label=words)
    memorized = data.memorized_at.median("seed").values
    axes.plot(memorized, rows, "o-", color="black", markersize=3, linewidth=1, label="memorized")
    axes.legend(fontsize=8, loc="upper left")
    axes.set_xscale("log")
    axes.set_xlim(10, float(data.step.max()))
    axes.set_yticks(rows, [f"{width:g}" for width in data.width.values])
    axes.set_xlabel("optimizer step (log scale)")
    axes.set_ylabel("width")
    axes.grid(visible=False)


ALL, WIDE = Part("widths"), Part("widths", "the widest network", width=WIDEST)
CLAIMS = (
    Claim("ascent", "Over the width validation loss rises first.", f"{P}; by half", ascent.of(ALL), at_least(1.5)),
    Claim(
        "second-descent",
        "Beyond it falls again.",
        f"{P}; by a fifth, our tolerance",
        descent.of(ALL),
        at_least(1.25),
    ),
    Claim(
        "peak-where-it-just-memorizes",
        "It is greatest at about the width that just memorizes.",
        "Nakkiran et al. 2019; within a factor of two, our tolerance",
        place.of(ALL),
        between(0.5, 2),
    ),
    Claim(
        "second-descent-over-time",
        "Over time it rises and falls a second time.",
        f"{P}; by a third, our tolerance",
        falls_again.of(WIDE),
        at_least(0.33),
    ),
    Claim(
        "after-interpolation",
        "The second descent begins when labels are memorized, or later.",
        "Power et al. 2022: far later",
        turns.of(WIDE),
        at_least(1),
    ),
    Claim(
        "generalizes-later",
        "Generalization comes late over time: it groks.",
        f"{P}; three times, our tolerance",
        later.of(WIDE),
        at_least(3),
    ),
    Claim(
        "generalizes-wider",
        "It comes late over the width as well.",
        f"{P}; twice, our tolerance",
        wider.of(ALL),
        at_least(2),
    ),
    Claim(
        "accuracy-falls-little",
        "Accuracy hardly falls on the way, whatever loss does.",
        f"{P}: a slight double descent; a tenth, our tolerance",
        falls_back.of(WIDE),
        at_most(0.1),
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw)
