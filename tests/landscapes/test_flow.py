"""Walks on a landscape of which everything is known: a wall along α = 2 + 2 m, flat beyond it."""

import numpy as np
import pytest
import xarray

from groklab.errors import InvalidSetting
from groklab.landscapes import reduced_flow
from groklab.landscapes.flow import FITTED

ALPHAS, SHARES = np.linspace(1, 6, 51), np.linspace(0, 1, 41)
STEEP = 6
WALL = np.exp(np.clip(STEEP * (2 + 2 * SHARES[None] - ALPHAS[:, None]), np.log(FITTED), 3))
LOSS = xarray.DataArray(WALL, dims=("alpha", "messiness"), coords={"alpha": ALPHAS, "messiness": SHARES})


def test_a_walk_shrinks_along_the_plain_and_slides_down_the_wall():
    walk = reduced_flow(LOSS, (5.0, 0.8), weight_decay=0.1, until=0.05)
    assert walk.arrived
    on_plain = walk.alpha > 4.6
    assert np.abs(walk.other[on_plain] - 0.8).max() < 0.02
    np.testing.assert_allclose(walk.alpha[on_plain], 5 * np.exp(-0.1 * walk.time[on_plain]), rtol=0.01)
    assert walk.alpha[-1] == pytest.approx(2 + 2 * 0.05 - np.log(FITTED) / STEEP, abs=0.15)


def test_time_goes_as_one_over_decay():
    decays = np.array([0.05, 0.1, 0.2, 0.4])
    times = [reduced_flow(LOSS, (5.0, 0.8), weight_decay=decay, until=0.05).time[-1] for decay in decays]
    slope = np.polyfit(np.log(decays), np.log(times), 1)[0]
    assert slope == pytest.approx(-1.1, abs=0.05)  # a tenth more: the wall is soft, and a strong decay presses into it


def test_without_decay_a_walk_on_the_plain_goes_nowhere():
    walk = reduced_flow(LOSS, (5.9, 0.1), weight_decay=0.0, until=0.05, longest=100.0)
    assert not walk.arrived
    assert walk.alpha[-1] == pytest.approx(5.9, abs=0.01)


def test_two_settings_are_needed():
    with pytest.raises(InvalidSetting, match="must be over alpha and one other setting, got alpha"):
        reduced_flow(LOSS.sel(messiness=0.0), (5.0, 0.8), weight_decay=0.1, until=0.05)
