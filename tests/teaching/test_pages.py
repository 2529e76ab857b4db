"""Text and figures of the lessons."""

import math

import numpy as np
import pytest
import xarray
from matplotlib import pyplot as plt

from groklab import teaching
from groklab.errors import InvalidSetting
from groklab.plots import style
from groklab.teaching import pages, pictures

BUDGET = 1000


def run():
    steps = np.arange(0, BUDGET + 1, 10)
    accuracy = {"train_accuracy": steps >= 20, "validation_accuracy": steps >= 400}
    columns = {name: ("step", values.astype(float)) for name, values in accuracy.items()}
    return xarray.Dataset({**columns, "generalized_at": ((), 400.0)}, {"step": steps})


def test_a_plan_takes_a_lesson():
    assert "| 45 | **See** | all |" in teaching.lesson_plan([(45, "See", "all")])
    with pytest.raises(InvalidSetting, match="45 minutes, got 44"):
        teaching.lesson_plan([(44, "See", "all")])


def test_a_question_adds_up_the_points_of_its_answers():
    text = teaching.question(2, "Why?", "Because.", "And so.")
    assert text.startswith("**2.** Why? *(2 points)*")
    assert "- **1 point:** Because.\n- **1 point:** And so." in text


def test_parts_of_a_page_lose_their_indentation_each_by_itself():
    assert teaching.text("\n    one\n    two\n", "three") == "one\ntwo\n\nthree"


def test_a_bet_is_judged_beside_two_others():
    others = [300, 350, 400, 450, math.inf]
    text = pages.verdict(teaching.Bet(200, 800), 400, others, BUDGET)
    assert "generalized at step **400**; of 5 runs with other seeds, 4 did within 1,000 steps" in text
    assert "| the bet | 200 to 800 | 2.0 |" in text
    assert "| from the last step seen to *never* | 100 to never | 3.3 | 3.3 | 100 % |" in text
    late = pages.verdict(None, math.inf, others, BUDGET, "did it")
    assert "This run did it **not** within 1,000 steps" in late
    assert "the bet |" not in late
    assert "| the best for the other runs | 300 to never |" in text


def test_a_class_is_ranked_and_counted():
    bets = {"Timid": teaching.Bet(100, math.inf), "Sure": teaching.Bet(100, 110), "G|<b>": teaching.Bet(300, 500)}
    text = pages.scores(bets, 400, [300, 500], BUDGET)
    assert text.index("| G&#124;&lt;b&gt; |") < text.index("Timid") < text.index("Sure")
    assert "2 of 3 bets hold this run" in text
    assert pages.scores({}, 400, [300], BUDGET).startswith("No bets yet")


def test_a_step_is_said_as_people_do():
    assert [teaching.spoken(1920), teaching.spoken(math.inf), teaching.spoken(1000, BUDGET)] == [
        "1,920",
        "never",
        "never",
    ]


@pytest.mark.parametrize("bet", [teaching.Bet(200, 800), teaching.Bet(400, 400), teaching.Bet(math.inf, math.inf)])
def test_figures_are_drawn_into_the_page_and_closed(bet):
    with style.use():
        first = pictures.first_tenth(run(), BUDGET)
        assert max(line.get_xdata().max() for line in first.axes[0].lines) == BUDGET / 10  # and nothing of what follows
        whole = pictures.outcome(run(), [300, math.inf], bet, BUDGET, 400)
        shown = [teaching.figure(each, "a run") for each in (first, whole)]
    assert all(page.startswith('<img alt="a run" src="data:image/png;base64,') for page in shown)
    assert not plt.get_fignums()
