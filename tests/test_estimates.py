import math
import subprocess
import sys
from functools import partial

import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.estimates import (
    bootstrap,
    bounded,
    censored_slope,
    difference,
    median_time,
    partly_known,
    rank_correlation,
    repeated_rank_correlation,
    success,
)

inf = math.inf
# Conover's fanbelts: S falls to 7/8, 3/4, 1/2, 1/4 and 0 at 47, 56, 77, 80 and 81.
FANBELTS = [77, 47, 81, 56, 80, inf, inf, inf, inf, inf], [99, 99, 99, 99, 99, 62, 60, 43, 71, 37]


@pytest.mark.parametrize(
    ("times", "budgets", "expected"),
    [
        ([5], [9], (5, 5, 5, 1)),
        ([inf], [9], (inf, 9, inf, 1)),
        ([5, 5], 9, (5, 5, 5, 2)),
        ([7, 3], 9, (3, 3, 7, 2)),
        ([3, inf], 9, (3, 3, inf, 2)),
        ([3, 1, 2], 9, (2, 1, 3, 3)),
        ([3, 1, 2, 6, 5, 4], 9, (3, 1, 6, 6)),
        ([inf] * 5, 9, (inf, 9, inf, 5)),
        # Beyond 10 one run of four is watched, which says nothing of half of them.
        ([inf] * 4, [10, 10, 10, 1000], (inf, 10, inf, 4)),
        # S = 1 up to 10, but beyond 2 only one run of three is watched.
        ([10, inf, inf], [10, 1, 2], (10, 2, 10, 3)),
    ],
)
def test_median_times_by_hand(times, budgets, expected):
    assert median_time(times, budgets) == expected


def test_the_median_of_censored_runs_is_kaplan_and_meiers():
    # S is 3/4 at 56 and 1/2 at 77; counted as if they had broken, the other five would make it 60.
    assert median_time(*FANBELTS).value == 77
    # S = 4/5, then (4/5)(2/3) = 8/15 after a loss at 2, then 4/15.
    assert median_time([1, inf, 3, 4, inf], [9, 2, 9, 9, 9]).value == 4
    # S = (8/10)(6/8)(5/6) is 1/2 exactly, and 0.5000000000000001 in floats.
    assert median_time([1, 1, 2, 2, 3] + [inf] * 5, 9).value == 3


def log_log_band(share, sum_of_variances):
    """Return exp(−exp(ln(−ln S) ± 1.96 √V)) with V = Σ d/(n(n−d)) / (ln S)²."""
    spread = 1.959964 * math.sqrt(sum_of_variances) / abs(math.log(share))
    return [math.exp(-math.exp(math.log(-math.log(share)) + sign * spread)) for sign in (1, -1)]


def test_the_interval_inverts_the_band_of_the_survival_function():
    eighths = log_log_band(7 / 8, 1 / (8 * 7))
    last = log_log_band(1 / 4, 1 / (8 * 7) + 1 / (7 * 6) + 1 / (3 * 2) + 1 / (2 * 1))
    assert eighths[0] < 0.5 < last[1]
    assert median_time(*FANBELTS)[1:] == (47, 81, 10)
    # Ten uncensored runs: the upper band at S = 3/10 is above a half, at 2/10 below.
    upper = [log_log_band(1 - k / 10, k / (10 * (10 - k)))[1] for k in (7, 8)]
    assert upper[0] > 0.5 > upper[1]
    assert median_time(range(1, 11), 20) == (5, 1, 8, 10)


def test_a_median_that_is_not_reached_has_the_lower_end_of_the_band():
    assert log_log_band(0.9, 1 / 90)[0] < 0.5
    assert median_time([1, 2, 3, 4] + [inf] * 6, 100) == (inf, 1, inf, 10)
    assert log_log_band(0.95, 1 / 380)[0] > 0.5
    assert median_time([1] + [inf] * 19, 100) == (inf, 100, inf, 20)


@pytest.mark.parametrize("budget", [1.0, 3.0])
def test_the_interval_of_a_median_time_covers_it(budget):
    generator = np.random.default_rng(3)
    times = generator.exponential(size=(300, 20))
    found = [median_time(np.where(row > budget, inf, row), budget) for row in times]
    covered = np.mean([each.low <= math.log(2) <= each.high for each in found])
    assert 0.92 <= covered <= 1


