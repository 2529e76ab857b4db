"""One look for all figures."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from cycler import cycler
from jaxtyping import Float
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FixedLocator, NullFormatter

# Train and validation are red and green in the founding papers; these two are told apart by the color-blind too.
TRAIN, VALIDATION, MARK = "#d1495b", "#1b7f5c", "#555555"
RIGHT, WRONG, SHOWN, MISSED, ABSENT, BLANK = "#1b7f5c", "#eec7c3", "#d9dde3", "#8d99ae", "#ffffff", "#f2d16b"

STYLE: Any = {
    "figure.dpi": 110,
    "savefig.dpi": 160,
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e6e6e6",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "axes.prop_cycle": cycler(color=[TRAIN, VALIDATION]),
    "svg.fonttype": "none",
}


@contextlib.contextmanager
def use() -> Iterator[None]:
    """Enter a context in which figures are drawn off screen and in the project's look; one that fails is closed."""
    mpl.use("Agg", force=False)
    before = plt.get_fignums()
    with mpl.rc_context(STYLE):
        try:
            yield
        except BaseException:
            for number in set(plt.get_fignums()).difference(before):
                plt.close(number)
            raise


def plain(axis: Axis, at: Sequence[float] | Float[np.ndarray, "places"] | None = None) -> None:
    """Label a log axis with numbers as they are spoken, 0.1 and 20, at some places only if these are given."""
    if at is not None:
        axis.set_major_locator(FixedLocator(list(at)))
    axis.set_major_formatter(lambda value, _: f"{value:g}")
    axis.set_minor_formatter(NullFormatter())


def bare(axes: Axes) -> None:
    """Leave out ticks, grid and frame, where only the places of points to one another matter."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
