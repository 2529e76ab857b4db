"""The prediction game: a class sees the first tenth of a run and bets on its step; runs with other seeds judge it."""

import html
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
from groklab.teaching.wagers import LEVEL, PENALTY, Bet, bets_in, stakes

RULE = f"""
**Score: the lower, the better.** It is the width of your interval in doublings, plus {PENALTY:.0f} for each doubling by
which it missed. From 1,000 to 4,000 is two doublings: it costs 2 if the run comes in between, and 2 + 10 if it comes at
step 500, one doubling too early. Half a doubling is 1.4 times as many steps, and *never* counts as the last step that a
run may take. On average those have the lowest score who say what they believe: {percent(LEVEL)} sure means that of ten
such runs one comes before the interval and one after it.
"""


@dataclass(frozen=True)
class Game:
    """A run, as a dataset over `step`, to be bet on, and the steps at which runs with other seeds came there.

    `at` is the step at which the run itself came there, that of its generalizing where it is left out; from `budget`
    on it counts as never. `words` name what the run was shown and what was withheld, `draw` draws it on axes, and
    `came` says what it did at its step.
    """

    run: xarray.Dataset
    others: ArrayLike
    budget: int
    at: float = field(default=np.nan)
    words: tuple[str, str] = WORDS
    draw: Callable[..., None] = accuracies
    came: str = "generalized"

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

    def slider(self) -> dict[str, Any]:
        """Return the arguments of a range slider over the steps to choose from; at first it holds all of them."""
        steps = stakes(self.budget)
        return {"steps": steps, "value": [steps[0], steps[-1]], "full_width": True, "show_value": True}

    def field(self, example: str) -> dict[str, Any]:
        """Return the arguments of a text area for the bets of a class, with an example in it until something is."""
        return {"placeholder": example, "label": "Bets of the class, one a line: name, first step, last step"}

    def results(self, ends: Sequence[float], bets: str) -> str:
        """Return what became of the run and of the bet of a slider, and what the bets of a class cost, folded away."""
        return text(self.outcome(ends), self.scores(bets))

    def outcome(self, ends: Sequence[float]) -> str:
        """Return what became of the run and of a bet on it, folded away; the last step of a bet stands for never.

        The interval of all steps is no bet yet.
        """
        bet = None if list(ends) == self.slider()["value"] else Bet(*ends)
        with style.use():
            drawn = outcome(self.run, self.others, bet, self.budget, self.at, self.words, self.draw)
        image = figure(drawn, "The whole run, and when runs with other seeds came there")
        words = verdict(bet, self.at, self.others, self.budget, self.came)
        return folded("Open when all bets are written down", text(image, words))

    def scores(self, bets: str) -> str:
        """Return what everyone's bets cost, folded away, after what is wrong with some; `bets_in` reads them."""
        found, troubles = bets_in(bets, self.budget)
        table = scores(found, self.at, self.others, self.budget)
        return folded("Scores of the class", text(*(f"- {html.escape(each)}" for each in troubles), table))
