import math

import pytest

from groklab.errors import InvalidSetting
from groklab.estimates import Estimate, median_time
from groklab.papers.claims import SCALES, Bound, Claim, Quantity, at_least, at_most, between, judge

INF, NAN = math.inf, math.nan


def claim(measure, **rules):
    return Claim("name", "It says.", "source", Quantity("quantity", measure), rules)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (at_most(1000), "≤ 1,000"),
        (at_least(-0.02), "≥ -0.02"),
        (between(2e4, 1e6), "20,000 to 1,000,000"),
        (at_least(10 / 120), "≥ 0.0833"),
        (at_most(-0.5), "≤ -0.5"),
        (between(-0.6, -0.2), "-0.6 to -0.2"),
    ],
)
def test_a_rule_reads_as_a_condition(rule, words):
    assert str(rule) == words


@pytest.mark.parametrize(
    ("rule", "low", "high", "word"),
    [
        (at_most(10), 3, 9, "holds"),
        (at_most(10), 3, 10, "holds"),  # the end is included
        (at_most(10), 3, 11, "undecided"),
        (at_most(10), 10, 11, "undecided"),
        (at_most(10), 10.5, 11, "fails"),
        (at_least(10), 10, 11, "holds"),
        (at_least(10), 9, 11, "undecided"),
        (at_least(10), 8, 9, "fails"),
        (between(2, 4), 2, 4, "holds"),
        (between(2, 4), 1, 3, "undecided"),
        (between(2, 4), 3, 5, "undecided"),
        (between(2, 4), 1, 5, "undecided"),
        (between(2, 4), 5, 6, "fails"),
        (between(2, 4), 0, 1, "fails"),
    ],
)
def test_the_whole_interval_decides(rule, low, high, word):
    assert rule.verdict(Estimate((low + high) / 2, low, high, 3)) == word


@pytest.mark.parametrize(
    ("rule", "found", "word"),
    [
        (at_most(10), Estimate(INF, 50, INF, 3), "fails"),  # not within 50 steps
        (at_most(100), Estimate(INF, 50, INF, 3), "undecided"),  # not watched long enough
        (at_least(10), Estimate(INF, 50, INF, 3), "holds"),
        (at_least(100), Estimate(INF, 50, INF, 3), "undecided"),
        (between(10, 40), Estimate(INF, 50, INF, 3), "fails"),
        (at_least(0), Estimate(INF, INF, INF, 3), "holds"),
        (at_most(0), Estimate(-INF, -INF, -INF, 3), "holds"),
        (at_most(0), Estimate(NAN, -INF, INF, 3), "undecided"),
        (at_most(0), Estimate(NAN, -2, -1, 3), "undecided"),  # an interval around nothing
        (at_most(0), Estimate(NAN, 1, 2, 3), "undecided"),
        (at_most(0), Estimate(NAN, NAN, NAN, 3), "undecided"),
    ],
)
def test_what_is_infinite_or_unknown(rule, found, word):
    assert rule.verdict(found) == word


def test_runs_that_never_crossed_are_judged_by_their_budget():
    never = median_time([INF, INF, INF], 1000)
    assert at_most(500).verdict(never) == "fails"
    assert at_most(2000).verdict(never) == "undecided"
    assert at_least(500).verdict(never) == "holds"
    assert at_most(1000).verdict(median_time([100, 200, INF], 1000)) == "undecided"


def exactly(value, count=3):
    return Estimate(value, value, value, count)


def test_a_claim_is_judged_by_the_rule_of_the_scale():
    one = claim(lambda results: exactly(results), laptop=at_most(10), paper=at_most(1))
    assert judge(one, "laptop", 5.0) == (at_most(10), exactly(5), "holds", "")
    assert judge(one, "paper", 5.0) == (Bound(-INF, 1), exactly(5), "fails", "")


@pytest.mark.parametrize("count", [1, 2])
def test_fewer_than_three_runs_decide_nothing(count):
    for bound in (1, 10):
        judged = judge(claim(lambda results: exactly(5, count), laptop=at_most(bound)), "laptop", None)
        assert (judged.found, judged.verdict) == (exactly(5, count), "undecided")
        assert judged.why.endswith(f"got {count}.")


@pytest.mark.parametrize(
    ("rule", "found", "at"),
    [
        (at_most(10), [(1, 2), (11, 12), (5, 30)], 1),  # a failure comes before what is undecided
        (at_most(10), [(1, 2), (5, 11), (5, 30)], 2),
        (at_most(10), [(1, 2), (8, 9), (3, 4)], 1),
        (at_least(0.9), [(0.95, 1), (0.91, 1), (0.99, 1)], 1),
        (at_least(0.9), [(0.95, INF), (0.91, INF)], 1),
        (between(30, 3000), [(40, 100), (200, 300), (2000, 2995)], 2),
        (between(30, 3000), [(31, 100), (200, 300), (2000, 2900)], 0),
        (between(30, 3000), [(40, 100), (200, INF)], 1),
    ],
)
def test_the_worst_of_several_estimates_is_that_closest_to_breaking_the_rule(rule, found, at):
    estimates = [Estimate(low, low, high, 3) for low, high in found]
    assert rule.worst(estimates) == estimates[at]


def test_one_bound_is_that_of_both_scales():
    one = claim(exactly)._replace(bound=at_most(10))
    assert [judge(one, scale, 11.0).verdict for scale in SCALES] == ["fails", "fails"]


def test_of_several_estimates_the_worst_is_judged():
    one = claim(lambda results: [exactly(value) for value in results], laptop=at_most(10))
    assert judge(one, "laptop", [5, 11, 3]) == (at_most(10), exactly(11), "fails", "")
    few = claim(lambda results: [exactly(5), exactly(9, 2)], laptop=at_most(10))
    assert judge(few, "laptop", None).verdict == "undecided"


def test_a_claim_without_a_form_at_a_scale_is_not_judged_there():
    assert judge(claim(lambda results: 1 / 0, paper=at_most(1)), "laptop", None) is None


def test_a_measurement_that_is_refused_is_undecided():
    def refuse(results):
        raise InvalidSetting("`times` must be a sequence of one number or more, got shape (0,).")

    bound, found, word, why = judge(claim(refuse, laptop=at_most(1)), "laptop", None)
    assert (bound, word, found.count) == (at_most(1), "undecided", 0)
    assert why == "`times` must be a sequence of one number or more, got shape (0,)."
    assert math.isnan(found.value)
    assert (found.low, found.high) == (-INF, INF)


def test_any_other_error_of_a_measurement_is_a_bug():
    with pytest.raises(ZeroDivisionError):
        judge(claim(lambda results: 1 / 0, laptop=at_most(1)), "laptop", None)
