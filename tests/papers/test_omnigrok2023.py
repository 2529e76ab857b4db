"""What the figures of Liu et al. 2023 measure, of runs of which everything is known."""

import numpy as np
import pytest
import xarray

from groklab.papers.figure import Results
from groklab.papers.omnigrok2023 import (
    addition,
    decays,
    image_phases,
    molecules,
    representations,
    reviews,
    transformer_fractions,
)
from groklab.store import Store

STEPS = np.array([0, 10, 100, 1000])


def data(axes, **columns):
    """Return a dataset as a sweep gives it: columns over the axes, and over steps where they have one more axis."""
    shape = tuple(len(values) for values in axes.values())
    names = tuple(axes)
    found = {"run": (names, np.arange(np.prod(shape)).reshape(shape).astype(str))}
    found |= {"budget": (names, np.full(shape, 1000.0)), "weight_norm": ((*names, "step"), np.ones((*shape, 4)))}
    for part in ("train", "validation"):
        for kind in ("loss", "accuracy"):
            found[f"{part}_{kind}"] = ((*names, "step"), np.full((*shape, 4), 0.5))
    for name, values in columns.items():
        values = np.asarray(values, float)
        found[name] = ((*names, "step")[: values.ndim], values)
    return xarray.Dataset(found, {**axes, "step": STEPS})


def results(**sweeps):
    return Results("laptop", sweeps, Store("nowhere"), {})


def at_all_steps(values):
    """Return a number of each run as a curve that stays there."""
    return np.repeat(np.asarray(values, float)[..., None], 4, axis=-1)


def test_the_least_norm_that_fits_lies_between_two_points():
    losses = at_all_steps([[[2.0], [2.0]], [[0.2], [2.0]], [[0.002], [0.2]]])
    found = data({"alpha": [1.0, 2.0, 4.0], "messiness": [0.0, 0.1], "seed": [0]}, train_loss=losses)
    assert addition.borders(found, 0.0) == pytest.approx([np.sqrt(8)])  # half-way from 0.2 to 0.002 on a log scale
    assert np.isinf(addition.borders(found, 0.1)).all()
    assert addition.border_ratio(found).high == np.inf


def test_the_walk_that_does_not_arrive_follows_no_law():
    axes = {"alpha": [1.0, 3.0, 6.0], "messiness": [0.0, 0.1, 0.2], "seed": [0, 1]}
    flat = data(axes, train_loss=np.full((3, 3, 2, 4), 0.01))
    assert addition.law(flat).value == np.inf


def test_phases_are_counted_where_most_seeds_are():
    axes = {"alpha": [1.0, 8.0], "weight_decay": [0.0, 0.1], "seed": [0, 1, 2]}
    memorized = np.full((2, 2, 3), 10.0)
    generalized = np.array([[[12, 12, 12], [12, 12, np.inf]], [[np.inf] * 3, [500, 500, np.inf]]])
    found = data(axes, memorized_at=memorized, generalized_at=generalized)
    assert image_phases.phases_seen(found).value == 3
    assert image_phases.share(found, "grokking", 8.0, 0.1).value == pytest.approx(2 / 3)
    assert image_phases.share(found, "memorization", 8.0, 0.0).value == 1


def test_a_late_fall_is_told_from_where_training_loss_is_a_tenth():
    late = data({"seed": [0]}, train_loss=[[9, 0.4, 0.1, 0.1]], validation_loss=[[9, 5, 1, 1]])
    never = data({"seed": [0]}, train_loss=[[9, 5, 5, 1]], validation_loss=[[9, 5, 5, 1]])
    assert molecules.fallen(late).value == pytest.approx(3 / 5)  # the median of the last five
    assert molecules.fallen(never).value == 1


def test_gaps_are_those_at_the_best_scale():
    axes = {"size": [200, 2000], "alpha": [1.0, 3.0], "seed": [0]}
    train, validation = at_all_steps([[[1.0], [1.0]], [[0.9], [0.9]]]), at_all_steps([[[0.8], [0.6]], [[0.85], [0.1]]])
    found = results(map=data(axes, train_accuracy=train, validation_accuracy=validation))
    assert reviews.gaps(found).value == pytest.approx(0.05 / 0.2)
    losses = data(axes, train_loss=at_all_steps([[[0.1], [1]], [[1], [1]]]), validation_loss=np.full((2, 2, 1, 4), 2.0))
    assert molecules.gaps(results(map=losses)).value == pytest.approx(np.log(2) / np.log(20))


def test_a_path_that_climbs_is_found():
    axes = {"alpha": [0.5, 1.0, 4.0], "messiness": [0.0, 1.0], "seed": [0]}
    losses = at_all_steps([[[0.1], [0.4]], [[0.3], [0.2]], [[0.1], [0.1]]])
    found = results(map=data(axes, train_loss=losses / 2, validation_loss=losses))
    assert representations.climb(found).value == pytest.approx(1.5)
    assert representations.apart(found).value == pytest.approx(10 * 0.2)


def test_a_time_that_is_inverse_to_the_decay_has_slope_minus_one():
    decay, budget = np.array([0.1, 0.2, 0.4]), np.full((3, 2), 1e5)
    times = np.array([1000.0, 900.0]) / decay[:, None]
    found = data({"weight_decay": decay, "seed": [0, 1]}, generalized_at=times, memorized_at=np.full((3, 2), 70.0))
    found["budget"] = (("weight_decay", "seed"), budget)
    assert decays.slope(found, "generalized_at").value == pytest.approx(-1)
    assert decays.slope(found, "memorized_at").value == pytest.approx(0)


def test_the_critical_fraction_lies_where_half_is_told_at_the_best_norm():
    axes = {"fraction": [0.3, 0.2], "alpha": [0.4, 0.8], "seed": [0]}  # not in order
    told = at_all_steps([[[0.1], [0.9]], [[0.1], [0.05]]])
    found = data(axes, validation_accuracy=told)
    assert transformer_fractions.critical_fraction(found).value == pytest.approx(0.2 + 0.1 * 0.4 / 0.8)
    everywhere = transformer_fractions.critical_fraction(data(axes, validation_accuracy=np.full((2, 2, 1, 4), 0.9)))
    assert (everywhere.low, everywhere.high) == (0, 1)  # it may be anywhere below, and so is unknown
