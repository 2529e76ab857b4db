"""Maps over two settings: what their axes say."""

import numpy as np
import pytest
import xarray
from matplotlib import pyplot as plt

from groklab.plots.landscape import MOST_LABELS, surface


@pytest.fixture
def axes():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def drawn(axes, sizes, alphas, low, high):
    values = np.geomspace(low, high, sizes * alphas).reshape(sizes, alphas)
    coordinates = {"size": np.geomspace(10, 60_000, sizes).astype(int), "alpha": np.geomspace(0.1, 10, alphas)}
    surface(axes, xarray.DataArray(values, coordinates, list(coordinates)), "alpha", "size", "error")
    axes.figure.canvas.draw()
    return [[label.get_text() for label in axis.get_ticklabels()] for axis in (axes.xaxis, axes.yaxis)]


def test_many_cells_have_few_labels_as_numbers_are_spoken(axes):
    across, upwards = drawn(axes, 31, 21, 0.01, 1)
    assert max(len(across), len(upwards)) <= MOST_LABELS
    assert (across[0], across[-1]) == ("0.1", "10")
    assert (upwards[0], upwards[-1]) == ("10", "60,000")


def test_few_cells_have_a_label_each(axes):
    across, upwards = drawn(axes, 3, 4, 0.01, 1)
    assert (len(across), len(upwards)) == (4, 3)


def test_a_narrow_range_of_colors_has_more_than_powers_of_ten(axes):
    drawn(axes, 3, 4, 0.015, 0.9)
    bar = axes.figure.axes[-1].yaxis
    assert {"0.02", "0.05", "0.1", "0.2", "0.5"} <= {label.get_text() for label in bar.get_ticklabels()}
