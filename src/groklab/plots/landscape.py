"""Reduced losses against the norm: the L and the U over each other, or maps of them and of the phases of learning."""

from collections.abc import Callable

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap, LogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import LogLocator

from groklab.estimates import Estimate
from groklab.landscapes import PHASES
from groklab.landscapes.critical import ALPHA
from groklab.landscapes.reduced import SEED
from groklab.plots import style
from groklab.plots.file import save
from groklab.plots.literal import literal
from groklab.plots.style import MARK, TRAIN, VALIDATION, plain

COLORS = ("#8d99ae", "#d1495b", "#edae49", "#1b7f5c")  # confusion, memorization, grokking, comprehension
MOST_LABELS = 12  # on an axis of cells: more would run into each other
FLOOR = 1e-12  # a loss of 0 has no place on a log axis


def cut(axes: Axes, landscape: xarray.Dataset, critical: Estimate | None = None, unit: str = "") -> None:
    """Draw reduced training and validation loss against α, every seed and the medians; mark where the U is lowest."""
    for part, color in (("train", TRAIN), ("validation", VALIDATION)):
        losses = landscape[f"{part}_loss"]
        table = losses.transpose(ALPHA, ...).values.reshape(losses.sizes[ALPHA], -1).clip(FLOOR)
        axes.plot(landscape[ALPHA], table, ".", color=color, alpha=0.4, markersize=4)
        axes.plot(landscape[ALPHA], np.median(table, axis=1), color=color, label=part)
    if critical is not None and np.isfinite(critical.value):
        axes.axvline(critical.value, color=MARK, linewidth=0.8, linestyle="--")
        axes.axvspan(critical.low, min(critical.high, float(landscape[ALPHA].max())), color=MARK, alpha=0.12, lw=0)
        axes.annotate(
            f"α$_c$ = {critical.value:.2g}",
            (critical.value, 1.0),
            xycoords=("data", "axes fraction"),
            fontsize=8,
            xytext=(3, -10),
            textcoords="offset points",
        )
    scaled(axes, landscape)
    axes.set_ylabel(f"loss in the end{f' ({unit})' if unit else ''}")
    axes.set_yscale("log")
    axes.legend()


def scaled(axes: Axes, landscape: xarray.Dataset) -> None:
    """Label the horizontal axis with α below and, where one norm belongs to each α, with this above."""
    axes.set_xscale("log")
    plain(axes.xaxis)
    axes.set_xlabel("initial scale α (log scale)")
    usual = landscape.norm / landscape[ALPHA]
    if float(usual.max() / usual.min()) < 1.25:
        one = float(usual.median())
        above = axes.secondary_xaxis(
            "top", functions=(lambda alpha: np.multiply(alpha, one), lambda norm: np.divide(norm, one))
        )
        above.set_xlabel("norm of all weights w", fontsize=8)
        plain(above.xaxis)


def surface(axes: Axes, values: xarray.DataArray, x: str, y: str, label: str) -> None:
    """Draw positive numbers over two settings as colors on a log scale, a cell for each point, with contours."""
    table = np.ma.masked_invalid(values.transpose(y, x).values.clip(FLOOR))
    low, high = (max(float(end), FLOOR) for end in (table.min(), table.max()))
    norm = LogNorm(low, high if high > low else low * 10)
    image = axes.imshow(table, norm=norm, cmap="magma_r", origin="lower", aspect="auto")
    levels = 10.0 ** np.arange(np.ceil(np.log10(low)), np.floor(np.log10(high)) + 1)
    if len(levels) and min(table.shape) > 1:
        axes.contour(table, levels=levels, colors="white", linewidths=0.6)
    _settings(axes, values, x, y)
    bar = axes.figure.colorbar(image, ax=axes, shrink=0.85, label=label)
    if high < 1000 * low:  # else its own, powers of ten
        bar.set_ticks(LogLocator(subs=(1, 2, 5)))
        plain(bar.ax.yaxis)


def phase_map(axes: Axes, shares: xarray.DataArray, x: str, y: str) -> None:
    """Draw the phase that most seeds are in over two settings, in four colors."""
    most = shares.transpose("phase", y, x).values.argmax(0)
    colors, bounds = ListedColormap(COLORS), BoundaryNorm(np.arange(len(PHASES) + 1) - 0.5, len(PHASES))
    axes.imshow(most, cmap=colors, norm=bounds, origin="lower", aspect="auto")
    handles = [Patch(color=color, label=phase) for phase, color in zip(PHASES, COLORS, strict=True)]
    axes.legend(handles=handles, fontsize=7, loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=2)
    _settings(axes, shares, x, y)


def picture(
    landscape: xarray.Dataset, shares: xarray.DataArray, critical: Estimate | None, title: str, unit: str
) -> Figure:
    """Draw a landscape over α alone as an L and a U, over two settings as maps of both losses and of the phases."""
    names = [str(name) for name in landscape.run.dims if name != SEED]
    if names == [ALPHA]:
        figure, axes = plt.subplots(figsize=(5.6, 4), layout="constrained")
        cut(axes, landscape, critical, unit)
        figure.suptitle(literal(title), fontsize=9)
        return figure
    x, y = sorted(names, key=lambda name: name != ALPHA)
    figure, row = plt.subplots(1, 3, figsize=(13, 4.2), layout="constrained")
    for axes, part in zip(row, ("train", "validation"), strict=False):
        losses = landscape[f"{part}_loss"]
        middle = losses.median(SEED) if SEED in losses.dims else losses
        surface(axes, middle, x, y, f"{part} loss in the end{f' ({unit})' if unit else ''}")
    phase_map(row[2], shares, x, y)
    figure.suptitle(literal(title), fontsize=9)
    return figure


def draw_landscape(figure: Callable[[], Figure], target: str) -> str:
    """Draw a figure in the project's look into a file and return its path."""
    with style.use():
        return save(figure(), target)


def _settings(axes: Axes, values: xarray.DataArray, x: str, y: str) -> None:
    """Name the values of two settings at the middles of cells, which are all as large: values may lie anyhow."""
    axes.grid(visible=False)
    for name, axis in ((x, axes.xaxis), (y, axes.yaxis)):
        axis.set_label_text(literal("initial scale α" if name == ALPHA else name))
        places, every = values[name].values.tolist(), -(-values.sizes[name] // MOST_LABELS)
        axis.set_ticks(range(0, len(places), every), [_written(value) for value in places[::every]])


def _written(value: int | float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
