"""The prediction game: what is seen before the bets, how they are asked for, and what became of them."""

import math

import numpy as np
import pytest
import xarray

from groklab.teaching import Game

BUDGET = 1000


@pytest.fixture
def game():
    steps = np.arange(0, BUDGET + 1, 10)
    accuracy = {"train_accuracy": steps >= 20, "validation_accuracy": steps >= 400}
    columns = {name: ("step", values.astype(float)) for name, values in accuracy.items()}
    run = xarray.Dataset({**columns, "generalized_at": ((), 400.0)}, {"step": steps})
    return Game(run, [300, 500, math.inf], BUDGET)


def test_it_is_about_the_step_at_which_the_run_generalizes_or_another(game):
    assert game.at == 400
    assert Game(game.run, game.others, BUDGET, at=70).at == 70


def test_bets_are_asked_for_with_their_rule_and_a_slider(game):
    text = game.asked("When?")
    assert text.startswith("When? Write down an interval in which you are 80 % sure")
    assert "1,000, stands for *never*" in text
    assert "one doubling too early" in text
    slider = game.slider()
    assert slider["value"] == [slider["steps"][0], BUDGET]


def test_a_bet_and_those_of_a_class_are_judged_on_the_run_and_beside_it(game):
    outcome = game.outcome([200, 800])
    assert outcome.startswith("/// details | Open when")
    assert "generalized at step **400**; of 3 runs with other seeds, 2 did" in outcome
    assert "| the bet | 200 to 800 | 2.0 |" in outcome
    assert outcome.count("<img") == 1
    assert "to never" in game.outcome([200, BUDGET])
    assert "the bet |" not in game.outcome(game.slider()["value"])
    assert game.results([200, 800], "Ada 300 500") == f"{outcome.strip()}\n\n{game.scores('Ada 300 500').strip()}"
    assert game.field("Ada 1 2")["placeholder"] == "Ada 1 2"
    assert "1 of 2 bets hold this run" in game.scores("Ada 300 500\nEmmy 600 never")
    wrong = game.scores("Ada soon\nEmmy 300 500")
    assert "- A bet must be a name" in wrong
    assert "| Emmy |" in wrong


def test_a_picture_shows_a_tenth(game):
    assert game.first_tenth().startswith('<img alt="A run up to step 100')
