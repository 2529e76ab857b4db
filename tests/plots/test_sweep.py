import numpy as np
import pytest
import xarray
from matplotlib import pyplot as plt

from groklab.errors import StoreError
from groklab.plots import draw_sweep
from groklab.plots.sweep import across, picture


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def swept(**axes):
    names, shape = tuple(axes), tuple(len(values) for values in axes.values())
    count = int(np.prod(shape))
    late = np.linspace(100, 1000, count).reshape(shape)
    late.flat[0] = np.inf
    variables = {
        "run": (names, np.arange(count).astype(str).reshape(shape)),
        "memorized_at": (names, late / 10),
        "generalized_at": (names, late),
        "budget": (names, np.full(shape, 2000.0)),
    }
    return xarray.Dataset(variables, {name: list(values) for name, values in axes.items()})


@pytest.mark.parametrize(
    ("axes", "chosen"),
    [
        ({"fraction": (0.3, 0.5), "seed": (0, 1)}, ("fraction", [])),
        ({"operation": ("a", "b"), "fraction": (0.3, 0.5), "seed": (0, 1)}, ("fraction", ["operation"])),
        ({"operation": ("a", "b"), "arm": ("c", "d")}, ("operation", ["arm"])),
    ],
)
def test_numbers_are_drawn_along_and_seeds_never(axes, chosen):
    assert across(swept(**axes)) == chosen


def test_every_point_of_the_other_axes_has_a_line():
    axes = picture(swept(fraction=(0.3, 0.5), weight_decay=(0.0, 1.0, 3.0), seed=(0, 1))).axes[0]
    assert axes.get_xlabel() == "fraction"
    assert axes.get_legend_handles_labels()[1] == [f"weight_decay = {value}" for value in (0.0, 1.0, 3.0)]
    assert axes.get_yscale() == "log"


def test_words_stand_along_the_axis_in_place_of_numbers(tmp_path):
    data = swept(operation=("addition", "S5"), seed=(0, 1))
    axes = picture(data).axes[0]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["addition", "S5"]
    assert draw_sweep(data, str(tmp_path / "new" / "sweep.png")).endswith("sweep.png")
    assert (tmp_path / "new" / "sweep.png").stat().st_size > 1000


@pytest.mark.parametrize(
    ("place", "words"),
    [("file/sweep.png", "sweep.png` cannot be written"), ("sweep.word", "sweep.word` must end in a kind of figure")],
)
def test_a_figure_that_cannot_be_saved_is_one_sentence_and_closed(tmp_path, place, words):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as caught:
        draw_sweep(swept(fraction=(0.3, 0.5)), str(tmp_path / place))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert plt.get_fignums() == []
