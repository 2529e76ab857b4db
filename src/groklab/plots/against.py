"""A number against a setting: every run as a dot, the median as a line; what never came, at the upper edge."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes


def draw_against(
    axes: Axes,
    settings: Sequence[float] | Float[np.ndarray, "points"],
    values: Float[np.ndarray, "points seeds"],
    *,
    label: str,
    color: Any,  # as Matplotlib takes it
    ceiling: float = np.inf,
    linestyle: str = "-",
) -> None:
    """Draw the runs of several seeds at each setting. An infinite value is drawn as a triangle at `ceiling`."""
    x = np.asarray(settings, float)
    # Of an even number the earlier one, as the median times of claims are: half have come by then.
    middle = np.quantile(values, 0.5, axis=1, method="inverted_cdf")
    shown = np.where(np.isfinite(middle), middle, np.nan)
    axes.plot(x, shown, color=color, label=label, linestyle=linestyle, marker="o", markersize=4)
    places = np.broadcast_to(x[:, None], values.shape)
    never = np.isinf(values)
    axes.scatter(places[~never], values[~never], s=7, color=color, alpha=0.45, linewidths=0)
    if never.any() and np.isfinite(ceiling):
        axes.scatter(
            places[never], np.full(never.sum(), ceiling), marker="^", s=22, facecolors="none", edgecolors=color
        )


def percent(axes: Axes, *, of: str = "training data") -> None:
    """Label the horizontal axis as a share of the table."""
    axes.xaxis.set_major_formatter(lambda value, place: f"{round(100 * value, 6):g} %")
    axes.set_xlabel(f"share of the table used as {of}")
