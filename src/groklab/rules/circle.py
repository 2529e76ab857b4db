"""What an embedding shows of a cyclic rule: its symbols on a circle, in an order that is told without their names."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Complex, Float, Int
from scipy.optimize import linear_sum_assignment

Embedding = Float[np.ndarray, "symbols width"]
Angles = Complex[np.ndarray, "symbols"]
Places = Int[np.ndarray, "symbols"]

DIMENSIONS = (2, 4, 6, 8, 10)
SIGNS = ((1, 1), (1, -1), (-1, 1), (-1, -1))
_STARTS, _DRAWN_STARTS = 60, 20
_STEPS = 300
_CONTROLS = 5
_ROUNDS = 60
_ENOUGH = 1e-9


class Circle(NamedTuple):
    """A circle in the leading `dimensions` of an embedding, on which the symbols lie in `order`.

    `fit` is the share of a unit circle's points that lies in these dimensions, `by_chance` the greatest share in as
    many dimensions at random. With the places on the circle as numbers, the answers should be u x + v y + c with u and
    v 1 or -1: `agreement` is the share of known cells of which that is true, `agreement_by_chance` the greatest share
    for places at random. In `order` the places are put right by the votes of one half of the known cells, and
    `held_out` is the share of the other half that fits them then.
    """

    order: tuple[str, ...]
    dimensions: int
    fit: float
    by_chance: float
    agreement: float
    agreement_by_chance: float
    held_out: float

    @property
    def stands_out(self) -> bool:
        """Whether it is rounder than circles at random, and fits the known cells twice as well."""
        return self.fit > self.by_chance and self.agreement > 2 * self.agreement_by_chance


def circle_in(
    embedding: Embedding, symbols: tuple[str, ...], values: Int[np.ndarray, "symbols symbols"]
) -> Circle | None:
    """Return the circle whose places fit the known cells best; `values` are answers as indices of symbols, or -1.

    There is none in an embedding of one or two dimensions.
    """
    centred = embedding - embedding.mean(0)
    directions = np.linalg.svd(centred, full_matrices=False)[0]
    random, known = np.random.default_rng(0), _known(values)
    found = []
    for width in DIMENSIONS:
        if width < min(len(symbols) - 1, directions.shape[1]):
            points = _rounded(directions[:, :width], random, _STARTS)
            places = np.argsort(np.argsort(np.angle(points)))
            found.append((_agreement(places, known), _fit(directions[:, :width], points), width, places))
    if not found:
        return None
    agreement, fit, width, places = max(found, key=lambda each: each[:2])
    by_chance = max(_control(len(symbols), width, random) for _ in range(_CONTROLS))
    drawn = max(_agreement(random.permutation(len(symbols)), known) for _ in range(_CONTROLS * len(DIMENSIONS)))
    places, held_out = voted(places, values)
    order = tuple(symbols[at] for at in np.argsort(places))
    return Circle(order, width, fit, by_chance, agreement, drawn, held_out)


def _known(values: Int[np.ndarray, "n n"]) -> tuple[np.ndarray, ...]:
    x, y = np.nonzero(values >= 0)
    return x, y, values[x, y]


def _agreement(places: Places, cells: tuple[np.ndarray, ...]) -> float:
    """Return the share of cells with the most frequent difference between an answer and u x + v y, of all u and v."""
    x, y, z = cells
    n = len(places)
    shifts = [(places[z] - u * places[x] - v * places[y]) % n for u, v in SIGNS]
    return max(float(np.bincount(each).max() / len(each)) for each in shifts)


def voted(places: Places, values: Int[np.ndarray, "n n"]) -> tuple[Places, float]:
    """Return places modulo n by the votes of one half of the known cells, and the share of the other half they fit."""
    n, random = len(places), np.random.default_rng(0)
    cells = random.permutation(np.argwhere(values >= 0))
    voters, others = ((*part.T, values[tuple(part.T)]) for part in np.array_split(cells, 2))
    best = (places, 0.0, 0.0)
    for u, v in SIGNS:
        labels = places
        for _ in range(_ROUNDS):
            x, y, z = voters
            sums = u * labels[x] + v * labels[y]
            shift = int(np.bincount((labels[z] - sums) % n, minlength=n).argmax())
            right, held_out = (_right(labels, u, v, shift, part) for part in (voters, others))
            best = max(best, (labels, right, held_out), key=lambda each: each[1])
            votes = np.zeros((n, n), int)
            np.add.at(votes, (z, (sums + shift) % n), 1)
            before, labels = labels, linear_sum_assignment(votes, maximize=True)[1]
            if np.array_equal(before, labels):
                break
    return best[0], best[2]


def _right(labels: Places, u: int, v: int, shift: int, cells: tuple[np.ndarray, ...]) -> float:
    x, y, z = cells
    return float(((u * labels[x] + v * labels[y] + shift - labels[z]) % len(labels) == 0).mean())


def _rounded(directions: Float[np.ndarray, "n width"], random: np.random.Generator, starts: int) -> Angles:
    """Return points on the unit circle, one a symbol, that lie in a space as nearly as can be found.

    From random points, those of the space and those of the circle that are nearest are taken in turn.
    """
    points = np.exp(2j * np.pi * random.random((starts, len(directions))))
    for _ in range(_STEPS):
        inside = points @ directions @ directions.T
        again = inside / np.maximum(np.abs(inside), _ENOUGH)
        if np.abs(again - points).max() < _ENOUGH:
            break
        points = again
    fits = [_fit(directions, each) for each in points]
    return points[int(np.argmax(fits))]


def _fit(directions: Float[np.ndarray, "n width"], points: Angles) -> float:
    return float(np.square(np.abs(directions.T @ points)).sum() / len(points))


def _control(n: int, width: int, random: np.random.Generator) -> float:
    """Return how nearly points on a circle lie in a space at random, of as many dimensions, without the constant."""
    drawn = random.normal(size=(n, width))
    directions = np.linalg.qr(drawn - drawn.mean(0))[0]
    return _fit(directions, _rounded(directions, random, _DRAWN_STARTS))
