"""Learning a binary operation from part of its table (Power et al. 2022, section 2)."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int

from groklab.errors import InvalidSetting
from groklab.settings import setting
from groklab.tasks import official
from groklab.tasks.base import Task
from groklab.tasks.cells import ABSENT, UNKNOWN, Cells, Operation
from groklab.tasks.group import Group
from groklab.tasks.modular import Modular
from groklab.tasks.profiles import PROFILES
from groklab.types import Classes, Examples, Shape, Tokens


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
    Profile `official` reproduces the code that Power et al. released: its tokens, its one fixed shuffle whatever the
    seed, its outliers, and the end token scored beside the answer. Profile `nanda` reads `x y =` and splits as the code
    of Nanda et al. 2023.
    """

    operation: Operation = setting(Modular(), "what fills the table")
    fraction: float = setting(0.5, "share of the known cells used for training", above=0, below=1)
    profile: str = setting(
        "paper",
        "tokens and split of Power et al. 2022 (paper), of their code (official), or of Nanda et al. 2023 (nanda)",
        choices=("paper", "official", "nanda"),
    )
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
        cells, profile = self.operation.cells(), PROFILES[self.profile]
        left, right = self._places(cells)
        truth = cells.values[left, right]
        known = np.flatnonzero(truth != UNKNOWN)
        train_size = self._train_size(len(known))
        order, answer = profile.deal(truth, known, self.outliers, seed=seed)
        inputs, targets = profile.encode(self.operation, cells, left, right, answer)
        vocabulary = len(self.vocabulary())
        shape = Shape(Tokens(inputs.shape[1], vocabulary, profile.scored), Classes(vocabulary))
        return Examples(inputs, targets, order.astype(np.int32), train_size, len(known), shape)

    def vocabulary(self) -> tuple[str, ...]:
        """Return the word of each token; `=` is the last but in profile `official`."""
        return PROFILES[self.profile].vocabulary(self.operation.cells())

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
        train_size = PROFILES[self.profile].train_size(known, float(self.fraction))
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


def _named(operation: Operation) -> str:
    if isinstance(operation, Modular):
        return f"modulus {operation.p}"
    return f"group {operation.group}" if isinstance(operation, Group) else "a table of your own"
