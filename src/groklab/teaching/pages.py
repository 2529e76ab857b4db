"""Text of the lessons, as Markdown: the teacher's plan, questions with their answers, and what became of bets."""

import base64
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
    "| | interval | score on this run | mean score on the others | holds of the others |\n"
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


def question(number: int, asked: str, answers: Sequence[tuple[int, str]]) -> str:
    """Return a question, and folded away what earns how many points; each of the answers is graded by itself."""
    whole = sum(points for points, _ in answers)
    lines = "\n".join(f"- **{_points(points)}:** {answer}" for points, answer in answers)
    return f"**{number}.** {asked} *({_points(whole)})*\n\n{folded('Answer', lines)}"


def folded(title: str, text: str) -> str:
    """Return text that is folded away until its title is pressed."""
    return f"/// details | {title}\n\n{text.strip()}\n\n///\n"


def spoken(step: float, budget: float = math.inf) -> str:
    """Return a step as it is said: 1,920, or never from the budget on."""
    return NEVER if step >= budget or math.isinf(step) else f"{step:,.0f}"


def verdict(bet: Bet, at: float, others: ArrayLike, budget: int) -> str:
    """Return what a bet cost on the run that was shown and on those with other seeds, beside two bets to compare."""
    steps = np.asarray(others, float)
    rows = {
        "the bet": bet,
        "from the last step seen to *never*": Bet(budget / 10, math.inf),
        "the best in hindsight": best_bet(steps, budget),
    }
    lines = [_row(name, each, at, steps, budget) for name, each in rows.items()]
    return (
        f"This run generalized at step **{spoken(at, budget)}**; of {len(steps)} runs with other seeds, "
        f"{int((steps < budget).sum())} did within {budget:,} steps.\n\n"
        f"{HEAD}{''.join(lines)}\n"
        f"An interval that holds far fewer than {percent(LEVEL)} of the others was too sure of itself; one that holds"
        " all of them and is much wider than the last line was too timid."
    )


def scores(bets: Mapping[str, Bet], at: float, others: ArrayLike, budget: int) -> str:
    """Return a table of what everyone's bet cost, the best first, and how many of the bets held the run."""
    if not bets:
        return "No bets yet."
    ranked = sorted(bets.items(), key=lambda each: float(interval_score(each[1], at, budget)))
    lines = [_row(name, bet, at, np.asarray(others, float), budget) for name, bet in ranked]
    held = sum(bool(covers(bet, at, budget)) for bet in bets.values())
    return (
        f"{HEAD}{''.join(lines)}\n"
        f"{held} of {len(bets)} bets hold this run; of well-judged ones {percent(LEVEL)} do, over many runs."
    )


def _row(name: str, bet: Bet, at: float, others: np.ndarray, budget: int) -> str:
    own, mean = float(interval_score(bet, at, budget)), float(interval_score(bet, others, budget).mean())
    interval = f"{spoken(bet.low, budget)} to {spoken(bet.high, budget)}"
    return f"| {name} | {interval} | {own:.1f} | {mean:.1f} | {percent(covers(bet, others, budget).mean())} |\n"


def _points(count: int) -> str:
    return f"{count} point{'' if count == 1 else 's'}"
