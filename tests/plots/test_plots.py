import itertools

import numpy as np
import pytest
from matplotlib import pyplot as plt

from groklab.errors import StoreError
from groklab.milestones import Milestones, milestones
from groklab.plots import style
from groklab.plots.curves import aligned, delay_in_words, draw_curves, mark_delay, median_crossing, threshold
from groklab.plots.table import draw_table, legend
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


def test_a_longer_run_drawn_later_is_seen_to_its_end(axes):
    short = {name: values[:3] for name, values in RUN.items()}
    draw_curves(axes, [short], "accuracy")
    draw_curves(axes, [RUN], "accuracy")
    axes.figure.canvas.draw()
    left, right = axes.get_xlim()
    assert left == 1
    assert right >= 1000


def test_several_runs_are_drawn_as_median_and_range(axes):
    higher = RUN | {"train_accuracy": RUN["train_accuracy"] + 1}
    draw_curves(axes, [RUN, higher, higher], "accuracy")
    assert np.array_equal(axes.get_lines()[0].get_ydata(), higher["train_accuracy"])
    assert len(axes.collections) == 2


def test_the_delay_is_marked_with_its_length(axes):
    mark_delay(axes, [milestones(RUN["step"], RUN["train_accuracy"], RUN["validation_accuracy"])])
    words = " ".join(text.get_text() for text in axes.texts)
    assert "delay 990 steps (×100.0)" in words
    assert "median" not in words


def test_the_delay_of_several_runs_is_the_median_of_theirs_not_the_delay_of_medians():
    found = [Milestones(*at, None, 9000) for at in ((10, 1000), (100, 2000), (200, 6400))]
    assert delay_in_words(found) == "median delay 1,900 steps (×32.0)"  # 2000 / 100 is 20
    assert delay_in_words([*found, *[Milestones(10, None, None, 9000)] * 2]) == "median delay 6,200 steps (×100.0)"
    assert delay_in_words([Milestones(10, None, None, 9000)]) == ""
    assert delay_in_words([Milestones(0, 20, 20, 9000)]) == ""


@pytest.mark.parametrize("pair", [(1, 2), (30, 31), (900, 1000), (1000, 1000), (40, 1000)])
def test_labels_hide_no_curve_and_do_not_touch(axes, pair):
    draw_curves(axes, [RUN], "accuracy")
    threshold(axes)
    mark_delay(axes, [Milestones(*pair, None, 1000)])
    axes.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in axes.texts if text.get_text()]
    inside = axes.get_window_extent()
    assert len(boxes) == 3  # 99 %, memorized, generalized
    assert not any(box.overlaps(inside) for box in boxes)
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))


def test_the_threshold_is_named(axes):
    threshold(axes)
    assert [text.get_text() for text in axes.texts] == ["99 %"]


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
    assert "50.0 % of withheld cells right" in axes.get_title()
    assert axes.get_images()[0].get_array().tolist() == [[1, 4], [2, 0]]
    assert [patch.get_label() for patch in legend(table)][4:] == ["not defined"]


def test_a_blank_has_a_color_and_an_entry_of_its_own(axes):
    table = {"row": np.array([[0, 1], [2, 3]]), "truth": np.array([[5, 6], [7, -1]]), "withheld": np.eye(2) > 0}
    draw_table(axes, table, np.array([5, 6, 9, 9]), "end")
    assert axes.get_images()[0].get_array().tolist() == [[4, 1], [3, 5]]
    assert [patch.get_label() for patch in legend(table)][4:] == ["blank: not known"]


def test_nothing_to_draw_is_one_sentence(tmp_path):
    from groklab.plots import draw

    run = Store(str(tmp_path)).run("division", "abc")
    run.begin({"id": "abc", "task": "division", "plan": {}})
    with pytest.raises(StoreError, match=r"has recorded no `train_accuracy`.*Train it further"):
        draw([run])
    run.release()
