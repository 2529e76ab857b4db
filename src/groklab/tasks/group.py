"""Finite groups by name, and the three words in x and y of Power et al. 2022."""

import itertools
import math
import re
from typing import NamedTuple

import numpy as np
from jaxtyping import Int

from groklab.algebra import families
from groklab.errors import InvalidSetting, unknown
from groklab.settings import setting
from groklab.tasks.cells import Cells, Operation

MAX_ORDER = 1024
EXAMPLES = ("Z97", "C97", "D4", "S5", "A5", "Q8", "Z2xS3xD4")

# Nine digits, so that a mistyped name cannot ask for a huge number.
_FACTOR = re.compile(r"([ZCDSAQ])([1-9][0-9]{0,8})")
# Beyond 20! the exact order no longer matters, and could take forever to compute.
_LARGEST_DEGREE = 20
_COUNTABLE = 10**18


class Form(NamedTuple):
    """How a word in x and y is written as a sign, and its token in the official code."""

    sign: str
    token: str


FORMS = {"xy": Form("∘", "s5"), "xyx^-1": Form("xyx^-1", "s5conj"), "xyx": Form("xyx", "s5aba")}


class GroupTable(NamedTuple):
    """A group: its elements, the neutral one first, and the index of each product."""

    symbols: tuple[str, ...]
    product: Int[np.ndarray, "order order"]


class Group(Operation):
    """A word in two elements x and y of a finite group.

    `group` is cyclic (Z97 or C97), dihedral (D4, of order 8), symmetric (S5), alternating (A5), quaternion (Q8, Q16),
    or a product such as Z2xS3xD4. A permutation is a tuple of images, and xy means x first, then y.
    """

    group: str = setting("S5", "name of the group")
    form: str = setting("xy", "word in x and y", choices=tuple(FORMS))

    def validate(self) -> None:
        total = order(self.group)
        if total > MAX_ORDER:
            size = f"{total} elements" if total < _COUNTABLE else "too many elements to count"
            raise InvalidSetting(
                f"`group` must have at most {MAX_ORDER} elements, got {self.group} with {size}. Try a smaller group."
            )

    @property
    def name(self) -> str:
        return self.group if self.form == "xy" else f"{self.group}-{self.form.replace('^-1', '-inverse')}"

    def cells(self) -> Cells:
        """Return the word for every pair, x down and y across."""
        symbols, product = group_table(self.group)
        x = np.arange(len(symbols))[:, None]
        inverse = np.argmax(product == 0, axis=1)[:, None]
        values = {"xy": product, "xyx^-1": product[product, inverse], "xyx": product[product, x]}[self.form]
        return Cells(symbols, symbols, symbols, values, FORMS[self.form].sign)


def is_group_name(text: str) -> bool:
    """Tell whether `text` is spelt like a group, be it one of an allowed order or not."""
    return all(_FACTOR.fullmatch(factor) for factor in text.split("x"))


def order(name: str) -> int:
    """Return the number of elements of a group without building it; past 10^18 only a lower bound."""
    if not is_group_name(name):
        raise InvalidSetting(unknown("group", name, EXAMPLES))
    return math.prod(_order(factor) for factor in name.split("x"))


def group_table(name: str) -> GroupTable:
    """Build the table of a group; that of a product joins the symbols of its factors by dots."""
    tables = [_table(factor) for factor in name.split("x")]
    symbols = tuple(".".join(parts) for parts in itertools.product(*(table.symbols for table in tables)))
    return GroupTable(symbols, families.direct(*(table.product for table in tables)))


def _split(factor: str) -> tuple[str, int]:
    return factor[0], int(factor[1:])


def _order(factor: str) -> int:
    family, n = _split(factor)
    if family == "Q" and (n < 8 or n % 4):
        raise InvalidSetting(
            f"`group` must give a quaternion group an order of at least 8 divisible by 4, got {factor}. Try Q8 or Q16."
        )
    if family in "SA":
        permutations = math.factorial(min(n, _LARGEST_DEGREE + 1))
        return permutations if family == "S" or n == 1 else permutations // 2
    return 2 * n if family == "D" else n


def _table(factor: str) -> GroupTable:
    family, n = _split(factor)
    if family in "SA":
        images = families.images_of(n, is_even=family == "A")
        symbols = tuple("".join(map(str, row)) for row in images)
        return GroupTable(symbols, families.permutations(n, is_even=family == "A"))
    if family == "D":
        return GroupTable(_words(n, "r", "s"), families.dihedral(n))
    if family == "Q":
        symbols = ("1", "i", "-1", "-i", "j", "k", "-j", "-k") if n == 8 else _words(n // 2, "a", "x")
        return GroupTable(symbols, families.dicyclic(n // 4))
    return GroupTable(tuple(map(str, range(n))), families.cyclic(n))


def _words(n: int, turn: str, flip: str) -> tuple[str, ...]:
    powers = ["", turn, *(f"{turn}{k}" for k in range(2, n))][:n]
    return tuple([power or "1" for power in powers] + [power + flip for power in powers])
