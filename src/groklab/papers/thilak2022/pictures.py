"""Pictures of single runs with slingshots."""

from collections.abc import Sequence

import xarray
from matplotlib.axes import Axes

from groklab.papers.members import columns_of
from groklab.plots.style import MARK, TRAIN
from groklab.slingshots import slingshots_in


def draw_run(column: Sequence[Axes], run: xarray.Dataset) -> None:
    """Draw the training loss of a run and the norm of its last layer, its slingshots marked, one above the other."""
    columns = columns_of(run)
    for axes, name, word in zip(
        column, ("train_loss", "head_norm"), ("training loss (nats)", "norm of the last layer"), strict=True
    ):
        axes.plot(columns["step"], columns[name], color=TRAIN, linewidth=0.8)
        for found in slingshots_in(columns):
            axes.axvline(found.spike, color=MARK, linewidth=0.5, linestyle=":")
        axes.set_yscale("log")
        axes.set_ylabel(word)
    for axes in column:
        axes.label_outer()
    column[-1].set_xlabel("optimizer step")
    column[-1].xaxis.set_major_formatter(lambda value, _: f"{value / 1000:g}k" if value else "0")
