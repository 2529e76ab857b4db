"""`gl.rule` and `gl.ring`: whatever a table comes from."""

from pathlib import Path
from typing import Any

import numpy as np

from groklab.algebra import Table, explanation_of
from groklab.errors import InvalidTable
from groklab.rules.of_runs import rule_of_run
from groklab.rules.rings import Ring, ring_of
from groklab.rules.rule import Rule, checked
from groklab.store import Run
from groklab.tasks import ABSENT, UNKNOWN, BinaryTable, Cells, Given, Operation
from groklab.tasks.sheet import SIGN

Source = Run | Operation | BinaryTable | Table | np.ndarray | str | Path


def rule(table: Source) -> Rule:
    """Find the rule of a table: the path of a file, an operation, a run, or an array of indices with -1 for blanks.

    Of a run that generalized it is the rule that its network has found. Raise `InvalidTable` for what is no table, too
    large, or hardly known.
    """
    return _rule(table)


def ring(plus: Source, times: Source) -> Ring:
    """Tell whether two tables on the same symbols are the sum and the product of a ring or a field, and which.

    Raise `InvalidTable` for tables with blanks, or on other symbols.
    """
    return ring_of(_rule(plus), _rule(times))


def _rule(source: Any) -> Rule:
    if isinstance(source, Run):
        return rule_of_run(source)
    name = f"`{source}`" if isinstance(source, str | Path) else "`table`"
    table, sign = _table(source)
    aligned = checked(table, name).aligned()
    return Rule(aligned, table.right, sign, explanation_of(aligned))


def _table(source: Any) -> tuple[Table, str]:
    if isinstance(source, Table):
        return source, SIGN
    if isinstance(source, np.ndarray):
        return _of_array(source), SIGN
    if isinstance(source, BinaryTable):
        return _table(source.operation)
    if isinstance(source, Operation):
        return _of_cells(source.cells())
    if isinstance(source, str | Path):
        return _of_cells(Given.from_csv(source).cells())
    raise InvalidTable(f"`table` must be a path, a run, an operation or an array, got a {type(source).__name__}.")


def _of_array(values: np.ndarray) -> Table:
    """Return a square array of indices as a table of its indices."""
    n = len(values) if values.ndim else 0
    if (
        values.shape != (n, n)
        or values.dtype.kind not in "iu"
        or values.min(initial=0) < -1
        or values.max(initial=0) >= n
    ):
        raise InvalidTable(
            f"`table` must be a square array of whole numbers from -1 to its side - 1, got {values.dtype} of shape"
            f" {values.shape}."
        )
    symbols = tuple(map(str, range(n)))
    return Table(symbols, symbols, symbols, values.astype(int))


def _of_cells(cells: Cells) -> tuple[Table, str]:
    """Return a table; a cell where an operation is not defined is, to its rule, one that is not known."""
    values = np.where(np.isin(cells.values, (UNKNOWN, ABSENT)), -1, cells.values)
    return Table(cells.left, cells.right, cells.answers, values), cells.sign
