import numpy as np
import pytest
from finite import formula, renamed

import groklab as gl
from groklab.algebra import families
from groklab.errors import InvalidTable

# the field with four elements: 0, 1, a, a + 1
PLUS = families.abelian(2, 2)
TIMES = np.array([[0, 0, 0, 0], [0, 1, 2, 3], [0, 2, 3, 1], [0, 3, 1, 2]])


def both(function, n):
    return formula(lambda x, y: x + y, n), formula(function, n)


@pytest.mark.parametrize(("tables", "name"), [
    (both(lambda x, y: x * y, 7), "GF(7)"),
    ((PLUS, TIMES), "GF(4)"),
    (both(lambda x, y: x * y, 12), "Z/12"),
    (both(lambda x, y: 2 * x * y, 4), "commutative ring of order 4 on C4"),
    (both(lambda x, y: x * x * y, 5), ""),
    ((formula(lambda x, y: x * y, 7), formula(lambda x, y: x + y, 7)), ""),
])  # fmt: skip
def test_two_tables_are_called_by_what_they_are_together(tables, name):
    plus, times = (renamed(table, 3) for table in tables)
    found = gl.ring(plus, times)
    assert found.name == name
    assert found.distributive.holds == bool(name)
    assert found.as_dict()["name"] == name


def test_a_table_that_is_nearly_a_group_is_no_sum_of_a_ring():
    nearly = families.cyclic(24).copy()
    nearly[3, 5] = nearly[5, 3] = 0
    assert gl.ring(nearly, np.zeros((24, 24), int)).name == ""


def test_tables_that_have_nothing_to_do_with_each_other_are_refused():
    with pytest.raises(InvalidTable, match="same symbols"):
        gl.ring(families.cyclic(4), families.cyclic(5))
    blank = families.cyclic(4)
    blank[0, 0] = -1
    with pytest.raises(InvalidTable, match="must be complete"):
        gl.ring(blank, families.cyclic(4))
