"""The operation table, colored by what the network gets right, at the moments that matter."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Int
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch

from groklab.milestones import Milestones
from groklab.plots.literal import symbol
from groklab.plots.style import ABSENT, BLANK, MISSED, RIGHT, SHOWN, WRONG
from groklab.store import Columns, Run
from groklab.store.words import percent

COLORS = ListedColormap([ABSENT, SHOWN, WRONG, MISSED, RIGHT, BLANK])
MEANINGS = {SHOWN: "training, right", MISSED: "training, wrong", RIGHT: "withheld, right", WRONG: "withheld, wrong"}
MOMENTS = {"start": "at the start", "memorized": "memorized", "end": "at the end"}


class Moment(NamedTuple):
    """What the network answers at a step, and what that step is."""

    words: str
    predicted: Int[np.ndarray, "examples"]


def moments_of(run: Run, found: Milestones) -> list[Moment]:
    """Return the moments of which a run of a table task kept its answers; none of other runs."""
    saved = run.checkpoint()
    if run.table() is None or saved is None:
        return []
    steps = {"start": 0, "memorized": found.memorized_at, "end": found.budget}
    kept = {name: saved[0][f"predictions.{name}"] for name in MOMENTS if f"predictions.{name}" in saved[0]}
    return [Moment(f"{MOMENTS[name]} (step {steps[name]:,})", kept[name][:, 0]) for name in kept]


def draw_tables(part: Any, run: Run, moments: Sequence[Moment]) -> None:
    """Draw a run's table at each moment, side by side, and what the colors mean beneath."""
    arrays, about = run.table() or ({}, {})
    panels = part.subplots(1, len(moments), squeeze=False)[0]
    for axes, moment in zip(panels, moments, strict=True):
        draw_table(axes, arrays, moment.predicted, moment.words)
        _sides(axes, about)
    part.legend(handles=legend(arrays), loc="outside lower center", ncols=6, fontsize=8)


def draw_table(axes: Axes, table: Columns, predicted: Int[np.ndarray, "examples"], title: str) -> None:
    """Color every cell by whether it was shown and whether the network has it right."""
    is_blank = (table["row"] >= 0) & (table["truth"] < 0)
    exists = (table["row"] >= 0) & ~is_blank
    is_right = exists & (predicted[table["row"]] == table["truth"])
    withheld = table["withheld"].astype(bool)
    conditions = [is_blank, ~exists, ~withheld & is_right, withheld & ~is_right, ~withheld & ~is_right]
    kind = np.select(conditions, [5, 0, 1, 2, 3], default=4)
    axes.imshow(kind, cmap=COLORS, vmin=0, vmax=5, interpolation="nearest", aspect="equal")
    axes.grid(visible=False)
    hidden = withheld & exists
    share = is_right[hidden].mean() if hidden.any() else 0.0
    axes.set_title(f"{title}\n{percent(share, 1)} of withheld cells right", fontsize=9)


def legend(table: Columns) -> list[Patch]:
    """Return what the colors mean, as far as the table has such cells."""
    meanings = dict(MEANINGS)
    if np.any((table["row"] >= 0) & (table["truth"] < 0)):
        meanings[BLANK] = "blank: not known"
    if np.any(table["row"] < 0):
        meanings[ABSENT] = "not defined"
    edge = {"edgecolor": "#bbbbbb", "linewidth": 0.5}
    return [Patch(facecolor=color, label=meaning, **edge) for color, meaning in meanings.items()]


def _sides(axes: Axes, about: Mapping[str, Any]) -> None:
    """Name the sides, and the first and last symbol along each."""
    right, left = about["right"], about["left"]
    axes.set_xticks([0, len(right) - 1], _ends(right), fontsize=7)
    axes.set_yticks([0, len(left) - 1], _ends(left), fontsize=7)
    axes.tick_params(length=0)
    axes.set_xlabel("y, the column", fontsize=8, labelpad=-4)
    axes.set_ylabel("x, the row", fontsize=8, labelpad=-4)
    axes.spines[:].set_visible(False)


def _ends(symbols: Sequence[str]) -> list[str]:
    return [symbol(symbols[0], "1st"), symbol(symbols[-1], "last")]
