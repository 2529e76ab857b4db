"""What pictures share: best validation accuracy against the training fraction, and panels that cannot be drawn."""

import contextlib
import textwrap
from collections.abc import Callable, Collection, Iterator
from typing import Any

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture

from groklab.errors import InvalidSetting
from groklab.papers.power2022.needs import best
from groklab.plots.against import draw_against, percent


def best_against_fraction(
    data: xarray.Dataset,
    axis: str,
    *,
    full: Collection[str] | None = None,
    label: Callable[[Any], str] = str,
    colors: str = "tab20",
    of: str = "training data",
) -> tuple[Picture, Axes]:
    """Draw every run and the medians, a curve for each point of `axis`; those not named in `full` are dashed."""
    picture, axes = plt.subplots(figsize=(7.4, 4.5), layout="constrained")
    points = data[axis].values
    palette = plt.colormaps[colors].resampled(len(points))
    for number, name in enumerate(points):
        values = best(data.sel({axis: name})).transpose("fraction", "seed").values
        style = "-" if full is None or name in full else "--"
        fractions = data.fraction.values
        draw_against(axes, fractions, values, label=label(name), color=palette(number), linestyle=style)
    axes.set_ylim(-0.02, 1.03)
    axes.yaxis.set_major_formatter("{x:.0%}")
    axes.set_ylabel("best validation accuracy")
    percent(axes, of=of)
    return picture, axes


@contextlib.contextmanager
def refusal_shown(column: np.ndarray, name: str) -> Iterator[None]:
    """Where a number is refused, as for a run that diverged, say so in its column of panels, and draw nothing there."""
    try:
        yield
    except InvalidSetting as refusal:
        for axes in column:
            axes.set_axis_off()
        column[0].set_title(name, fontsize=8)
        column[0].text(
            0.5, 0.5, textwrap.fill(str(refusal), 40), ha="center", transform=column[0].transAxes, fontsize=8
        )
