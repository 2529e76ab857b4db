import numpy as np
import pytest
from matplotlib import pyplot as plt

from groklab.errors import StoreError
from groklab.milestones import milestones
from groklab.plots import style
from groklab.plots.curves import aligned, draw_curves, mark_delay, median_crossing
from groklab.plots.table import draw_table
from groklab.store import Store

RUN = {
    "step": np.array([0, 1, 10, 100, 1000]),
    "train_accuracy": np.array([0, 0, 1, 1, 1.0]),
    "validation_accuracy": np.array([0, 0, 0, 0.5, 1.0]),
    "train_loss": np.array([4, 3, 0.1, 0.01, 0.001]),
    "validation_loss": np.array([4, 4, 6, 5, 0.1]),
}


@pytest.fixture
def axes():
    with style.use():
        figure, axes = plt.subplots()
        yield axes
        plt.close(figure)


def test_curves_are_drawn_on_a_logarithmic_axis_of_steps(axes):
    draw_curves(axes, [RUN], "accuracy")
    assert axes.get_xscale() == "log"
    train, validation = axes.get_lines()
    assert np.array_equal(train.get_ydata(), RUN["train_accuracy"])
    assert np.array_equal(validation.get_ydata(), RUN["validation_accuracy"])


def test_several_runs_are_drawn_as_median_and_range(axes):
    higher = RUN | {"train_accuracy": RUN["train_accuracy"] + 1}
    draw_curves(axes, [RUN, higher, higher], "accuracy")
    assert np.array_equal(axes.get_lines()[0].get_ydata(), higher["train_accuracy"])
    assert len(axes.collections) == 2


def test_the_delay_is_marked_with_its_length(axes):
    mark_delay(axes, [milestones(RUN["step"], RUN["train_accuracy"], RUN["validation_accuracy"])])
    words = " ".join(text.get_text() for text in axes.texts)
    assert "delay 990 steps (×100.0)" in words


def test_no_delay_is_marked_where_there_is_none(axes):
    mark_delay(axes, [milestones([0, 1], [0, 1], [0, 0])])
    assert "delay" not in " ".join(text.get_text() for text in axes.texts)


@pytest.mark.parametrize(
    ("steps", "expected"), [([1, 3, 2], 2), ([1, 3], 2), ([1, None, 3], 3), ([1, None], None), ([None], None)]
)
def test_the_median_keeps_runs_that_never_crossed(steps, expected):
    assert median_crossing(steps) == expected


def test_runs_recorded_at_different_steps_are_aligned_on_their_last_values():
    steps, values = aligned(
        [{"step": np.array([0, 2]), "x": np.array([0, 2])}, {"step": np.array([0, 3]), "x": np.array([5, 6])}], "x"
    )
    assert list(steps) == [0, 2, 3]
    assert values.tolist() == [[0, 2, 2], [5, 5, 6]]


def test_a_table_says_how_many_withheld_cells_are_right(axes):
    table = {
        "row": np.array([[0, 1], [2, -1]]),
        "truth": np.array([[5, 6], [7, -1]]),
        "withheld": np.array([[False, True], [True, False]]),
    }
    draw_table(axes, table, np.array([5, 6, 9]), "end")
    assert "50.0% of withheld cells right" in axes.get_title()
    assert axes.get_images()[0].get_array().tolist() == [[1, 4], [2, 0]]


def test_nothing_to_draw_is_one_sentence(tmp_path):
    from groklab.plots import draw

    run = Store(str(tmp_path)).run("division", "abc")
    run.begin({"id": "abc", "task": "division", "plan": {}})
    with pytest.raises(StoreError, match=r"has recorded no `train_accuracy`.*Train it further"):
        draw([run])
    run.release()
