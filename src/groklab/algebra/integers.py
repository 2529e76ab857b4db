"""Formulas for tables whose symbols are whole numbers, as one would write them without a modulus."""

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int

from groklab.algebra.explanation import LEAST
from groklab.algebra.polynomials import Exponents, Polynomial, monomials

Numbers = Int[np.ndarray, "rows columns"]

_FUNCTIONS: tuple[tuple[str, Callable[[np.ndarray, np.ndarray], np.ndarray]], ...] = (
    ("max(x, y)", np.maximum),
    ("min(x, y)", np.minimum),
    ("|x - y|", lambda x, y: np.abs(x - y)),
    ("gcd(x, y)", np.gcd),
    ("lcm(x, y)", np.lcm),
    ("x xor y", np.bitwise_xor),
    ("x and y, bit by bit", np.bitwise_and),
    ("x or y, bit by bit", np.bitwise_or),
)
_LARGEST = 10**6  # symbols, so that no product of four leaves 64 bits
_DENOMINATOR = 6
_MOST_TERMS = 6
_DRAWS = 24


class Numbered(NamedTuple):
    """A formula for numbers: its text, its value for every pair, how many terms it has and how many bits tell it."""

    text: str
    values: Numbers
    terms: int
    bits: float


def numbers_of(symbols: tuple[str, ...]) -> Int[np.ndarray, "symbols"] | None:
    """Return symbols as whole numbers, or None where they are none, or are very large."""
    try:
        found = np.array([int(symbol) for symbol in symbols])
    except (ValueError, OverflowError):
        return None
    return found if np.abs(found).max(initial=0) <= _LARGEST else None


def without_modulus(
    x: np.ndarray, y: np.ndarray, values: Numbers, answers: Int[np.ndarray, "answers"]
) -> Iterator[Numbered]:
    """Yield functions of a column x and a row y, and the polynomial that has all known answers, if there is one.

    `values` are the indices of the answers, -1 where they are not known.
    """
    for text, function in _FUNCTIONS:
        if min(x.min(), y.min()) >= 0:
            yield Numbered(text, function(x, y), 1, math.log2(len(_FUNCTIONS)))
    found = _rational(x, y, answers[values], values >= 0)
    if found is not None:
        yield found


def _rational(
    x: np.ndarray, y: np.ndarray, answers: Numbers, is_known: Bool[np.ndarray, "rows columns"]
) -> Numbered | None:
    """Return the polynomial with simple fractions as coefficients that has nearly all known answers, if there is one.

    It is fitted to a few cells, drawn again and again: so a few wrong ones do not hide it. One of any degree that has
    all of them is taken before one that has not.
    """
    at, random = np.argwhere(is_known), np.random.default_rng(0)
    for least, degree in ((1.0, 1), (1.0, 2), (1.0, 3), (LEAST, 1), (LEAST, 2), (LEAST, 3)):
        pairs = monomials(degree, 1 << 20)
        columns = np.stack([(x**i * y**j)[is_known] for i, j in pairs], axis=1)
        for _ in range(_DRAWS if len(at) >= 2 * len(pairs) else 0):
            drawn = random.choice(len(at), len(pairs) + 2, replace=False)
            terms = _simple(columns[drawn], answers[is_known][drawn], pairs)
            scale = math.lcm(*(c.denominator for c, *_ in terms))
            values = sum((int(c * scale) * x**i * y**j for c, i, j in terms), np.zeros(is_known.shape, int))
            right = values[is_known] == scale * answers[is_known]
            if len(terms) <= _MOST_TERMS and right.mean() >= least and not (values % scale).any():
                return Numbered(_text(terms), values // scale, len(terms), 8.0 * len(terms))
    return None


def _simple(columns: np.ndarray, wanted: np.ndarray, pairs: Exponents) -> list[tuple[Fraction, int, int]]:
    """Return the terms of a least-squares fit, their coefficients rounded to simple fractions."""
    fit = np.linalg.lstsq(columns.astype(float), wanted.astype(float), rcond=None)[0]
    rounded = [Fraction(float(value)).limit_denominator(_DENOMINATOR) for value in fit]
    return [(c, *pair) for c, pair in zip(rounded, pairs, strict=True) if c]


def _text(terms: list[tuple[Fraction, int, int]]) -> str:
    scale = math.lcm(*(c.denominator for c, *_ in terms))
    whole = Polynomial(1 << 40, tuple((int(c * scale) % (1 << 40), i, j) for c, i, j in terms))
    return str(whole) if scale == 1 else f"({whole}) / {scale}"
