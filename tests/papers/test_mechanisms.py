"""What the figures on slingshots, diffusion and precision measure, on runs that are made up."""

import numpy as np
import pytest
import xarray

from groklab.errors import InvalidSetting
from groklab.estimates import Estimate
from groklab.papers.claims import Bound
from groklab.papers.figure import Results
from groklab.papers.millidge2022 import dose, motion
from groklab.papers.prieto2025 import orthogonal, precision
from groklab.papers.thilak2022 import anatomy, counting, forks
from groklab.store import Store

STEPS = np.arange(0, 8_000, 5)
SPIKES = (3_000, 5_000)


def runs(spikes=(SPIKES, (), SPIKES), **curves):
    """Return the dataset of runs, of which each has spikes after growth at some steps."""
    columns = {name: [] for name in ("train_loss", "train_accuracy", "head_norm")}
    for each in spikes:
        norm, loss = 1 + 1e-7 * STEPS, np.full(len(STEPS), 1e-7)
        accuracy = (STEPS >= 100).astype(float)
        for spike in each:
            norm = norm + 1e-3 * np.clip(STEPS - (spike - 400), 0, 400)
            loss[(spike <= STEPS) & (spike + 40 > STEPS)] = 0.1
            accuracy[(spike <= STEPS) & (spike + 20 > STEPS)] = 0.9
        for name, values in (("train_loss", loss), ("train_accuracy", accuracy), ("head_norm", np.exp(norm))):
            columns[name].append(values)
    count = len(spikes)
    wide = {name: (("seed", "step"), np.array(values)) for name, values in columns.items()}
    wide |= {name: (("seed", "step"), np.broadcast_to(values, (count, len(STEPS)))) for name, values in curves.items()}
    about = {"run": ("seed", np.arange(count).astype(str)), "memorized_at": ("seed", np.full(count, 100.0))}
    return xarray.Dataset(wide | about, {"seed": range(count), "step": STEPS})


def test_slingshots_are_counted_run_by_run():
    data = runs()
    np.testing.assert_array_equal(counting.counts(data), [2, 0, 2])
    assert counting.share(data).value == pytest.approx(2 / 3)
    assert counting.number(data).value == 2
    np.testing.assert_array_equal(counting.spikes_after(data, 4_000), [1, 0, 1])
    assert counting.share_after(data, 5_500).value == 0


def test_what_is_seen_at_slingshots():
    sharp = np.where(np.isin(STEPS, SPIKES), 300.0, 0.1)
    data = runs(
        [SPIKES] * 3,
        update_sharpness=sharp,
        validation_loss=np.select([STEPS < 50, STEPS < 100, STEPS < 4_000], [9.0, 2.0, 4.0], 1.0),
    )
    assert anatomy.sharpest(data).value == 300
    assert anatomy.sharp(data).value == pytest.approx(3_000)
    assert anatomy.second_descent(data).value == 4
    assert anatomy.irregular(runs([(1_000, 3_000, 5_000, 7_000)] * 3)).value == pytest.approx(0, abs=0.02)


def test_means_are_looked_at_before_the_first_spike():
    cosine = np.where(STEPS < 3_000, -0.5, -1.0)
    gone = np.where(STEPS >= 1_000, 0.5, 0.0)
    grown = np.where(STEPS >= 2_000, 30.0, 1.0)
    data = runs(
        [SPIKES] * 3, mean_cosine=cosine, zero_gradient=gone, mean_weight=grown, mean_feature=np.ones(len(STEPS))
    )
    assert anatomy.opposed(data).value == -0.5
    assert anatomy.grown(data).value == 30


def results(data):
    return Results("laptop", data, Store("none"), {})


