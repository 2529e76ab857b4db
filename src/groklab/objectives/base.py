"""What every objective is: what counts as wrong, and by how much."""

import abc
from typing import ClassVar

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int, Shaped

from groklab.errors import InvalidSetting
from groklab.naming import word_of
from groklab.settings import Settings
from groklab.types import UNSCORED, Classes, Numbers

Outputs = Float[Array, "batch scored outputs"]
Losses = Float[Array, "batch scored"]
NO_ANSWER = -1


class Objective(Settings):
    """A loss at every scored position, and which answers count as right there."""

    unit: ClassVar[str]  # of the loss, as figures say it

    @abc.abstractmethod
    def width(self, answers: Classes | Numbers) -> int:
        """Return how many outputs are needed at a scored position; raise `InvalidSetting` for unsuitable answers."""

    @abc.abstractmethod
    def losses(self, outputs: Outputs, targets: Shaped[Array, "batch scored ..."], dtype: str) -> Losses:
        """Return the loss at every scored position in a dtype, 0 where nothing is asked."""

    @abc.abstractmethod
    def asked(self, targets: Shaped[Array, "batch scored ..."]) -> Bool[Array, "batch scored"]:
        """Return at which scored positions something is asked."""

    @abc.abstractmethod
    def answers(self, outputs: Outputs) -> Shaped[Array, "batch scored ..."]:
        """Return what is answered: a class, `NO_ANSWER` where an output is no finite number, or the numbers."""

    @abc.abstractmethod
    def is_right(
        self, answers: Shaped[Array, "batch scored ..."], targets: Shaped[Array, "batch scored ..."]
    ) -> Bool[Array, "batch scored"]:
        """Return which answers count as right; where nothing is asked, all do."""


class OfClasses(Objective):
    """An objective for answers that are classes: the largest output is the answer."""

    def width(self, answers: Classes | Numbers) -> int:
        if not isinstance(answers, Classes):
            raise InvalidSetting(
                f"`objective` {word_of(type(self).__name__)} must have classes to tell apart, got a task that asks for "
                "numbers. Use objective=squared-error."
            )
        return answers.size

    def asked(self, targets: Int[Array, "batch scored"]) -> Bool[Array, "batch scored"]:
        return targets != UNSCORED

    def answers(self, outputs: Outputs) -> Int[Array, "batch scored"]:
        is_answer = jnp.isfinite(outputs).all(-1)
        return jnp.where(is_answer, jnp.argmax(outputs, axis=-1).astype(jnp.int32), NO_ANSWER)

    def is_right(
        self, answers: Int[Array, "batch scored"], targets: Int[Array, "batch scored"]
    ) -> Bool[Array, "batch scored"]:
        return (answers == targets) | (targets == UNSCORED)


def at_right(outputs: Outputs, targets: Int[Array, "batch scored"]) -> Bool[Array, "batch scored outputs"]:
    """Return where the outputs of the right classes are; nowhere at a position at which nothing is asked."""
    return targets[..., None] == jnp.arange(outputs.shape[-1], dtype=targets.dtype)[None, None]


class OfTwoClasses(OfClasses):
    """An objective for two classes, told apart by the sign of one output: above 0 is class 1."""

    def width(self, answers: Classes | Numbers) -> int:
        if super().width(answers) != 2:
            raise InvalidSetting(
                f"`objective` {word_of(type(self).__name__)} must have two classes to tell apart, got {answers.size}. "
                "Use objective=cross-entropy."
            )
        return 1

    def answers(self, outputs: Outputs) -> Int[Array, "batch scored"]:
        return jnp.where(jnp.isfinite(outputs[..., 0]), (outputs[..., 0] > 0).astype(jnp.int32), NO_ANSWER)

    def margins(
        self, outputs: Outputs, targets: Int[Array, "batch scored"], dtype: str
    ) -> Float[Array, "batch scored"]:
        """Return y·f with y = −1 for class 0 and 1 for class 1, f the output."""
        return (2 * targets - 1).astype(dtype) * outputs[..., 0].astype(dtype)
