"""A sweep: steps to memorize and to generalize against one axis, a color for each point of the others."""

import itertools
from typing import Any

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from groklab.plots import style
from groklab.plots.against import draw_against
from groklab.plots.file import save
from groklab.plots.literal import literal

SEEDS = "seed"


def draw_sweep(data: xarray.Dataset, target: str) -> str:
    """Draw a sweep's milestones into a file and return its path."""
    with style.use():
        return save(picture(data), target)


def picture(data: xarray.Dataset) -> Figure:
    """Draw every run and the median over seeds; what did not come within the budget stands at the upper edge."""
    axis, others = across(data)
    figure, axes = plt.subplots(figsize=(7.4, 4.4), layout="constrained")
    points = list(itertools.product(*(range(data.sizes[name]) for name in others)))
    colors = plt.colormaps["viridis"](np.linspace(0, 0.9, len(points)))
    for point, color in zip(points, colors, strict=True):
        part = data.isel(dict(zip(others, point, strict=True)))
        words = ", ".join(f"{name} = {part[name].item()}" for name in others if name in part.coords)
        _lines(axes, part, axis, literal(words), color)
    axes.set_yscale("log")
    axes.set_ylabel("optimizer steps (log scale)")
    axes.set_xlabel(literal(axis))
    axes.set_title(
        "full: 99 % validation accuracy, dotted: 99 % training accuracy, △ not within the budget", fontsize=8
    )
    if others:
        figure.legend(loc="outside right upper", fontsize=8)
    return figure


def across(data: xarray.Dataset) -> tuple[str, list[str]]:
    """Return the dimension to draw along, the first of numbers if there is one, and the others but the seeds."""
    names = [str(name) for name in data.run.dims if name != SEEDS]
    numeric = [name for name in names if name in data.coords and data[name].dtype.kind in "if"]
    axis = (numeric or names)[0]
    return axis, [name for name in names if name != axis]


def _lines(axes: Axes, data: xarray.Dataset, axis: str, words: str, color: Any) -> None:
    labels = data[axis].values if axis in data.coords else np.arange(data.sizes[axis])
    is_number = labels.dtype.kind in "if"
    x = np.asarray(labels if is_number else np.arange(len(labels)), float)
    for name, linestyle in (("generalized_at", "-"), ("memorized_at", ":")):
        values = data[name].transpose(axis, ...).values.reshape(len(x), -1)
        ceiling = 1.4 * float(data.budget.max())
        label = words if linestyle == "-" else "_"
        draw_against(axes, x, values, label=label, color=color, ceiling=ceiling, linestyle=linestyle)
    if not is_number:
        axes.set_xticks(x, [literal(str(label)) for label in labels], rotation=30)