def waiting(**waits):
    """Return runs whose waits with each noise are given; they memorize at step 100."""
    names = list(dose.DOSES)
    found = np.array([waits.get(name.replace(" ", "_").replace(",", ""), [500.0] * 4) for name in names], float)
    axes = {"noise": names, "seed": range(found.shape[1])}
    variables = {
        "memorized_at": (tuple(axes), np.full(found.shape, 100.0)),
        "generalized_at": (tuple(axes), 100 + found),
        "budget": (tuple(axes), np.full(found.shape, 3_000.0)),
    }
    return xarray.Dataset(variables, axes)


def test_delays_are_compared_run_by_run_and_those_that_never_end_count_as_long():
    data = waiting(
        none=[400, 400, 400, np.inf], batches_of_8=[100, 200, 300, 300], isotropic_as_of_8=[np.inf, 800, 800, np.inf]
    )
    found = results({"plain": data})
    assert dose.compared(found, "batches of 8", "none").value == pytest.approx(
        (0.25 + 0.5) / 2
    )  # of 0, 0.25, 0.5, 0.75
    late = dose.compared(found, "isotropic, as of 8", "none")
    assert late.high == np.inf
    assert dose.spread(data.sel(noise="batches of 8")).value == pytest.approx(np.std([1, 2, 3, 3]) / 2.25)
    assert dose.shortest(data.sel(noise="batches of 8")).value == pytest.approx(100 / 250)


@pytest.mark.parametrize(
    ("gamma", "drift", "none", "word"),
    [
        (Estimate(1.9, 1.8, 2.0, 8), Estimate(90, 50, 99, 8), [400.0] * 8, "driven"),
        (Estimate(1.0, 0.9, 1.1, 8), Estimate(90, 50, 99, 8), [400.0] * 8, "mixed"),
        (Estimate(0.6, 0.5, 0.7, 8), Estimate(0.2, 0.1, 0.3, 8), [400.0] * 8, "driven"),  # confined speaks for neither
        (Estimate(1.0, 0.9, 1.1, 8), Estimate(1, 0.5, 1.5, 8), [np.inf] * 8, "mixed"),
    ],
)
def test_the_verdict_is_that_of_all_tests(monkeypatch, gamma, drift, none, word):
    monkeypatch.setattr(motion, "gamma", lambda results, noise: gamma)
    monkeypatch.setattr(motion, "drift", lambda results, noise: drift)
    others = {name: [300.0, 310.0, 290.0, 305.0] * 2 for name in ("batches_of_8", "batches_of_16", "batches_of_32")}
    isotropic = {name: [900.0] * 8 for name in ("isotropic_as_of_8", "isotropic_as_of_16", "isotropic_as_of_32")}
    found = results({"plain": waiting(none=none, **others, **isotropic)})
    assert motion.verdict(found).startswith(f"verdict: {word}.")
    assert "γ" in motion.verdict(found)


def test_survivors_have_no_spread_and_no_verdict(monkeypatch):
    data = waiting(batches_of_8=[100, 200, 300, np.inf])
    with pytest.raises(InvalidSetting, match="must let all runs generalize"):
        dose.spread(data.sel(noise="batches of 8"))
    assert motion.verdict(results({"plain": data})).startswith("verdict: none.")


def test_when_softmax_collapses_and_what_is_gained_after():
    gone = np.where(STEPS >= 1_000, np.where(STEPS >= 2_000, 0.95, 0.5), 0.0)
    data = runs(zero_gradient=gone, validation_accuracy=np.where(STEPS >= 3_000, 0.9, 0.8))
    np.testing.assert_array_equal(precision.collapse(data, 0.5), [1_000] * 3)
    np.testing.assert_array_equal(precision.collapse(data, 0.99), [np.inf] * 3)
    assert precision.gained(data).value == pytest.approx(0.1)
    assert precision.collapsed(data).value == 0.95


def test_descent_along_weights_is_read_late():
    data = runs(along_weights=np.where(STEPS >= 1_000, 0.9, 0.1))
    assert orthogonal.along(data).value == 0.9


def test_forks_are_judged_at_a_laptop_only():
    assert all(not isinstance(claim.bound, Bound) and set(claim.bound) == {"laptop"} for claim in forks.CLAIMS)
