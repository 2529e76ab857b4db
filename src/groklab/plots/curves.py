"""Accuracy and loss against steps, on a logarithmic axis, with the delay marked."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from groklab.milestones import THRESHOLD, Milestones
from groklab.plots.style import MARK, TRAIN, VALIDATION
from groklab.store import Columns

COLORS = {"train": TRAIN, "validation": VALIDATION}


def draw_curves(axes: Axes, runs: Sequence[Columns], quantity: str) -> None:
    """Draw train and validation `accuracy` or `loss`: one run as it is, several as median and range."""
    for part, color in COLORS.items():
        steps, values = aligned(runs, f"{part}_{quantity}")
        middle = np.median(values, axis=0)
        axes.plot(steps, middle, color=color, label=part)
        if len(runs) > 1:
            axes.fill_between(steps, values.min(axis=0), values.max(axis=0), color=color, alpha=0.2, linewidth=0)
    axes.set_xscale("log")
    axes.set_xlim(left=1)
    axes.set_ylabel(quantity)
    if quantity == "accuracy":
        axes.set_ylim(-0.02, 1.05)
        axes.yaxis.set_major_formatter("{x:.0%}")
    else:
        axes.set_yscale("log")
        axes.set_ylabel("loss (nats)")


def mark_delay(axes: Axes, found: Sequence[Milestones]) -> None:
    """Mark the median steps of memorizing and generalizing, and the way between them."""
    memorized = median_crossing([each.memorized_at for each in found])
    generalized = median_crossing([each.generalized_at for each in found])
    behind = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1}
    for step, color, word in ((memorized, TRAIN, "memorized"), (generalized, VALIDATION, "generalized")):
        if step is not None:
            axes.axvline(max(step, 1), color=color, linewidth=0.9, linestyle=":")
            place = {"xy": (max(step, 1), 0.28), "xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
            axes.annotate(
                f"{word}\n{step:,.0f}", xytext=(-4, 0), color=color, ha="right", fontsize=8, bbox=behind, **place
            )
    if memorized and generalized and generalized > 1.15 * memorized:
        axes.annotate("", (generalized, 0.55), (memorized, 0.55), arrowprops={"arrowstyle": "<->", "color": MARK})
        axes.annotate(
            f"delay {generalized - memorized:,.0f} steps (×{generalized / memorized:.1f})",
            (np.sqrt(generalized * memorized), 0.57),
            ha="center",
            color=MARK,
            fontsize=8,
            bbox=behind,
        )


def median_crossing(steps: Sequence[int | None]) -> float | None:
    """Return the median of steps of which some never came: None where half or more of them did not."""
    ordered = sorted(np.inf if step is None else step for step in steps)
    middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    return float(middle) if np.isfinite(middle) else None


def aligned(runs: Sequence[Columns], name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the union of the recorded steps, and every run's last value at each of them."""
    steps = np.unique(np.concatenate([run["step"] for run in runs]))
    rows = [run[name][np.searchsorted(run["step"], steps, side="right") - 1] for run in runs]
    return steps, np.stack(rows)


def threshold(axes: Axes) -> None:
    """Draw the level at which a run counts as having memorized or generalized."""
    axes.axhline(THRESHOLD, color=MARK, linewidth=0.6, linestyle="--")
