"""The prediction game: a class sees the first tenth of a run and bets on its step; runs with other seeds judge it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray
from numpy.typing import ArrayLike

from groklab.plots import style
from groklab.store.words import percent
from groklab.teaching.pages import figure, folded, scores, text, verdict
from groklab.teaching.pictures import WORDS, accuracies, first_tenth, outcome
from groklab.teaching.wagers import LEVEL, Bet, bets_in, stake_near, stakes

RULE = f"""
**How a bet is scored.** Count the doublings from the first step of your interval to its last, and add ten times the
doublings by which the run missed it; the lowest number wins, and *never* counts as the last step that a run may take.
This is the interval score (Winkler 1972; Gneiting and Raftery 2007) of the logarithm of the step: on average it is
lowest for those who say what they believe, an interval that holds {percent(LEVEL)} of such runs, where a tenth of them
fall before it and a tenth after.
"""


@dataclass(frozen=True)
class Game:
    """A run, as a dataset over `step`, to be bet on, and the steps at which runs with other seeds came there.

    `at` is the step at which the run itself came there, that of its generalizing where it is left out; from `budget`
    on it counts as never. `words` name what the run was shown and what was withheld, `draw` draws one on axes.
    """

    run: xarray.Dataset
    others: ArrayLike
    budget: int
    at: float = field(default=np.nan)
    words: tuple[str, str] = WORDS
    draw: Callable[..., None] = accuracies

    def __post_init__(self) -> None:
        if np.isnan(self.at):
            object.__setattr__(self, "at", float(self.run.generalized_at))

    def first_tenth(self) -> str:
        """Return the figure that is shown before the bets."""
        with style.use():
            drawn = first_tenth(self.run, self.budget, self.words, self.draw)
        return figure(drawn, f"A run up to step {self.budget // 10:,}, a tenth of what it may take")

    def asked(self, question: str) -> str:
        """Return a question for a step, with what an answer looks like and how it is scored."""
        return text(
            f"{question} Write down an interval in which you are {percent(LEVEL)} sure that it lies. The last place of"
            f" the slider, {self.budget:,}, stands for *never*.",
            RULE,
        )

    def slider(self, low: float, high: float) -> dict[str, Any]:
        """Return the arguments of a range slider over the steps to choose from, set to those nearest to two."""
        ends = [stake_near(low, self.budget), stake_near(high, self.budget)]
        return {"steps": stakes(self.budget), "value": ends, "full_width": True, "show_value": True}

    def outcome(self, ends: Sequence[float]) -> str:
        """Return what became of the run and of a bet on it, folded away; the last step of a bet stands for never."""
        bet = Bet(*ends)
        with style.use():
            drawn = outcome(self.run, self.others, bet, self.budget, self.at, self.words, self.draw)
        image = figure(drawn, "The whole run, the bet, and when runs with other seeds came there")
        words = verdict(bet, self.at, self.others, self.budget)
        return folded("Open when all bets are written down", text(image, words))

    def scores(self, bets: str) -> str:
        """Return what everyone's bets cost, folded away; `bets_in` says how they are written."""
        return folded("Scores of the class", scores(bets_in(bets), self.at, self.others, self.budget))
