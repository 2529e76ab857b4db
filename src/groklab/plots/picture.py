"""The picture of a run, or of several that differ in their seeds."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from groklab.errors import StoreError
from groklab.milestones import Milestones, milestones_in
from groklab.plots import style
from groklab.plots.curves import draw_curves, mark_delay, threshold
from groklab.plots.file import save
from groklab.plots.table import draw_table, legend
from groklab.plots.title import title_of
from groklab.store import Columns, Run

MOMENTS = {"start": "at the start", "memorized": "memorized", "end": "at the end"}


def draw(runs: Sequence[Run], out: str | None = None) -> str:
    """Draw runs of one plan, or of several seeds of it, and return where the figure is.

    Above: accuracy and, beneath it, loss against steps. Below: the first run's table at the start, when
    it had memorized, and at the end.
    """
    columns = [recorded(run) for run in runs]
    found = [milestones_in(each) for each in columns]
    with style.use():
        return save(picture(runs, columns, found), out or default_place(runs))


def recorded(run: Run) -> Columns:
    """Return a run's numbers; raise `StoreError` if there is nothing to draw."""
    columns = run.metrics()
    missing = [name for name in ("train_accuracy", "train_loss") if name not in columns]
    if missing:
        cure = "Train it further" if not columns else "Train it with the measures Accuracy and Loss"
        raise StoreError(f"`{run.name}` has recorded no `{missing[0]}`, which the figure shows. {cure}, then draw it.")
    return columns


def default_place(runs: Sequence[Run]) -> str:
    """Return where the figure goes: into the run's folder, or beside the runs where there are several."""
    run = runs[0]
    place = run.folder.local_path
    if place is None:
        return f"{run.name}.png"
    return f"{place}/figure.png" if len(runs) == 1 else f"{Path(place).parent}/{run.name}-and-{len(runs) - 1}-more.png"


def picture(runs: Sequence[Run], columns: Sequence[Columns], found: Sequence[Milestones]) -> Figure:
    """Lay the panels out."""
    table = runs[0].table()
    figure = plt.figure(figsize=(8, 8.6 if table else 5.6), layout="constrained")
    parts: Any = figure.subfigures(2, 1, height_ratios=[5.6, 3.2]) if table else [figure]
    above, beneath = parts[0].subplots(2, 1, sharex=True, height_ratios=[3, 2])
    draw_curves(above, columns, "accuracy")
    threshold(above)
    mark_delay(above, found)
    above.legend(loc="upper left", bbox_to_anchor=(0, 0.95))
    above.set_title(title_of(runs), loc="left", fontsize=10)
    draw_curves(beneath, columns, "loss")
    beneath.set_xlabel("optimizer step (log scale)")
    if table:
        _tables(parts[1], runs[0], table[0])
    return figure


def _tables(part: Any, run: Run, table: Columns) -> None:
    saved = run.checkpoint()
    if saved is None:
        return
    found = milestones_in(recorded(run))
    steps = {"start": 0, "memorized": found.memorized_at, "end": found.budget}
    panels: Any = part.subplots(1, 3)
    for axes, (moment, words) in zip(panels, MOMENTS.items(), strict=True):
        predicted = saved[0].get(f"predictions.{moment}")
        if predicted is None:
            axes.set_axis_off()
            continue
        draw_table(axes, table, predicted[:, 0], f"{words} (step {steps[moment]:,})")
    part.legend(handles=legend(), loc="outside lower center", ncols=4, fontsize=8)
