"""Figures of the lessons: accuracies of a run, the first tenth of it, and how a bet on it turned out."""

from collections.abc import Callable

import numpy as np
import xarray
from jaxtyping import Float
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from groklab.plots.style import MARK, TRAIN, VALIDATION
from groklab.teaching.wagers import Bet, best_bet

PARTS = {"train": TRAIN, "validation": VALIDATION}
Words = tuple[str, str]
WORDS = ("shown", "withheld")
WIDE = (5.6, 2.6)  # inches


def accuracies(axes: Axes, run: xarray.Dataset, *, faint: bool = False, words: Words = WORDS) -> None:
    """Draw both accuracies of a run, or of some over `seed`, on what it was shown and on what was withheld."""
    for (part, color), word in zip(PARTS.items(), words, strict=True):
        curve = run[f"{part}_accuracy"].transpose("step", ...)
        table = _went_on(curve.values.reshape(len(curve.step), -1))
        lines = axes.plot(run.step, 100 * table, color=color, alpha=0.35 if faint else 1, lw=0.9 if faint else 1.6)
        lines[0].set_label(word)
    axes.set_ylim(-3, 103)
    axes.set_ylabel("right answers (%)")
    steps_axis(axes)


def _went_on(table: Float[np.ndarray, "steps runs"]) -> Float[np.ndarray, "steps runs"]:
    """Return curves in which each run stays where it was last recorded, as if it had gone on so."""
    rows = np.where(np.isnan(table), 0, np.arange(len(table))[:, None])
    return np.take_along_axis(table, np.maximum.accumulate(rows, axis=0), axis=0)


def steps_axis(axes: Axes) -> None:
    """Make the horizontal axis one of steps, each tenfold as long; step 0 has no place on it."""
    axes.set_xscale("log")
    axes.set_xlabel("step of training (each number is ten times the last)")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")


def losses(axes: Axes, run: xarray.Dataset, *, words: Words = WORDS) -> None:
    """Draw both losses of a run, on what it was shown and on what was withheld."""
    for (part, color), word in zip(PARTS.items(), words, strict=True):
        axes.plot(run.step, run[f"{part}_loss"], color=color, label=word)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("loss")
    steps_axis(axes)


def first_tenth(
    run: xarray.Dataset,
    budget: int,
    words: Words = WORDS,
    draw: Callable[..., None] = accuracies,
) -> Figure:
    """Draw what is known of a run before bets are made: a tenth of the steps that it may take."""
    figure, axes = plt.subplots(figsize=WIDE, layout="constrained")
    draw(axes, run.sel(step=run.step <= budget / 10), words=words)
    axes.axvspan(budget / 10, budget, color="#eeeeee", lw=0)
    axes.text(budget / 10**0.5, sum(axes.get_ylim()) / 2, "what comes here?", ha="center", va="center", color=MARK)
    axes.set_xlim(1, budget)
    axes.legend(loc="center left")
    return figure


def outcome(
    run: xarray.Dataset,
    others: ArrayLike,
    bet: Bet | None,
    budget: int,
    at: float,
    words: Words = WORDS,
    draw: Callable[..., None] = accuracies,
) -> Figure:
    """Draw the whole run over the bet on it, and beneath when runs with other seeds generalized."""
    figure, (above, beneath) = plt.subplots(
        2, 1, figsize=(5.6, 3.8), layout="constrained", sharex=True, height_ratios=(3, 1.3)
    )
    draw(above, run, words=words)
    above.set_xlabel("")
    rows = {"best for the others": (best_bet(others, budget), MARK)}
    if bet is not None:
        above.axvspan(*_ends(bet, budget), color="#f2d16b", alpha=0.4, lw=0, label="the bet")
        rows = {"the bet": (bet, "#d9a400")} | rows
    above.legend(loc="center left")
    for row, (interval, color) in enumerate(rows.values()):
        beneath.plot(_ends(interval, budget), [row, row], color=color, lw=5, solid_capstyle="butt")
    steps = np.minimum(np.asarray(others, float), budget)
    beneath.plot(steps, np.full(len(steps), len(rows)), "|", color=VALIDATION, markersize=11, mew=1.6)
    beneath.plot(min(at, budget), len(rows) + 1, "o", color=VALIDATION)
    beneath.set_yticks(range(len(rows) + 2), [*rows, "other seeds", "this run"])
    beneath.set_ylim(-0.6, len(rows) + 1.6)
    steps_axis(beneath)
    beneath.set_xlim(1, budget * 1.15)
    beneath.axvline(budget, color=MARK, lw=0.8, linestyle=":")
    beneath.annotate("never", (budget, -0.5), ha="right", fontsize=7, xytext=(-2, 0), textcoords="offset points")
    return figure


def _ends(bet: Bet, budget: float) -> tuple[float, float]:
    """Return where an interval is drawn: never at the budget, and a single step wide enough to be seen."""
    low, high = (float(np.clip(end, 1, budget)) for end in bet)
    return min(low, high / 1.02), high


def times(axes: Axes, steps: xarray.DataArray, budget: int) -> None:
    """Draw when runs with several seeds generalized, against the values of a setting; never is on top."""
    (setting,) = (name for name in steps.dims if name != "seed")
    table = steps.transpose(setting, "seed").values
    for place, row in enumerate(table):
        came = np.isfinite(row)
        axes.plot([place] * int(came.sum()), row[came], "o", color=VALIDATION, markersize=5)
        axes.plot([place] * int((~came).sum()), [1.3 * budget] * int((~came).sum()), "^", color=MARK, markersize=5)
    axes.axhline(1.13 * budget, color=MARK, lw=0.8, linestyle=":")
    axes.set_yscale("log")
    axes.set_ylim(np.min(table[np.isfinite(table)], initial=budget) / 1.5, 1.55 * budget)
    places = [at for at in (100, 200, 500, 1000, 2000, 5000, 10_000) if axes.get_ylim()[0] <= at <= budget]
    axes.set_yticks([*places, 1.3 * budget], [*(f"{at:,}" for at in places), "never"])
    axes.set_yticks([], minor=True)
    axes.set_ylabel("generalizes at step")
    axes.set_xticks(range(len(table)), [f"{value:g}" for value in steps[setting].values])
    axes.set_xlim(-0.5, len(table) - 0.5)
