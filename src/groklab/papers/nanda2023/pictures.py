"""Pictures that several figures share."""

from collections.abc import Mapping
from typing import Any

import xarray
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture

from groklab.papers import crossings, words
from groklab.papers.members import columns_of, each
from groklab.papers.pictures import times_against_fraction
from groklab.plots.curves import draw_curves
from groklab.plots.style import MARK, TRAIN, VALIDATION


def losses(panels: Mapping[str, xarray.Dataset]) -> Picture:
    """Draw training and validation loss, median and range over seeds, a panel for each dataset."""
    picture, rows = plt.subplots(
        1, len(panels), figsize=(4.2 * len(panels) + 0.6, 3.4), squeeze=False, layout="constrained", sharey=True
    )
    for axes, (title, data) in zip(rows[0], panels.items(), strict=True):
        loss_panel(axes, data, title)
    rows[0, 0].legend()
    for axes in rows[0, 1:]:
        axes.set_ylabel("")
    return picture


def loss_panel(axes: Axes, data: xarray.Dataset, title: str) -> None:
    """Draw training and validation loss of some runs into one panel."""
    runs = [columns_of(run) for run in each(data)]
    draw_curves(axes, runs, "loss")
    axes.axhline(crossings.LEARNT, color=MARK, linewidth=0.6, linestyle="--")
    axes.set_title(f"{title}, {words.counted(len(runs), 'seed')}", loc="left", fontsize=9)
    axes.set_xlabel("optimizer step (log scale)")


def against_fraction(axes: Axes, data: xarray.Dataset, dimension: str, stored: Mapping[float, int]) -> None:
    """Draw when both losses fall below 0.1 against the fraction, with the runs that the paper's repository stores."""
    shown = {fraction: step for fraction, step in stored.items() if fraction >= data.fraction.values.min() - 0.01}
    axes.plot(list(shown), list(shown.values()), "x", color=MARK, label="stored runs of the paper, validation")
    curves = {
        f"{part} loss < 0.1": (crossings.first_below(data, f"{part}_loss").transpose(dimension, "seed").values, color)
        for part, color in (("validation", VALIDATION), ("train", TRAIN))
    }
    times_against_fraction(axes, data, curves)


def sweep_of_fractions(data: xarray.Dataset, dimension: str, stored: Mapping[float, int]) -> Picture:
    """Draw validation loss at every fraction, and the times it takes to fall against it."""
    picture, (left, right) = plt.subplots(1, 2, figsize=(9.4, 3.8), layout="constrained")
    palette = plt.colormaps["viridis"].resampled(data.sizes[dimension] + 1)
    for number in range(data.sizes[dimension]):
        arm = data.isel({dimension: number})
        validation_only(left, arm, palette(number), f"{100 * float(arm.fraction):.0f} %")
    left.set_xlabel("optimizer step (log scale)")
    left.set_ylabel("validation loss (nats)")
    left.legend(title="of the table")
    against_fraction(right, data, dimension, stored)
    return picture


def validation_only(axes: Axes, data: xarray.Dataset, color: Any, label: str) -> None:
    """Draw the validation loss of every run; a median would go on where some runs have already ended."""
    for number, run in enumerate(map(columns_of, each(data))):
        word = label if number == 0 else None
        axes.plot(run["step"], run["validation_loss"], color=color, linewidth=1.1, alpha=0.85, label=word)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(left=1, auto=True)  # longer runs drawn later move the right end