def test_wilsons_intervals():
    # Ends by hand: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n).
    assert success(0, 10) == pytest.approx((0, 0, 0.2775, 10), abs=1e-4)
    assert success(5, 10) == pytest.approx((0.5, 0.2366, 0.7634, 10), abs=1e-4)
    assert success(10, 10) == pytest.approx((1, 0.7225, 1, 10), abs=1e-4)
    assert success(1, 1) == pytest.approx((1, 0.2065, 1, 1), abs=1e-4)


def test_bootstraps_by_hand():
    assert bootstrap([4]) == (4, 4, 4, 1)
    # A resample of three is all 1 with probability 1/27 > 2.5 %, and all 4 as often.
    assert bootstrap([1, 2, 4], np.mean) == pytest.approx((7 / 3, 1, 4, 3))
    assert bootstrap([1, 2, inf, inf, 3]) == (3, 1, inf, 5)
    assert bootstrap([inf, inf, inf]) == (inf, inf, inf, 3)


def test_nothing_is_known_of_an_infinity_less_another():
    unknown = bootstrap([1, -inf, inf], np.mean)
    assert math.isnan(unknown.value)
    assert unknown[1:] == (-inf, inf, 3)
    unknown = difference([inf, inf], [inf])
    assert math.isnan(unknown.value)
    assert unknown[1:] == (-inf, inf, 3)


def test_a_statistic_need_not_take_an_axis():
    values = [3, 1, 4, 1, 5, 9, 2, 6]
    assert bootstrap(values, lambda row: np.median(row)) == bootstrap(values)
    assert bootstrap(values, max) == bootstrap(values, np.max)
    assert bootstrap(values, partial(np.quantile, q=0.5)) == bootstrap(values)


def test_the_interval_of_a_bootstrap_covers_the_mean():
    rows = np.random.default_rng(4).normal(2, 1, size=(100, 30))
    found = [bootstrap(row, np.mean) for row in rows]
    assert 0.87 <= np.mean([each.low <= 2 <= each.high for each in found]) <= 1


def test_differences():
    assert difference([5], [2]) == (3, 3, 3, 2)
    assert difference([inf, inf, inf], [1, 2, 3]) == (inf, inf, inf, 6)
    assert difference([1, 2, 3], [inf, inf, inf]) == (-inf, -inf, -inf, 6)
    far = difference(range(10, 20), range(10))
    assert far.value == 10
    assert 0 < far.low < 10 < far.high
    assert difference([1, 2], [1, 2], np.max).value == 0


def test_rank_correlations_by_hand():
    # 1 − 6 Σd² / n(n² − 1) with Σd² = 2; of the 24 pairings three have ρ = 0.8 and one 1, and as many −0.8 and −1.
    found, p = rank_correlation([1, 2, 3, 4], [1, 2, 4, 3])
    assert found.value == pytest.approx(0.8)
    assert found.count == 4
    assert p == pytest.approx(8 / 24)
    assert rank_correlation([1, 2], [3, 4])[1] == 1
    assert rank_correlation([1, 2, inf], [3, 2, 1]) == (
        (pytest.approx(-1), pytest.approx(-1), pytest.approx(-1), 3),
        1 / 3,
    )


def test_rank_correlation_of_many_pairs():
    from scipy import stats

    x, y = np.random.default_rng(5).normal(size=(2, 30))
    y += x
    found, p = rank_correlation(x, y)
    known = stats.spearmanr(x, y)
    assert (found.value, p) == pytest.approx((known.statistic, known.pvalue))
    assert found.low < found.value < found.high
    assert rank_correlation(x, np.exp(y)) == (found, p)
    assert rank_correlation(range(12), range(12))[1] == pytest.approx(2 / math.factorial(12))


def test_exact_p_values_agree_with_those_of_students_t():
    from scipy import stats

    x, y = np.random.default_rng(6).normal(size=(2, 8))
    assert rank_correlation(x, y)[1] == pytest.approx(stats.spearmanr(x, y).pvalue, abs=0.03)


