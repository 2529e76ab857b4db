"""Runs of several settings in one figure: a color for each setting, never pooled."""

from collections.abc import Sequence
from textwrap import fill

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from groklab.milestones import Milestones
from groklab.plots.curves import Look, divergence, draw_curves, median_crossing, threshold
from groklab.plots.literal import literal
from groklab.plots.style import MARK
from groklab.plots.title import title_of
from groklab.store import Columns, Run
from groklab.store.words import labels, parent_of, thresholds, unit

LINE = 115  # characters of the legend: more are wider than the picture


def overlay(
    groups: Sequence[Sequence[Run]], columns: Sequence[Sequence[Columns]], found: Sequence[Sequence[Milestones]]
) -> Figure:
    """Draw accuracy and, beneath it, loss of every group of runs: of several seeds the median and range."""
    figure, (above, beneath) = plt.subplots(
        2, 1, figsize=(8, 6.2), sharex=True, height_ratios=[3, 2], layout="constrained"
    )
    words = map(literal, labels([runs[0] for runs in groups]))
    colors = plt.colormaps["viridis"](np.linspace(0, 0.85, len(groups)))
    units = " or ".join(dict.fromkeys(unit(runs[0]) for runs in groups))
    for word, color, numbers, crossings in zip(words, colors, columns, found, strict=True):
        looks = {
            "train": Look(color, "_", "--", 0.6),
            "validation": Look(color, fill(f"{word}: {generalized(crossings)}", LINE)),
        }
        draw_curves(above, numbers, "accuracy", looks)
        draw_curves(beneath, numbers, "loss", looks, units)
    forks = steps_of_forks([run for runs in groups for run in runs])
    for step in forks:
        for axes in (above, beneath):
            axes.axvline(step, color=MARK, linewidth=0.8, linestyle=":")
    said = ["full: validation", "dashed: training", *(["dotted: forks"] if forks else [])]
    threshold(above, {level for runs in groups for level in thresholds(runs[0]).values()})
    above.set_title(f"{title_of(groups)}\n{', '.join(said)}", loc="left", fontsize=9)
    beneath.set_xlabel("optimizer step (log scale)")
    figure.legend(*above.get_legend_handles_labels(), loc="outside lower left", fontsize=8)
    return figure


def steps_of_forks(runs: Sequence[Run]) -> list[int]:
    """Return the steps at which runs were forked from others of them."""
    names, parents = {run.name for run in runs}, [parent_of(run) for run in runs]
    return sorted({parent["step"] for parent in parents if parent and parent["run"] in names})


def generalized(found: Sequence[Milestones]) -> str:
    """Say when the median run generalized, or that it did not; and who diverged."""
    step = median_crossing([each.generalized_at for each in found])
    lost = divergence(found)
    if step is None and len(found) == 1 and lost:
        return lost
    budget = max(each.budget for each in found)
    said = f"not generalized within {budget:,} steps" if step is None else f"generalized at {step:,.0f}"
    return ", ".join(filter(None, [said, lost]))
