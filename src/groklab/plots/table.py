"""The operation table, colored by what the network gets right."""

import numpy as np
from jaxtyping import Int
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch

from groklab.plots.style import ABSENT, MISSED, RIGHT, SHOWN, WRONG
from groklab.store import Columns

COLORS = ListedColormap([ABSENT, SHOWN, WRONG, MISSED, RIGHT])
MEANINGS = {SHOWN: "training, right", MISSED: "training, wrong", RIGHT: "withheld, right", WRONG: "withheld, wrong"}


def draw_table(axes: Axes, table: Columns, predicted: Int[np.ndarray, "examples"], title: str) -> None:
    """Color every cell by whether it was shown and whether the network has it right."""
    exists = (table["row"] >= 0) & (table["truth"] >= 0)
    is_right = exists & (predicted[table["row"]] == table["truth"])
    withheld = table["withheld"].astype(bool)
    kind = np.select(
        [~exists, ~withheld & is_right, withheld & ~is_right, ~withheld & ~is_right], [0, 1, 2, 3], default=4
    )
    axes.imshow(kind, cmap=COLORS, vmin=0, vmax=4, interpolation="nearest", aspect="equal")
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])
    hidden = withheld & exists
    share = is_right[hidden].mean() if hidden.any() else 0.0
    axes.set_title(f"{title}\n{share:.1%} of withheld cells right", fontsize=9)


def legend() -> list[Patch]:
    """Return what the colors mean."""
    return [Patch(facecolor=color, label=meaning) for color, meaning in MEANINGS.items()]
