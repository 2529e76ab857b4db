"""The picture of a run, or of several that differ in their seeds."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from groklab.errors import StoreError
from groklab.milestones import Milestones, milestones_in
from groklab.plots import style
from groklab.plots.curves import divergence, draw_curves, mark_delay, threshold
from groklab.plots.file import save
from groklab.plots.literal import literal
from groklab.plots.overlay import overlay
from groklab.plots.table import Moment, draw_tables, moments_of
from groklab.plots.title import title_of
from groklab.store import Columns, Run
from groklab.store.words import grouped, parent_of, seeds_of, thresholds, unit

SUFFIXES = (".png", ".jpg", ".pdf", ".svg")


def draw(runs: Sequence[Run], out: str | None = None, theory: Columns | None = None) -> str:
    """Draw runs and return where the figure is.

    Runs of one plan, or of several seeds of it: accuracy and loss against steps, and below them the first run's table
    at the start, when it had memorized, and at the end. Runs that differ in more than seeds: accuracy and loss, a
    color for each setting, and forks beside their parent from the fork on. `theory` holds what is expected of runs of
    one setting, as they would record it, and is drawn over them.
    """
    groups = grouped(runs)
    columns = [[recorded(run) for run in group] for group in groups]
    found = [
        [milestones_in(numbers, **thresholds(run)) for run, numbers in zip(group, each, strict=True)]
        for group, each in zip(groups, columns, strict=True)
    ]
    every = [run for group in groups for run in group]
    columns = [
        [since_fork(run, numbers, every) for run, numbers in zip(group, each, strict=True)]
        for group, each in zip(groups, columns, strict=True)
    ]
    target = _place(every, out)
    with style.use():
        is_one = len(groups) == 1
        figure = picture(groups[0], columns[0], found[0], theory) if is_one else overlay(groups, columns, found)
        return save(figure, target)


def recorded(run: Run) -> Columns:
    """Return a run's numbers; raise `StoreError` if there is nothing to draw."""
    columns = run.metrics()
    missing = [name for name in ("train_accuracy", "train_loss") if name not in columns]
    if missing:
        cure = "Train it further" if not columns else "Train it with the measures Accuracy and Loss"
        raise StoreError(f"`{run.name}` has recorded no `{missing[0]}`, which the figure shows. {cure}, then draw it.")
    return columns


def since_fork(run: Run, columns: Columns, drawn: Sequence[Run]) -> Columns:
    """Return what a run recorded from its fork on, if its parent is drawn too, of which it has all else."""
    parent = parent_of(run)
    if parent is None or parent["run"] not in [each.name for each in drawn]:
        return columns
    first = max(int(np.searchsorted(columns["step"], parent["step"], side="right")) - 1, 0)
    return {name: values[first:] for name, values in columns.items()}


def default_place(runs: Sequence[Run]) -> str:
    """Return where the figure goes: into the run's folder, or beside the runs where there are several."""
    place = runs[0].folder.local_path
    name = runs[0].name if len(runs) == 1 else f"{runs[0].name}-and-{len(runs) - 1}-more"
    if place is None:
        return f"{name}.png"
    return f"{place}/figure.png" if len(runs) == 1 else f"{Path(place).parent}/{name}.png"


def picture(
    runs: Sequence[Run], columns: Sequence[Columns], found: Sequence[Milestones], theory: Columns | None = None
) -> Figure:
    """Lay the panels out."""
    moments = moments_of(runs[0], found[0])
    figure = plt.figure(figsize=(8, 9.2 if moments else 5.8), layout="constrained")
    parts: Any = figure.subfigures(2, 1, height_ratios=[5.8, 3.4]) if moments else [figure]
    above, beneath = parts[0].subplots(2, 1, sharex=True, height_ratios=[3, 2])
    _curves(above, beneath, columns, found, unit(runs[0]))
    if theory:
        draw_theory(above, beneath, theory)
    threshold(above, thresholds(runs[0]).values())
    title = ", ".join(filter(None, [title_of([runs]), divergence(found)]))
    above.set_title(f"{title}\n\n", loc="left", fontsize=10)  # two lines of room for the milestones
    parts[0].legend(*above.get_legend_handles_labels(), loc="outside lower left", ncols=2)  # inside, it hides curves
    if moments:
        _tables(parts[1], runs, moments)
    return figure


def _curves(above: Any, beneath: Any, columns: Sequence[Columns], found: Sequence[Milestones], unit: str) -> None:
    draw_curves(above, columns, "accuracy")
    mark_delay(above, found)
    draw_curves(beneath, columns, "loss", unit=unit)
    beneath.set_xlabel("optimizer step (log scale)")


def draw_theory(above: Axes, beneath: Axes, theory: Columns) -> None:
    """Draw what is expected of accuracies and losses, dashed."""
    for axes, quantity in ((above, "accuracy"), (beneath, "loss")):
        for number, part in enumerate(("train", "validation")):
            label = "theory" if not number and axes is above else None
            values = theory[f"{part}_{quantity}"]
            axes.plot(theory["step"], values, "--", color="black", linewidth=1, label=label)


def draw_prediction(theory: Columns, title: str, target: str) -> str:
    """Draw what is expected of a run that is not yet trained into a file, and return its path."""
    with style.use():
        figure, (above, beneath) = plt.subplots(2, 1, figsize=(8, 5.8), sharex=True, layout="constrained")
        draw_curves(above, [theory], "accuracy")
        draw_curves(beneath, [theory], "loss", unit="squared error")
        above.set_title(literal(title), loc="left", fontsize=9)
        above.legend()
        beneath.set_xlabel("step of gradient descent (log scale)")
        return save(figure, target)


def _tables(part: Any, runs: Sequence[Run], moments: Sequence[Moment]) -> None:
    draw_tables(part, runs[0], moments)
    if len(runs) > 1:
        part.suptitle(f"The table as filled in by one of the runs, {seeds_of(runs[0])}", fontsize=9)


def _place(runs: Sequence[Run], out: str | None) -> str:
    if out is not None and Path(out).suffix.lower() not in SUFFIXES:
        kinds = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
        raise StoreError(f"`out` must be a file that ends in {kinds}, got {out!r}.")
    return out or default_place(runs)
