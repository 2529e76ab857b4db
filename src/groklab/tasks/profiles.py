"""How a table becomes sequences of tokens and is divided: as in each paper, or as in its released code."""

import abc
import random
from typing import NamedTuple

import numpy as np
from jaxtyping import Int

from groklab.errors import InvalidSetting
from groklab.tasks import official
from groklab.tasks.cells import Cells, Operation, in_order

# Each use of the seed has a number of its own, so that outliers do not depend on how the split was drawn.
_SPLIT, _OUTLIERS = 1, 2


class Dealt(NamedTuple):
    """The rows in order, those for training first, and the answers, wrong ones put in among them."""

    order: Int[np.ndarray, "rows"]
    answer: Int[np.ndarray, "rows"]


class Encoded(NamedTuple):
    """A token sequence for each cell, and what is to be answered."""

    inputs: Int[np.ndarray, "cells inputs"]
    targets: Int[np.ndarray, "cells scored"]


class Profile(abc.ABC):
    """One way of writing and dividing a table."""

    scored: tuple[int, ...]

    @abc.abstractmethod
    def vocabulary(self, cells: Cells) -> tuple[str, ...]:
        """Return the word of each token."""

    @abc.abstractmethod
    def encode(
        self, operation: Operation, cells: Cells, left: np.ndarray, right: np.ndarray, answer: np.ndarray
    ) -> Encoded:
        """Return the sequences of cells, and their answers as tokens; a blank's is 0."""

    def train_size(self, known: int, fraction: float) -> int:
        """Return how many of the known cells are for training."""
        return round(known * fraction)

    def deal(self, truth: np.ndarray, known: np.ndarray, outliers: int, *, seed: int) -> Dealt:
        """Shuffle the known rows, put wrong answers into the first of them, and the blanks last."""
        shuffled = self.shuffle(known, seed=seed)
        answer, chosen = truth.copy(), shuffled[:outliers]
        answer[chosen] = _wrong(truth[known], truth[chosen], np.random.default_rng((seed, _OUTLIERS)))
        return Dealt(np.concatenate([shuffled, np.setdiff1d(np.arange(len(truth)), known)]), answer)

    def shuffle(self, known: np.ndarray, *, seed: int) -> np.ndarray:
        """Return the known rows in an order drawn from a seed."""
        return np.random.default_rng((seed, _SPLIT)).permutation(known)


class Power(Profile):
    """`x ∘ y =`, as in Power et al. 2022. The sign may be spelt like an element: it is known by its place alone."""

    scored = (3,)

    def vocabulary(self, cells: Cells) -> tuple[str, ...]:
        return (*in_order(cells.left + cells.right + cells.answers), cells.sign, "=")

    def encode(
        self, operation: Operation, cells: Cells, left: np.ndarray, right: np.ndarray, answer: np.ndarray
    ) -> Encoded:
        words = self.vocabulary(cells)
        x, y, result = _elements(words[:-2], cells, left, right, answer)
        return Encoded(_columns(x, len(words) - 2, y, len(words) - 1), _columns(result))


class Nanda(Profile):
    """`x y =`, as in the code of Nanda et al. 2023, whose split Python's own generator shuffles."""

    scored = (2,)

    def vocabulary(self, cells: Cells) -> tuple[str, ...]:
        return (*in_order(cells.left + cells.right + cells.answers), "=")

    def encode(
        self, operation: Operation, cells: Cells, left: np.ndarray, right: np.ndarray, answer: np.ndarray
    ) -> Encoded:
        words = self.vocabulary(cells)
        x, y, result = _elements(words[:-1], cells, left, right, answer)
        return Encoded(_columns(x, y, len(words) - 1), _columns(result))

    def train_size(self, known: int, fraction: float) -> int:
        return int(known * fraction)

    def shuffle(self, known: np.ndarray, *, seed: int) -> np.ndarray:
        rows = known.tolist()
        random.Random(seed).shuffle(rows)
        return np.array(rows, known.dtype)


class Official(Profile):
    """The released code of Power et al. 2022: one fixed shuffle whatever the seed, the end token scored too."""

    scored = (4, 5)

    def vocabulary(self, cells: Cells) -> tuple[str, ...]:
        return official.VOCABULARY

    def encode(
        self, operation: Operation, cells: Cells, left: np.ndarray, right: np.ndarray, answer: np.ndarray
    ) -> Encoded:
        x, y, result = _elements(official.VOCABULARY, cells, left, right, answer)
        ids = {word: at for at, word in enumerate(official.VOCABULARY)}
        sign, equals, end = ids[official.token(operation) or ""], ids["="], ids[official.END]
        return Encoded(_columns(end, x, sign, y, equals, result), _columns(result, end))

    def deal(self, truth: np.ndarray, known: np.ndarray, outliers: int, *, seed: int) -> Dealt:
        fixed = np.random.RandomState(0)
        order = np.arange(len(truth))
        fixed.shuffle(order)
        # As released: drawn from all rows with replacement, so that a few outliers stay right.
        donors = fixed.choice(len(order), size=outliers)
        answer = truth.copy()
        answer[order[:outliers]] = truth[order[donors]]
        return Dealt(order, answer)


PROFILES: dict[str, Profile] = {"paper": Power(), "official": Official(), "nanda": Nanda()}


def _elements(
    words: tuple[str, ...], cells: Cells, left: np.ndarray, right: np.ndarray, answer: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the tokens of both operands and of the answer, 0 for a blank, which is never read."""
    ids = {word: at for at, word in enumerate(words)}

    def tokens(symbols: tuple[str, ...]) -> np.ndarray:
        return np.array([ids[symbol] for symbol in symbols])

    known = np.where(answer < 0, 0, tokens(cells.answers)[answer])
    return tokens(cells.left)[left], tokens(cells.right)[right], known


def _columns(*columns: np.ndarray | int) -> Int[np.ndarray, "examples tokens"]:
    return np.stack(np.broadcast_arrays(*columns), axis=1).astype(np.int32)


def _wrong(
    pool: Int[np.ndarray, "known"], truth: Int[np.ndarray, "outliers"], random: np.random.Generator
) -> Int[np.ndarray, "outliers"]:
    """Draw for each true answer one from the pool, uniformly among those that differ from it."""
    pool = np.sort(pool)
    first, last = np.searchsorted(pool, truth, "left"), np.searchsorted(pool, truth, "right")
    others = len(pool) - (last - first)
    if np.any(others == 0):
        raise InvalidSetting(f"`outliers` must be 0 for a table with one answer only, got {len(truth)}.")
    drawn = random.integers(0, others)
    # Step over the block of equal answers.
    return pool[np.where(drawn >= first, drawn + (last - first), drawn)]
