"""What a table could be: a name, what each symbol stands for, and the whole table that follows."""

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int

Values = Int[np.ndarray, "rows columns"]
Words = tuple[str, ...]

GROUP, ISOTOPE, ZERO, FORMULA, WORD, ORDER = ("group", "isotope", "zero", "formula", "word", "order")
NOTHING = ""  # what an answer stands for that the rule never gives
BITS = 20  # by which a rule must be shorter than the cells that it explains: one in a million by chance
LEAST = 0.9  # the share of known cells that a rule must have right to be said to hold nearly


class Labels(NamedTuple):
    """What each row, column and answer stands for."""

    left: Words
    right: Words
    answers: Words

    @classmethod
    def common(cls, words: Words) -> "Labels":
        """Return the labels of a table in which rows, columns and answers are the same symbols."""
        return cls(words, words, words)

    @property
    def is_common(self) -> bool:
        """Whether the three are one."""
        return self.left == self.right == self.answers


class Explanation(NamedTuple):
    """A rule that may lie behind a table.

    With the `labels` in the place of the symbols, the table is what `name` says. `group` is the group that underlies
    it, if one does, `formula` the formula, `values` the table that the rule makes, as indices of answers, and `bits`
    how many bits tell this rule from others of its kind. `is_certain` is whether nothing else has this name. `more` are
    answers that only blanks have, after those of the table. `about` says what labels mean, where that is not plain.
    """

    kind: str
    name: str
    labels: Labels
    values: Values
    bits: float
    group: str = ""
    formula: str = ""
    terms: int = 0
    is_certain: bool = True
    more: Words = ()
    about: str = ""

    def with_strangers(self, before: int, count: int) -> "Explanation":
        """Return the same for a table with some more answers after its first ones, which stand for nothing."""
        if not count:
            return self
        words = self.labels.answers
        labels = self.labels._replace(answers=(*words[:before], *(NOTHING,) * count, *words[before:]))
        return self._replace(labels=labels, values=np.where(self.values >= before, self.values + count, self.values))

    def wrong(self, values: Values) -> int:
        """Return how many known cells it has wrong; -1 is a blank."""
        return int(np.count_nonzero((values >= 0) & (values != self.values)))

    def is_accepted(self, values: Values, least: float = 1.0) -> bool:
        """Whether it has a share of the known cells right that is no accident.

        That a whole table is a group, an isotope of one, a word in one or an order is a fact. All else, a formula too,
        must be told in fewer bits than the known cells, together with the cells that it has wrong.
        """
        known, wrong = int(np.count_nonzero(values >= 0)), self.wrong(values)
        is_fact = self.kind != FORMULA and (self.kind != ZERO or self.labels.is_common)
        if known == values.size and not wrong and is_fact:
            return True
        is_right = values == self.values
        return known - wrong >= least * known and gain(values, is_right, self.bits) >= BITS


def gain(values: Values, is_right: Bool[np.ndarray, "rows columns"], spent: float) -> float:
    """Return by how many bits a rule told in `spent` bits, with the cells it has wrong, is shorter than the table.

    A cell takes as many bits as its answer is rare, and to tell a wrong one, its place beside.
    """
    is_known = values >= 0
    known = int(is_known.sum())
    _, index, counts = np.unique(values[is_known], return_inverse=True, return_counts=True)
    bits = np.log2(known / counts)[index.reshape(-1)]
    right = is_right[is_known]
    return float(bits[right].sum()) - int((~right).sum()) * math.log2(max(known, 2)) - spent


def bits_of_order(n: int) -> float:
    """Return how many bits tell one order of n things from all others."""
    return math.lgamma(n + 1) / math.log(2)
