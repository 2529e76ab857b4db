"""Finite operations: which laws hold in a table, which group or formula it is. NumPy and SciPy alone.

Elements are indices; `table[x, y]` is the index of x y, and -1 is a cell that is not known.
"""

from groklab.algebra.explanation import Explanation
from groklab.algebra.group_names import GroupName, group_name
from groklab.algebra.laws import LAWS, Held, Law, checked, distributes, laws_of
from groklab.algebra.naming import explanation_of
from groklab.algebra.structure import Structure, structure
from groklab.algebra.table import Table

__all__ = [
    "LAWS",
    "Explanation",
    "GroupName",
    "Held",
    "Law",
    "Structure",
    "Table",
    "checked",
    "distributes",
    "explanation_of",
    "group_name",
    "laws_of",
    "structure",
]
