"""Slingshots in signals that are made, with onsets that are known, and in signals without any."""

import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.slingshots import coincidence, slingshots_in, spikes_in

EVERY, MEMORIZED = 5, 100


def signals(spikes=(), growth=400, rate=1e-3, leaps=True, seed=0, last=20_000):
    """Return the record of a run whose norm grows for some steps before each spike, at which the loss leaps."""
    steps = np.arange(0, last + 1, EVERY)
    random = np.random.default_rng(seed)
    log_norm = 1 + 1e-7 * np.cumsum(random.uniform(0, 2, len(steps))) * EVERY
    loss = 1e-7 * np.exp(0.2 * random.standard_normal(len(steps)))
    accuracy = (steps >= MEMORIZED).astype(float)
    for spike in spikes:
        log_norm += rate * np.clip(steps - (spike - growth), 0, growth)
        after = (steps >= spike) & (steps < spike + 100)
        if leaps:
            loss[after] = 0.1 * np.exp(-(steps[after] - spike) / 20)
            accuracy[(steps >= spike) & (steps < spike + 30)] = 0.8
    return {
        "step": steps,
        "head_norm": np.exp(log_norm),
        "train_loss": loss,
        "train_accuracy": accuracy,
        "update_sharpness": np.where(accuracy < 1, 40.0, 0.01),
    }


SPIKES = (3_000, 6_500, 12_000, 18_000)


def test_known_ones_are_found():
    found = slingshots_in(signals(SPIKES))
    assert [each.spike for each in found] == [*SPIKES]
    for each, spike in zip(found, SPIKES, strict=True):
        assert each.onset == pytest.approx(spike - 400, abs=100)  # of 400 steps of growth
        assert each.growth == pytest.approx(1e-3 * (spike - each.onset), rel=0.1)
        assert (each.peak_loss, each.least_accuracy) == (pytest.approx(0.1), 0.8)
        assert each.peak_sharpness == 40
    assert [each.end for each in found[:-1]] == [each.onset for each in found[1:]]
    assert found[-1].end == 20_000


@pytest.mark.parametrize("seed", range(5))
def test_none_are_found_where_there_are_none(seed):
    assert slingshots_in(signals(seed=seed)) == []


def test_growth_alone_is_none_and_neither_is_a_leap_alone():
    assert slingshots_in(signals(SPIKES, leaps=False)) == []
    assert slingshots_in(signals(SPIKES, rate=0.0)) == []


def test_small_growth_after_much_is_found_too():
    columns = signals(SPIKES[1:])
    early = np.clip(columns["step"] - 500, 0, 2_500) * 1e-3  # a thousand times the slope of the plateaus
    later = columns | {"head_norm": np.exp(0.02 * np.log(columns["head_norm"]) + early)}
    assert [each.spike for each in slingshots_in(later)] == [*SPIKES[1:]]


def test_spikes_need_no_growth():
    assert spikes_in(signals(SPIKES, rate=0.0)) == [*SPIKES]
    assert spikes_in(signals(SPIKES, leaps=False)) == []


def test_a_leap_without_an_error_is_none():
    columns = signals(SPIKES)
    assert slingshots_in(columns | {"train_accuracy": (columns["step"] >= MEMORIZED).astype(float)}) == []


def test_what_comes_before_memorizing_is_none():
    columns = signals(SPIKES)
    late = columns["train_accuracy"] * (columns["step"] > 10_000)
    assert [each.spike for each in slingshots_in(columns | {"train_accuracy": late})] == [12_000, 18_000]
    assert slingshots_in(columns | {"train_accuracy": 0 * late}) == []


def test_a_run_that_diverges_later_has_those_before():
    columns = signals(SPIKES)
    for name in ("head_norm", "train_loss"):
        columns[name] = np.where(columns["step"] > 15_000, np.nan, columns[name])
    assert [each.spike for each in slingshots_in(columns)] == [*SPIKES[:3]]


def test_sharpness_may_be_missing_and_the_norm_may_not():
    columns = signals(SPIKES)
    columns.pop("update_sharpness")
    assert np.isnan(slingshots_in(columns)[0].peak_sharpness)
    columns.pop("head_norm")
    with pytest.raises(InvalidSetting, match="`measures` must have recorded head_norm"):
        slingshots_in(columns)


def test_times_at_spikes_are_told_from_chance():
    random = np.random.default_rng(0)
    spikes = [sorted(random.uniform(500, 10_000, 4)) for _ in range(20)]
    spans = [(500.0, 10_000.0)] * 20
    at_spikes = [each[1] + 30 for each in spikes]
    share, chance, p = coincidence(at_spikes, spikes, spans, 100)
    assert share == 1
    assert chance == pytest.approx(4 * 200 / 9_500, abs=0.02)
    assert p < 0.01
    anywhere = list(random.uniform(500, 10_000, 20))
    assert coincidence(anywhere, spikes, spans, 100)[2] > 0.05


def test_runs_that_never_come_do_not_count():
    assert coincidence([300.0, np.inf], [[310], [700]], [(0.0, 1e4)] * 2, 50)[0] == 1
    assert np.isnan(coincidence([np.inf], [[310]], [(0.0, 1e4)], 50)[0])
