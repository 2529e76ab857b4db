"""Bets on when a run generalizes: what they cost, and that saying what one believes costs least."""

import itertools
import math

import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.teaching import Bet, best_bet, bets_in, covers, interval_score
from groklab.teaching.wagers import stakes

NEVER = math.inf
BUDGET = 1600


@pytest.mark.parametrize(
    ("bet", "step", "cost"),
    [
        (Bet(100, 400), 200, 2),  # two doublings wide
        (Bet(100, 400), 400, 2),  # an end is in it
        (Bet(100, 400), 800, 12),  # missed by one doubling
        (Bet(100, 400), 50, 12),
        (Bet(200, 200), 200, 0),
        (Bet(200, 200), 100, 10),
        (Bet(800, NEVER), NEVER, 1),  # never is the budget: one doubling from 800
        (Bet(NEVER, NEVER), NEVER, 0),
        (Bet(NEVER, NEVER), 800, 10),
        (Bet(100, 400), NEVER, 22),
        (Bet(0, 4), 0, 2),  # step 0 has no logarithm: it counts as 1
    ],
)
def test_a_bet_costs_its_width_and_ten_times_what_it_is_missed_by(bet, step, cost):
    assert float(interval_score(bet, step, BUDGET)) == pytest.approx(cost)


def test_what_lies_beyond_the_budget_is_never():
    late = [BUDGET, 2 * BUDGET, NEVER]
    for bet in (Bet(100, 400), Bet(100, NEVER), Bet(BUDGET, BUDGET)):
        assert len(set(interval_score(bet, late, BUDGET))) == 1
        assert len(set(covers(bet, late, BUDGET))) == 1
    assert interval_score(Bet(100, 9 * BUDGET), 300, BUDGET) == interval_score(Bet(100, NEVER), 300, BUDGET)


@pytest.mark.parametrize("share_that_never", [0.0, 0.05, 0.3, 0.95])
def test_the_score_is_proper_with_censored_runs(share_that_never):
    """No interval costs less on average than the outer tenths of what is believed, however much of it is never."""
    random = np.random.default_rng(0)
    steps = 2 ** random.normal(8.5, 0.8, 400)
    steps[: int(400 * share_that_never)] = NEVER
    best = interval_score(best_bet(steps, BUDGET), steps, BUDGET).mean()
    ends = [*np.geomspace(20, BUDGET, 40), NEVER]
    for low, high in itertools.combinations_with_replacement(ends, 2):
        assert best <= interval_score(Bet(low, high), steps, BUDGET).mean() + 1e-9


def test_the_best_bet_holds_eight_of_ten():
    steps = np.arange(100, 1100, 100)
    found = best_bet(steps, BUDGET)
    assert found == Bet(100, 900)
    assert covers(found, steps, BUDGET).sum() == 9  # its ends are outcomes
    assert best_bet([NEVER, NEVER], BUDGET) == Bet(NEVER, NEVER)
    assert best_bet([*[200] * 8, NEVER, NEVER], BUDGET) == Bet(200, NEVER)


def test_stakes_go_from_a_tenth_of_the_budget_to_never():
    for budget in (50, 400, 5000, 60_000):
        found = stakes(budget)
        assert found[0] == budget // 10
        assert found[-1] == budget
        assert found == sorted(set(found))
        assert max(b / a for a, b in itertools.pairwise(found)) < 1.3


def test_bets_are_read_from_lines():
    bets, troubles = bets_in("Ada 800 3,000\n\nEmmy  N.: 200, never\n", BUDGET)
    assert bets == {"Ada": Bet(800, 3000), "Emmy N.": Bet(200, NEVER)}
    assert bets_in("Ada never never", BUDGET)[0] == {"Ada": Bet(NEVER, NEVER)}
    assert not troubles


@pytest.mark.parametrize(
    "line",
    ["Ada", "800 900", "Ada soon later", "Ada 900 800", "Ada never 800", "Ada -5 900", "Ada 1.5 3.0", "Ada 2000 9000"],
)
def test_what_is_no_bet_is_said_and_takes_no_other_bet_away(line):
    bets, troubles = bets_in(f"Emmy 200 300\n{line}\nFay 200 400", BUDGET)
    assert list(bets) == ["Emmy", "Fay"]
    assert ["A bet must" in each for each in troubles] == [True]


def test_what_cannot_be_scored_is_refused():
    with pytest.raises(InvalidSetting, match="`bet`"):
        interval_score(Bet(9, 3), 5, BUDGET)
    with pytest.raises(InvalidSetting, match="`budget`"):
        interval_score(Bet(1, 3), 5, 1)
    with pytest.raises(InvalidSetting, match="`steps`"):
        best_bet([], BUDGET)
