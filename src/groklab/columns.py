"""Recorded numbers as named columns of one length."""

from collections.abc import Sequence

import numpy as np

Columns = dict[str, np.ndarray]


def join(tables: Sequence[Columns]) -> Columns:
    """Put tables one below the other. Where a table lacks a column of another, it has NaN there."""
    names = dict.fromkeys(name for table in tables for name in table)
    return {name: np.concatenate([_column(table, name) for table in tables]) for name in names}


def _column(table: Columns, name: str) -> np.ndarray:
    return table[name] if name in table else np.full(len(next(iter(table.values()))), np.nan, np.float32)
