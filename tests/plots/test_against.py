import numpy as np
import pytest
from matplotlib import pyplot as plt

from groklab.estimates import median_time
from groklab.plots import style
from groklab.plots.against import draw_against, percent

INF = np.inf
FRACTIONS = [0.3, 0.5, 0.7]
TIMES = np.array([[900, INF, INF], [80, 100, INF], [10, 20, 60.0]])


@pytest.fixture
def axes():
    with style.use():
        figure, axes = plt.subplots()
        yield axes
        plt.close(figure)


def test_every_run_is_a_dot_and_the_median_a_line(axes):
    draw_against(axes, FRACTIONS, np.array([[1, 2, 6], [3, 4, 5], [7, 8, 9.0]]), label="steps", color="k")
    (line,) = axes.get_lines()
    assert line.get_xdata().tolist() == FRACTIONS
    assert line.get_ydata().tolist() == [2, 4, 8]
    assert line.get_label() == "steps"
    (dots,) = axes.collections
    assert sorted(dots.get_offsets()[:, 1]) == [1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_what_never_came_is_a_triangle_at_the_ceiling(axes):
    draw_against(axes, FRACTIONS, TIMES, label="steps", color="k", ceiling=1000)
    (line,) = axes.get_lines()
    assert np.isnan(line.get_ydata()[0])  # the median run never came
    assert line.get_ydata()[1:].tolist() == [100, 20]
    dots, triangles = axes.collections
    assert len(dots.get_offsets()) == 6
    assert triangles.get_offsets().tolist() == [[0.3, 1000], [0.3, 1000], [0.5, 1000]]


def test_the_median_of_an_even_number_is_the_earlier_one_in_the_middle(axes):
    values = np.array([[4, 1, 8, 2], [6, 5, INF, INF], [9, INF, INF, INF]])
    draw_against(axes, FRACTIONS, values, label="steps", color="k", ceiling=10)
    drawn = axes.get_lines()[0].get_ydata()
    assert drawn[:2].tolist() == [2, 6] == [median_time(row, 99).value for row in values[:2]]
    assert np.isnan(drawn[2])
    assert median_time(values[2], 99).value == INF


def test_without_a_ceiling_what_never_came_is_not_drawn(axes):
    draw_against(axes, FRACTIONS, TIMES, label="steps", color="k", linestyle="--")
    (dots,) = axes.collections
    assert len(dots.get_offsets()) == 6
    assert axes.get_lines()[0].get_linestyle() == "--"


def test_nothing_that_ever_came_is_drawn_without_complaint(axes):
    draw_against(axes, FRACTIONS, np.full((3, 2), INF), label="steps", color="k", ceiling=10)
    axes.set_yscale("log")
    axes.figure.canvas.draw()
    assert len(axes.collections[-1].get_offsets()) == 6


def test_the_axis_reads_in_percent(axes):
    percent(axes)
    assert axes.xaxis.get_major_formatter()(0.35, 0) == "35 %"
    assert axes.get_xlabel() == "share of the table used as training data"
    percent(axes, of="examples")
    assert axes.get_xlabel() == "share of the table used as examples"
