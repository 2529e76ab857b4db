import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.tasks import ABSENT, UNKNOWN, BinaryTable, Cells, Modular, render

CELLS = Cells(("x", "yy"), ("10", "b"), ("a", "bb", "c"), np.array([[0, UNKNOWN], [ABSENT, 1]]), "*")


def test_a_table_by_hand():
    assert render(CELLS).split("\n") == [
        " * | 10  b",
        "---+------",
        " x |  a  ?",
        "yy |    bb",
    ]


def test_withheld_cells_are_questions_unless_nothing_is_defined_there():
    assert render(CELLS, np.ones((2, 2), bool)).split("\n")[2:] == [" x |  ? ?", "yy |    ?"]


def test_a_large_table_is_cut_and_the_rest_counted():
    lines = render(Modular().cells(), limit=5).split("\n")
    assert len(lines) == 2 + 5 + 1
    assert lines[0] == "/ | 1  2  3  4  5"
    assert lines[-1] == "... 92 more rows and 91 more columns"
    assert render(Modular(p=3).cells(), limit=2).split("\n")[-1] == "... 1 more row"


def test_a_puzzle_from_a_split():
    task = BinaryTable(operation=Modular("addition", p=5), fraction=0.6)
    text = render(task.operation.cells(), task.layout(task.examples(seed=0)).withheld)
    assert text.count("?") == 10


def test_refusals():
    with pytest.raises(InvalidSetting, match="`limit` must be at least 1, got 0"):
        render(CELLS, limit=0)
    with pytest.raises(InvalidSetting, match=r"`withheld` must have the shape \(2, 2\) of the table, got \(2, 3\)"):
        render(CELLS, np.zeros((2, 3), bool))
