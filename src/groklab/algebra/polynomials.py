"""Polynomials in x and y modulo a prime, fitted to some cells of a table and tried on the others."""

import itertools
import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int

from groklab.algebra.catalogue import raised
from groklab.algebra.elimination import solved

Cells = Int[np.ndarray, "p p"]
Exponents = tuple[tuple[int, int], ...]

DRAWS = 24
_SPARE = 8  # cells beside those that the coefficients need, so that a draw is seldom singular
INVERSES: Exponents = ((1, -1), (-1, 1), (0, -1), (-1, 0))


class Polynomial(NamedTuple):
    """A sum of c xⁱ yʲ modulo p, each term as (c, i, j); an exponent -1 is a reciprocal, and that of 0 is 0."""

    p: int
    terms: tuple[tuple[int, int, int], ...]

    def __call__(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        total = np.zeros(np.broadcast_shapes(x.shape, y.shape), int)
        for c, i, j in self.terms:
            total = (total + c * powers(x, i, self.p) * powers(y, j, self.p)) % self.p
        return total

    def __str__(self) -> str:
        terms = sorted(self.terms, key=lambda term: (-abs(term[1]) - abs(term[2]), term[2]))
        text = " ".join(_signed(c if c <= self.p // 2 else c - self.p, i, j) for c, i, j in terms) or "0"
        return text.removeprefix("+ ") if text[0] == "+" else "-" + text[2:] if text[:2] == "- " else text


def powers(x: np.ndarray, exponent: int, p: int) -> np.ndarray:
    """Return residues raised to a power of -1 or more."""
    table = np.array([pow(value, exponent % (p - 1) if exponent < 0 else exponent, p) for value in range(p)])
    return (np.where(np.arange(p) == 0, 0, table) if exponent < 0 else table)[x]


def monomials(degree: int, p: int) -> Exponents:
    """Return the exponents of all terms up to a total degree, each below p."""
    up_to = range(min(degree, p - 1) + 1)
    pairs = [(i, j) for i in up_to for j in up_to if i + j <= degree]
    return tuple(sorted(pairs, key=lambda pair: (sum(pair), pair[1])))


def fitted(cells: Cells, where: Bool[np.ndarray, "p p"], exponents: Exponents, least: float = 1.0) -> Polynomial | None:
    """Return the polynomial with these exponents that has the answers of the cells `where`, or of a share of them.

    Its coefficients are those of a few cells, drawn at random; all others are a test. Where answers may be wrong, it
    is drawn again until a share of `least` agrees.
    """
    p = len(cells)
    x, y = np.nonzero(where)
    if len(x) < len(exponents) + _SPARE:
        return None
    values, random = cells[x, y], np.random.default_rng(0)
    columns = np.stack([powers(x, i, p) * powers(y, j, p) % p for i, j in exponents], axis=1)
    for _ in range(DRAWS if least < 1 else 3):
        drawn = random.choice(len(x), len(exponents) + (_SPARE if least == 1 else 2), replace=False)
        found = _solution(columns[drawn], values[drawn], p, least)
        if found is None:
            continue
        right = columns @ found % p == values
        if right.mean() >= least:
            return Polynomial(p, tuple((int(c), i, j) for c, (i, j) in zip(found, exponents, strict=True) if c))
        if least == 1:
            return None
    return None


def _solution(columns: np.ndarray, values: np.ndarray, p: int, least: float) -> np.ndarray | None:
    """Return the coefficients that all drawn cells want or, where some may be wrong, those that the first few want."""
    if least == 1:
        return solved(columns, values, p)
    return solved(columns[: columns.shape[1]], values[: columns.shape[1]], p)


def simplest(found: Polynomial) -> tuple[Polynomial, int, int]:
    """Return the polynomial that another numbering u x + t of the residues makes simplest, and u and t.

    With labels L = u M + t a table L = f(L, L) becomes M = (f(u x + t, u y + t) − t) / u.
    """
    p = found.p
    u, t = (part.reshape(-1) for part in np.meshgrid(np.arange(1, p), np.arange(p), indexing="ij"))
    coefficients: dict[tuple[int, int], np.ndarray] = {(0, 0): -t % p}
    for c, i, j in found.terms:
        for a, b in itertools.product(range(i + 1), range(j + 1)):
            factor = c * math.comb(i, a) * math.comb(j, b) % p
            shifted = factor * powers(t, i + j - a - b, p) % p * powers(u, a + b, p) % p
            coefficients[a, b] = (coefficients.get((a, b), 0) + shifted) % p
    inverse = np.array([0, *(pow(int(v), -1, p) for v in range(1, p))])[u]
    exponents = sorted(coefficients, key=lambda pair: (-sum(pair), pair[1]))
    scaled = np.stack([coefficients[pair] * inverse % p for pair in exponents])
    sizes = np.minimum(scaled, p - scaled)
    negative = (scaled > p // 2).sum(0)
    best = np.lexsort((t, u, negative, sizes.sum(0), (scaled > 0).sum(0)))[0]
    terms = tuple((int(c), *pair) for c, pair in zip(scaled[:, best], exponents, strict=True) if c)
    return Polynomial(p, terms), int(u[best]), int(t[best])


def _signed(c: int, i: int, j: int) -> str:
    above = [_letter("x", i)] * (i > 0) + [_letter("y", j)] * (j > 0)
    below = [_letter("x", -i)] * (i < 0) + [_letter("y", -j)] * (j < 0)
    factors = ([str(abs(c))] if abs(c) != 1 or not (above or below) else []) + above
    text = " ".join(factors) or "1"
    return f"{'-' if c < 0 else '+'} {text}" + (f" / {' '.join(below)}" if below else "")


def _letter(name: str, exponent: int) -> str:
    return name if exponent == 1 else name + raised(exponent)
