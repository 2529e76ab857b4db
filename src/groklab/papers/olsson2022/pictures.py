"""Curves that several figures share: a median and a range over seeds for each kind of network."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from groklab.papers.members import columns_of, each
from groklab.papers.olsson2022 import setups
from groklab.plots import curves
from groklab.store import Columns

FIRST = 10  # step where the figures begin
LAYERS = range(6)  # of any network here


def colors(count: int) -> list[Any]:
    """Return a color for each kind of network."""
    palette = plt.colormaps["viridis"].resampled(count + 1)
    return [palette(number) for number in range(count)]


def scores(axes: Axes, arms: Mapping[str, xarray.Dataset]) -> None:
    """Draw the in-context-learning score of each kind of network while training."""
    runs = {word: [columns_of(run) for run in each(data)] for word, data in arms.items()}
    told = {
        word: [{"step": run["step"], "shown": run[setups.SCORE]} for run in columns] for word, columns in runs.items()
    }
    curves_of(axes, told, "in-context-learning score (nats)")


def best_heads(data: xarray.Dataset, score: str) -> list[Columns]:
    """Return the greatest score of any head at every step, for each run."""
    runs = [columns_of(run) for run in each(data)]
    return [{"step": run["step"], "shown": setups.best_head(run, score, LAYERS)} for run in runs]


def curves_of(axes: Axes, arms: Mapping[str, Sequence[Columns]], quantity: str) -> None:
    """Draw what is `shown` of the runs of each kind of network."""
    for color, (word, runs) in zip(colors(len(arms)), arms.items(), strict=True):
        steps, values = curves.aligned(runs, "shown")
        axes.plot(steps, np.median(values, axis=0), color=color, label=word)
        axes.fill_between(steps, values.min(0), values.max(0), color=color, alpha=0.2, linewidth=0)
    axes.set_xscale("log")
    axes.set_xlim(left=FIRST, auto=True)
    axes.set_xlabel("optimizer step (log scale)")
    axes.set_ylabel(quantity)
