"""Text of the lessons, as Markdown: the teacher's plan, questions with their answers, and what became of bets."""

import base64
import html
import inspect
import io
import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from groklab.errors import InvalidSetting
from groklab.store.words import percent
from groklab.teaching.wagers import LEVEL, NEVER, Bet, best_bet, covers, interval_score

MINUTES = 45
HEAD = (
    "| | interval | score on this run | mean score on the others | others inside |\n"
    "| :--- | :--- | ---: | ---: | ---: |\n"
)


def text(*parts: str) -> str:
    """Return parts of a page one after the other, each freed of the indentation that it has in code."""
    return "\n\n".join(inspect.cleandoc(part) for part in parts)


def figure(drawn: Figure, words: str) -> str:
    """Return a figure as an image that is part of the page, with words for those who do not see it; close it."""
    file = io.BytesIO()
    drawn.savefig(file, format="png", dpi=150, bbox_inches="tight")
    plt.close(drawn)
    data = base64.b64encode(file.getvalue()).decode()
    return f'<img alt="{words}" src="data:image/png;base64,{data}" style="width: 100%; max-width: 46rem">'


def lesson_plan(parts: Sequence[tuple[int, str, str]], note: str = "") -> str:
    """Return the teacher's plan, folded away: minutes, part, and what is done; the minutes must make a lesson."""
    if (sum_of := sum(minutes for minutes, *_ in parts)) != MINUTES:
        raise InvalidSetting(f"`parts` must take {MINUTES} minutes, got {sum_of}.")
    rows = "\n".join(f"| {minutes} | **{part}** | {what} |" for minutes, part, what in parts)
    return folded(
        "For the teacher: plan of the lesson", f"| minutes | part | |\n| ---: | :--- | :--- |\n{rows}\n\n{note}"
    )


def question(number: int, asked: str, *answers: str) -> str:
    """Return a question, and folded away what is to be said, each part of it a point."""
    lines = "\n".join(f"- **1 point:** {answer}" for answer in answers)
    count = f"{len(answers)} point{'' if len(answers) == 1 else 's'}"
    return f"**{number}.** {asked} *({count})*\n\n{folded('Answer', lines)}"


def folded(title: str, text: str) -> str:
    """Return text that is folded away until its title is pressed."""
    return f"/// details | {title}\n\n{text.strip()}\n\n///\n"


def spoken(step: float, budget: float = math.inf) -> str:
    """Return a step as it is said: 1,920, or never from the budget on."""
    return NEVER if step >= budget else f"{step:,.0f}"


def verdict(bet: Bet | None, at: float, others: ArrayLike, budget: int, came: str = "generalized") -> str:
    """Return what a bet cost on the run that was shown and on those with other seeds, beside two bets to compare.

    `came` is what a run did at the step: of one that did not, it is said that it has not.
    """
    steps = np.asarray(others, float)
    rows = {
        **({} if bet is None else {"the bet": bet}),
        "from the last step seen to *never*": Bet(budget / 10, math.inf),
        "the best for the other runs": best_bet(steps, budget),
    }
    lines = [_row(name, each, at, steps, budget) for name, each in rows.items()]
    this = f"at step **{spoken(at)}**" if at < budget else f"**not** within {budget:,} steps"
    return (
        f"This run {came} {this}; of {len(steps)} runs with other seeds, {int((steps < budget).sum())} did within"
        f" {budget:,} steps.\n\n{HEAD}{''.join(lines)}\n"
        f"An interval that holds far fewer than {percent(LEVEL)} of the others was too sure of itself; one that holds"
        " all of them and is much wider than the last line was too timid."
    )


def scores(bets: Mapping[str, Bet], at: float, others: ArrayLike, budget: int) -> str:
    """Return a table of what everyone's bet cost, who judges best first, and how many of the bets held the run."""
    if not bets:
        return "No bets yet: write them into the field, one a line."
    steps = np.asarray(others, float)
    ranked = sorted(bets.items(), key=lambda each: float(interval_score(each[1], steps, budget).mean()))
    lines = [_row(_plain(name), bet, at, steps, budget) for name, bet in ranked]
    held = sum(bool(covers(bet, at, budget)) for bet in bets.values())
    return (
        f"{HEAD}{''.join(lines)}\n"
        f"{held} of {len(bets)} bets hold this run; of well-judged ones {percent(LEVEL)} do, over many runs. The lowest"
        " score on this run was the luckiest bet; the lowest mean score on the others, at the top, was the best judged."
    )


def _plain(name: str) -> str:
    """Return a name that does not become a part of the table around it."""
    return html.escape(name).replace("|", "&#124;")


def _row(name: str, bet: Bet, at: float, others: np.ndarray, budget: int) -> str:
    own, mean = float(interval_score(bet, at, budget)), float(interval_score(bet, others, budget).mean())
    interval = f"{spoken(bet.low, budget)} to {spoken(bet.high, budget)}"
    return f"| {name} | {interval} | {own:.1f} | {mean:.1f} | {percent(covers(bet, others, budget).mean())} |\n"