def test_a_correlation_of_repeated_measurements_resamples_seeds():
    # Every seed falls, but from another height: pairs of one seed are not independent.
    heights = np.array([0, 10, 20.0])
    found = repeated_rank_correlation(np.arange(5.0), heights[:, None] - np.arange(5))
    pairs, _ = rank_correlation(np.tile(np.arange(5.0), 3), (heights[:, None] - np.arange(5)).reshape(-1))
    assert found.value == pytest.approx(pairs.value)
    assert found.count == 15
    # Three times the same seed, and then −1 exactly, comes with probability 1/9.
    assert found.low == pytest.approx(-1)
    assert found.high < pairs.high
    alike = repeated_rank_correlation(np.arange(3.0), np.tile([3, 2, 1.0], (3, 1)))
    assert alike == pytest.approx((-1, -1, -1, 9))


def test_a_resample_of_constant_seeds_may_have_any_correlation():
    found = repeated_rank_correlation(np.arange(3.0), np.array([[1, 1, 1], [1, 1, 1], [3, 2, 1.0]]))
    assert (found.low, found.high) == (-inf, inf)


FRACTIONS = np.arange(12.0)


def lines(slope, budget, seeds=4, seed=0):
    """Return times that fall along a line, up to noise, and their budgets; those beyond never came."""
    noise = np.random.default_rng(seed).normal(scale=0.8, size=(len(FRACTIONS), seeds))
    times = np.exp(8 + slope * FRACTIONS[:, None] + noise)
    return np.where(times > budget, inf, times), np.full(times.shape, float(budget))


def test_a_slope_of_times_is_that_of_least_squares_where_all_crossed():
    times, budgets = lines(-0.4, 1e9)
    found = censored_slope(FRACTIONS, times, budgets)
    known = np.polyfit(np.repeat(FRACTIONS, 4), np.log(times).reshape(-1), 1)[0]
    assert found.value == pytest.approx(known)
    assert found.low < found.value < found.high
    assert found.count == 48


def test_a_slope_is_recovered_where_a_third_is_censored_and_leaving_them_out_would_not():
    found, left_out = [], []
    for seed in range(20):
        times, budgets = lines(-0.4, 700, seed=seed)
        assert 0.2 < np.isinf(times).mean() < 0.45
        found.append(censored_slope(FRACTIONS, times, budgets))
        places, runs = np.nonzero(np.isfinite(times))
        left_out.append(np.polyfit(FRACTIONS[places], np.log(times[places, runs]), 1)[0])
    assert np.mean([each.value for each in found]) == pytest.approx(-0.4, abs=0.02)
    assert np.mean(left_out) > -0.34
    assert np.mean([each.low <= -0.4 <= each.high for each in found]) >= 0.75


def test_a_censored_slope_is_the_most_likely_one():
    from scipy import optimize, stats

    times, budgets = lines(-0.4, 700, seed=3)
    crossed, y = np.isfinite(times), np.log(np.minimum(times, budgets))

    def unlikely(guess):
        z = (y - guess[0] - guess[1] * FRACTIONS[:, None]) / np.exp(guess[2])
        return -np.where(crossed, stats.norm.logpdf(z) - guess[2], stats.norm.logsf(z)).sum()

    best = optimize.minimize(unlikely, [8, -0.3, 0], tol=1e-10).x
    assert censored_slope(FRACTIONS, times, budgets).value == pytest.approx(best[1], abs=1e-5)


@pytest.mark.parametrize("reached", [0, 1])
def test_a_slope_is_unknown_where_runs_crossed_at_one_place_at_most(reached):
    times = np.full((4, 3), inf)
    times[:reached] = 100
    found = censored_slope(np.arange(4.0), times, np.full((4, 3), 900.0))
    assert math.isnan(found.value)
    assert found[1:] == (-inf, inf, 12)


def test_a_resample_without_a_slope_may_have_any():
    times = np.full((4, 3), inf)
    times[0], times[1, 0] = 100, 200  # a resample leaves out the second place with probability 8/27
    found = censored_slope(np.arange(4.0), times, np.full((4, 3), 900.0))
    assert found.value > 0
    assert (found.low, found.high) == (-inf, inf)


def test_a_line_without_noise_is_found():
    times = 1000 * np.exp(-0.4 * FRACTIONS)[:, None]
    found = censored_slope(FRACTIONS, np.where(times > 500, inf, times), np.full(times.shape, 500.0))
    assert found == pytest.approx((-0.4, -0.4, -0.4, 12), abs=1e-4)


