"""What pictures of several papers share."""

from collections.abc import Mapping
from typing import Any

import xarray
from jaxtyping import Float
from matplotlib.axes import Axes
from numpy import ndarray

from groklab.plots.against import draw_against, percent


def times_against_fraction(
    axes: Axes, data: xarray.Dataset, curves: Mapping[str, tuple[Float[ndarray, "fractions seeds"], Any]]
) -> None:
    """Draw steps against the fraction of the table: labels with times, which may be infinite, and a color."""
    ceiling = 1.3 * float(data.budget.max())
    for label, (times, color) in curves.items():
        draw_against(axes, data.fraction.values, times, label=label, color=color, ceiling=ceiling)
    axes.set_yscale("log")
    axes.set_ylabel("optimizer step (log scale)")
    percent(axes)
    axes.annotate("△ not within the budget", (0.99, 0.99), xycoords="axes fraction", ha="right", va="top", fontsize=8)
    axes.legend()
