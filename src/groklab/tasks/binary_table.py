"""Learning a binary operation from part of its table (Power et al. 2022, section 2)."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int

from groklab.errors import InvalidSetting
from groklab.settings import setting
from groklab.tasks import official
from groklab.tasks.base import Task
from groklab.tasks.cells import ABSENT, UNKNOWN, Cells, Operation, in_order
from groklab.tasks.group import Group
from groklab.tasks.modular import Modular
from groklab.types import Examples, Shape

# Each use of the seed has a number of its own, so that outliers do not depend on how the split was drawn.
_SPLIT, _OUTLIERS = 1, 2


class Layout(NamedTuple):
    """Where each example sits in the table: `row` holds indices into the examples, -1 where there is none."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    answers: tuple[str, ...]
    sign: str
    row: Int[np.ndarray, "left right"]
    withheld: Bool[np.ndarray, "left right"]


class BinaryTable(Task):
    """Fill in a composition table of which some cells are shown.

    Profile `paper` reads `x ∘ y =` and scores the answer; a seed draws the split, nested over fractions.
    Profile `official` reproduces the released code: its tokens, its one fixed shuffle whatever the seed, its
    outliers, and the end token scored beside the answer.
    """

    operation: Operation = setting(Modular(), "what fills the table")
    fraction: float = setting(0.5, "share of the known cells used for training", above=0, below=1)
    profile: str = setting("paper", "tokens and split of the paper or of its code", choices=("paper", "official"))
    outliers: int = setting(0, "training answers replaced by wrong ones", at_least=0)

    def validate(self) -> None:
        if self.profile == "official" and official.token(self.operation) is None:
            raise InvalidSetting(
                f"`profile` official has only the operations modulo {official.MODULUS} and on {official.GROUP}, got"
                f" {_named(self.operation)}. Try profile paper."
            )

    @property
    def name(self) -> str:
        return self.operation.name

    def examples(self, *, seed: int) -> Examples:
        """Return one example a cell, and the split drawn from `seed` (0 or more)."""
        if seed < 0:
            raise InvalidSetting(f"`seed` must be at least 0, got {seed}.")
        cells = self.operation.cells()
        left, right = self._places(cells)
        truth = cells.values[left, right]
        known = np.flatnonzero(truth != UNKNOWN)
        train_size = self._train_size(len(known))
        order, answer = self._drawn(truth, known, seed)
        inputs, targets = self._encoded(cells, left, right, answer)
        scored = (4, 5) if self.profile == "official" else (3,)
        vocabulary = len(self.vocabulary())
        shape = Shape(inputs.shape[1], vocabulary, vocabulary, scored)
        return Examples(inputs, targets, order.astype(np.int32), train_size, len(known), shape)

    def vocabulary(self) -> tuple[str, ...]:
        """Return the word of each token; in profile `paper` the sign and `=` are the last two."""
        if self.profile == "official":
            return official.VOCABULARY
        cells = self.operation.cells()
        return (*in_order(cells.left + cells.right + cells.answers), cells.sign, "=")

    def layout(self, examples: Examples) -> Layout:
        """Return the table as it was dealt; a cell is withheld if it exists and is not for training."""
        cells = self.operation.cells()
        left, right = self._places(cells)
        row = np.full(cells.values.shape, -1)
        row[left, right] = np.arange(len(left))
        withheld = np.zeros(cells.values.shape, bool)
        rest = examples.order[examples.train_size :]
        withheld[left[rest], right[rest]] = True
        return Layout(cells.left, cells.right, cells.answers, cells.sign, row, withheld)

    def _places(self, cells: Cells) -> tuple[np.ndarray, np.ndarray]:
        left, right = np.nonzero(cells.values != ABSENT)
        if self.profile == "official" and official.token(self.operation) == "/":
            # The released code builds division backwards, from each answer and divisor to the dividend.
            backwards = np.lexsort((right, cells.values[left, right]))
            return left[backwards], right[backwards]
        return left, right

    def _train_size(self, known: int) -> int:
        train_size = round(known * float(self.fraction))
        if not 0 < train_size < known:
            raise InvalidSetting(
                f"`fraction` must leave examples for training and for validation, got {float(self.fraction):g} of"
                f" {known} known cells. Try a {'smaller' if train_size else 'larger'} fraction or a larger table."
            )
        if self.outliers > train_size:
            raise InvalidSetting(
                f"`outliers` must be at most the {train_size} training examples, got {self.outliers}."
                " Try a larger fraction."
            )
        return train_size

    def _drawn(self, truth: np.ndarray, known: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the order of the rows, and their answers with the outliers put in."""
        answer = truth.copy()
        if self.profile == "official":
            random = np.random.RandomState(0)
            order = np.arange(len(truth))
            random.shuffle(order)
            # As released: drawn from all rows with replacement, so that a few outliers stay right.
            donors = random.choice(len(order), size=self.outliers)
            answer[order[: self.outliers]] = truth[order[donors]]
            return order, answer
        shuffled = np.random.default_rng((seed, _SPLIT)).permutation(known)
        chosen = shuffled[: self.outliers]
        answer[chosen] = _wrong(truth[known], truth[chosen], np.random.default_rng((seed, _OUTLIERS)))
        return np.concatenate([shuffled, np.flatnonzero(truth == UNKNOWN)]), answer

    def _encoded(
        self, cells: Cells, left: np.ndarray, right: np.ndarray, answer: np.ndarray
    ) -> tuple[Int[np.ndarray, "examples inputs"], Int[np.ndarray, "examples scored"]]:
        words = self.vocabulary()
        is_official = self.profile == "official"
        # The sign may be spelt like an element, so that in profile `paper` it is known by its place alone.
        ids = {word: at for at, word in enumerate(words if is_official else words[:-2])}
        x, y = _ids(cells.left, ids)[left], _ids(cells.right, ids)[right]
        # A blank has no answer; it takes id 0, which is never read.
        result = np.where(answer == UNKNOWN, 0, _ids(cells.answers, ids)[answer])
        if not is_official:
            return _columns(x, len(words) - 2, y, len(words) - 1), _columns(result)
        sign, equals, end = ids[official.token(self.operation) or ""], ids["="], ids[official.END]
        return _columns(end, x, sign, y, equals, result), _columns(result, end)


def _named(operation: Operation) -> str:
    if isinstance(operation, Modular):
        return f"modulus {operation.p}"
    return f"group {operation.group}" if isinstance(operation, Group) else "a table of your own"


def _ids(symbols: tuple[str, ...], ids: dict[str, int]) -> Int[np.ndarray, "symbols"]:
    return np.array([ids[symbol] for symbol in symbols])


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