def test_medians_of_which_some_are_unknown():
    assert partly_known([1, 2, 3], 0, inf) == bootstrap([1, 2, 3])
    assert partly_known([1, math.nan, 3], 0, inf) == (2, 0, inf, 3)
    assert partly_known([1, math.nan, 3], 0, 5) == (2, 0, 5, 3)
    unknown = partly_known([math.nan] * 3, 0, 1)
    assert math.isnan(unknown.value)
    assert unknown[1:] == (0, 1, 3)
    # One unknown of twenty moves the median by little.
    found = partly_known([math.nan, *range(1, 20)], 0, inf)
    assert found.value == 10
    assert 4 < found.low < 10 < found.high < 17


def test_a_statistic_that_the_samples_only_bound():
    left, right = np.array([2.0, 4.0, 6.0]), np.array([10.0, 20.0, 40.0])

    def ratio(least):
        """Return the ratio of medians, known from `least` times itself on."""

        def bounds(a, b):
            found = np.median(a, axis=1) / np.median(b, axis=1)
            return found, least * found, found

        return bounds

    assert bounded([left, right], ratio(1)) == pytest.approx((4 / 20, 2 / 40, 6 / 10, 6))
    assert bounded([left, right], ratio(0)) == pytest.approx((4 / 20, 0, 6 / 10, 6))


@pytest.mark.parametrize(
    "estimate",
    [
        lambda order: median_time(np.array(FANBELTS[0])[order], np.array(FANBELTS[1])[order]),
        lambda order: bootstrap(np.array(FANBELTS[0])[order]),
        lambda order: difference(np.array(FANBELTS[1])[order], order[:3] * 0.0),
        lambda order: rank_correlation(np.array(FANBELTS[0])[order], np.array(FANBELTS[1])[order]),
    ],
)
def test_the_order_of_the_values_does_not_matter(estimate):
    assert estimate(np.arange(10)) == estimate(np.random.default_rng(8).permutation(10))


@pytest.mark.parametrize(
    ("estimate", "words"),
    [
        (lambda: median_time([], []), ("`times`", "one number or more")),
        (lambda: median_time([None, 3], 9), ("`times`", "nan", "inf")),
        (lambda: median_time([3, 12], [9, 9]), ("`times`", "12", "9")),
        (lambda: median_time([3, 4], [9, 9, 9]), ("`budgets`", "3 for 2")),
        (lambda: median_time([3, inf], inf), ("`budgets`", "finite")),
        (lambda: success(3, 2), ("`successes`", "3 of 2")),
        (lambda: success(-1, 2), ("`successes`", "-1 of 2")),
        (lambda: success(0, 0), ("`count`", "0 of 0")),
        (lambda: bootstrap([]), ("`values`", "one number or more")),
        (lambda: bootstrap([[1, 2]]), ("`values`", "(1, 2)")),
        (lambda: bootstrap([1, math.nan]), ("`values`", "nan", "1")),
        (lambda: difference([1], []), ("`right`",)),
        (lambda: rank_correlation([1, 2], [1]), ("`x`", "`y`", "2 and 1")),
        (lambda: rank_correlation([2, 2], [1, 2]), ("`x`", "different", "2")),
        (lambda: rank_correlation([1, 2], [inf, inf]), ("`y`", "different", "inf")),
        (lambda: repeated_rank_correlation(np.arange(3.0), np.ones((2, 3))), ("`y`", "different", "1")),
        (lambda: repeated_rank_correlation(np.arange(2.0), np.full((2, 2), math.nan)), ("`y`", "nan", "4")),
        (lambda: censored_slope(np.ones(2), np.ones((2, 2)), np.ones((2, 2))), ("`x`", "different", "1")),
        (lambda: censored_slope(np.arange(2.0), np.zeros((2, 2)), np.ones((2, 2))), ("`times`", "above 0")),
    ],
)
def test_refusals(estimate, words):
    with pytest.raises(InvalidSetting) as error:
        estimate()
    assert "\n" not in str(error.value)
    assert all(word in str(error.value) for word in words)


def test_importing_estimates_waits_neither_for_jax_nor_for_scipy():
    code = "import sys, groklab.estimates; sys.exit(bool({'jax', 'scipy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
