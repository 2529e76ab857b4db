"""Composition tables as people know them: symbols along two sides, answers inside."""

import abc
import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from jaxtyping import Int

from groklab.settings import Settings

UNKNOWN = -1
ABSENT = -2
MAX_SIDE = 1024

# Eighteen digits, so that every match fits 64 bits.
_NUMBER = re.compile(r"-?[0-9]{1,18}")


class Cells(NamedTuple):
    """A composition table: `answers[values[i, j]]` is the answer of `left[i]` and `right[j]`.

    A value is `UNKNOWN` where the cell is a blank to be filled, `ABSENT` where the operation is not defined.
    """

    left: tuple[str, ...]
    right: tuple[str, ...]
    answers: tuple[str, ...]
    values: Int[np.ndarray, "left right"]
    sign: str


class Operation(Settings):
    """What fills a composition table."""

    @property
    @abc.abstractmethod
    def name(self) -> str:
        """A word for the operation, as in file names."""

    @abc.abstractmethod
    def cells(self) -> Cells:
        """Return the whole table."""


def in_order(symbols: Iterable[str]) -> tuple[str, ...]:
    """Return the distinct symbols: by size if all are whole numbers, else as they first appear."""
    distinct = tuple(dict.fromkeys(symbols))
    if all(_NUMBER.fullmatch(symbol) for symbol in distinct):
        return tuple(sorted(distinct, key=lambda symbol: (int(symbol), symbol)))
    return distinct
