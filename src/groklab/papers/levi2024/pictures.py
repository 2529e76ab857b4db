"""What pictures of linear students share."""

import numpy as np
from matplotlib.axes import Axes

from groklab.papers.figure import Results
from groklab.papers.levi2024.comparisons import delay
from groklab.plots.style import VALIDATION


def draw_delays(axes: Axes, results: Results, case: str) -> None:
    """Draw the delay of every descent over what cases differ in."""
    runs = results["runs"]
    for value in runs[case].values:
        found = delay(runs.sel({case: value}))
        axes.plot(np.full(found.size, value), found, ".", color=VALIDATION, alpha=0.5, zorder=3)
    axes.plot([], [], ".", color=VALIDATION, label="descents")
