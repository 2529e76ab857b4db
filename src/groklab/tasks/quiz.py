"""A small table in letters, so that nothing but the pattern helps to guess its blanks (Power et al. 2022, figure 1)."""

import string
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool

from groklab.errors import InvalidSetting
from groklab.tasks.binary_table import BinaryTable
from groklab.tasks.cells import UNKNOWN, Cells, Operation, in_order
from groklab.tasks.group import Group
from groklab.tasks.modular import OPERATIONS, Modular
from groklab.tasks.puzzle import render

LETTERS = string.ascii_lowercase
SIGN = "∘"  # the table's own sign would tell the rule
FAMILIES = {"Z": "cyclic", "C": "cyclic", "D": "dihedral", "S": "symmetric", "A": "alternating", "Q": "quaternion"}

# Each use of the seed has a number of its own; 1 and 2 are those of the table.
_LETTERS = 3


class Quiz(NamedTuple):
    """A table in letters: `meaning` tells which element each stands for, `rule` what fills the table."""

    cells: Cells
    withheld: Bool[np.ndarray, "left right"]
    meaning: dict[str, str]
    rule: str


def quiz(task: BinaryTable, *, seed: int) -> Quiz:
    """Return a table in letters, without the cells that the split of the same seed withholds from training.

    An element has one letter in rows, columns and answers. The seed draws which; rows and columns stand in the order
    of the letters. Raises `InvalidSetting` for more elements than letters, and for outliers.
    """
    if task.outliers:
        raise InvalidSetting(f"`outliers` must be 0 in a quiz, whose cells are all right, got {task.outliers}.")
    cells = task.operation.cells()
    meaning = _meaning(cells, seed)
    letter = {element: each for each, element in meaning.items()}
    left, right, answers = ([letter[element] for element in side] for side in (cells.left, cells.right, cells.answers))
    order = np.ix_(np.argsort(left), np.argsort(right))
    shown = Cells(tuple(sorted(left)), tuple(sorted(right)), tuple(answers), cells.values[order], SIGN)
    withheld = task.layout(task.examples(seed=seed)).withheld[order]
    return Quiz(shown, withheld, meaning, rule(task.operation))


def question(quiz: Quiz) -> str:
    """Return the table with `?` for what is to be guessed, and what is asked."""
    count = int(((quiz.cells.values == UNKNOWN) | quiz.withheld).sum())
    asked = f"the {count} cells marked ?" if count > 1 else "the cell marked ?"
    words = f"Guess {asked}. One rule, row {SIGN} column, fills the table; a letter means the same everywhere."
    return f"{render(quiz.cells, quiz.withheld, len(LETTERS))}\n\n{words}"


def answer(quiz: Quiz) -> str:
    """Return the table with what was to be guessed in brackets, the rule, and what the letters stand for."""
    cells = quiz.cells
    is_blank, count = cells.values == UNKNOWN, len(cells.answers)
    plain, marked = (tuple(form.format(each) for each in cells.answers) for form in (" {} ", "[{}]"))
    values = np.where(quiz.withheld & (cells.values >= 0), cells.values + count, cells.values)
    filled = cells._replace(
        right=tuple(f" {each} " for each in cells.right),
        answers=(*plain, *marked, " ? "),
        values=np.where(is_blank, 2 * count, values),
    )
    letters = ", ".join(f"{letter} = {element}" for letter, element in quiz.meaning.items())
    unknown = ["A ? is blank in the table itself."] if is_blank.any() else []
    lines = ["", f"The rule for row x and column y: {quiz.rule}.", f"The letters: {letters}.", *unknown]
    return "\n".join([render(filled, limit=len(LETTERS)), *lines])


def rule(operation: Operation) -> str:
    """Say what fills a table."""
    if isinstance(operation, Modular):
        return f"{operation.name} modulo {operation.p}, {OPERATIONS[operation.operation].summary}"
    if isinstance(operation, Group):
        return f"{operation.form} in {_in_words(operation.group)}, where xy is x first, then y"
    return "that of a table of your own"


def _meaning(cells: Cells, seed: int) -> dict[str, str]:
    elements = in_order(cells.left + cells.right + cells.answers)
    if len(elements) > len(LETTERS):
        raise InvalidSetting(
            f"`task` must have at most {len(LETTERS)} elements in a quiz, one for each letter, got {len(elements)}."
            " Try a smaller p, or a group such as S3 or D4."
        )
    shuffled = np.random.default_rng((seed, _LETTERS)).permutation(len(elements))
    return {letter: elements[at] for letter, at in zip(LETTERS, shuffled, strict=False)}


def _in_words(group: str) -> str:
    families = [FAMILIES[factor[0]] for factor in group.split("x")]
    if len(families) == 1:
        return f"the {families[0]} group {group}"
    return f"the product {group} of a {' and a '.join(families)} group"
