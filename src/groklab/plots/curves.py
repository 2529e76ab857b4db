"""Accuracy and loss against steps, on a logarithmic axis, with the delay marked."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes

from groklab.estimates import median_time
from groklab.milestones import THRESHOLD, Milestones
from groklab.plots.style import MARK, TRAIN, VALIDATION
from groklab.store import Columns
from groklab.store.words import percent

ROW = 11  # points from one line of labels above the axes to the next
SHORT = 1.5  # a delay of a smaller ratio has no room for an arrow


class Look(NamedTuple):
    """How a curve is drawn, and what it is called; `_` keeps it out of the legend."""

    color: Any  # as Matplotlib takes it
    label: str
    linestyle: str = "-"
    alpha: float = 1.0


ALONE = {"train": Look(TRAIN, "train"), "validation": Look(VALIDATION, "validation")}


def draw_curves(
    axes: Axes, runs: Sequence[Columns], quantity: str, looks: Mapping[str, Look] = ALONE, unit: str = "nats"
) -> None:
    """Draw train and validation `accuracy` or `loss`, in its unit: one run as it is, several as median and range."""
    for part, look in looks.items():
        steps, values = aligned(runs, f"{part}_{quantity}")
        axes.plot(steps, np.median(values, axis=0), **look._asdict())
        if len(runs) > 1:
            least, most = values.min(axis=0), values.max(axis=0)
            axes.fill_between(steps, least, most, color=look.color, alpha=0.2 * look.alpha, linewidth=0)
        if (steps >= 1).any():  # what has only been begun has nothing to show on a logarithmic axis
            axes.set_xscale("log")
            axes.set_xlim(left=1, auto=True)  # longer runs drawn later move the right end
    axes.set_ylabel(quantity)
    if quantity == "accuracy":
        axes.set_ylim(-0.02, 1.05)
        axes.yaxis.set_major_formatter(lambda value, place: percent(value))
    else:
        if any((np.asarray(line.get_ydata(), float) > 0).any() for line in axes.get_lines()):
            axes.set_yscale("log")
        axes.set_ylabel(f"loss ({unit})")


def mark_delay(axes: Axes, found: Sequence[Milestones]) -> None:
    """Mark the median steps of memorizing and generalizing, and the way between them.

    The words stand above the axes, where they hide no curve, one line each, so that they never touch.
    """
    memorized = median_crossing([each.memorized_at for each in found])
    generalized = median_crossing([each.generalized_at for each in found])
    if memorized is not None:
        _mark(axes, memorized, f"memorized {memorized:,.0f}", TRAIN, row=0)
    if generalized is not None:
        delay = delay_in_words(found)
        _mark(axes, generalized, f"generalized {generalized:,.0f}{delay and ', '}{delay}", VALIDATION, row=1)
    if memorized and generalized and generalized > SHORT * memorized:
        axes.annotate("", (generalized, 0.5), (memorized, 0.5), arrowprops={"arrowstyle": "<->", "color": MARK})


def delay_in_words(found: Sequence[Milestones]) -> str:
    """Say how long the delay is, and how many times as late: of several runs the medians, as claims take them."""
    known = [each for each in found if each.memorized_at]
    ratios = [np.inf if each.delay_ratio is None else each.delay_ratio for each in known]
    budgets = [each.budget / (each.memorized_at or 1) for each in known]
    ratio = median_time(ratios, budgets).value if known else np.inf
    delay = median_crossing([each.delay for each in found])
    if delay is None or delay <= 0 or not np.isfinite(ratio):
        return ""
    return f"{'median ' if len(found) > 1 else ''}delay {delay:,.0f} steps (×{ratio:.1f})"


def median_crossing(steps: Sequence[int | None]) -> float | None:
    """Return the median of steps of which some never came: None where half or more of them did not."""
    ordered = sorted(np.inf if step is None else step for step in steps)
    middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    return float(middle) if np.isfinite(middle) else None


def aligned(runs: Sequence[Columns], name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the union of the recorded steps, and every run's last value at each of them."""
    steps = np.unique(np.concatenate([run["step"] for run in runs]))
    rows = [run[name][np.searchsorted(run["step"], steps, side="right") - 1] for run in runs]
    values = np.stack(rows).astype(float)
    return steps, np.where(np.isfinite(values), values, np.nan)  # what is no number is not drawn


def divergence(found: Sequence[Milestones]) -> str:
    """Say when a run diverged, or of several how many did; nothing where none did."""
    steps = [each.diverged_at for each in found if each.diverged_at is not None]
    if not steps:
        return ""
    return f"diverged at step {steps[0]:,}" if len(found) == 1 else f"{len(steps)} of {len(found)} diverged"


def threshold(axes: Axes, levels: Iterable[float] = (THRESHOLD,)) -> None:
    """Draw the levels at which a run counts as having memorized or generalized, and name them at the right."""
    for level in set(levels):
        axes.axhline(level, color=MARK, linewidth=0.6, linestyle="--")
        place = {"xy": (1, level), "xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
        axes.annotate(percent(level), xytext=(3, 0), va="center", color=MARK, fontsize=7, **place)


def _mark(axes: Axes, step: float, words: str, color: str, *, row: int) -> None:
    """Draw a line at a step and write above the axes what it is, towards the side where there is room."""
    at = max(step, 1)
    axes.axvline(at, color=color, linewidth=0.9, linestyle=":")
    share = np.log(at) / np.log(max(axes.get_xlim()[1], 2))
    side = "left" if share < 1 / 3 else "right" if share > 2 / 3 else "center"
    place = {"xy": (at, 1), "xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
    axes.annotate(words, xytext=(0, 3 + ROW * row), color=color, ha=side, va="bottom", fontsize=8, **place)
