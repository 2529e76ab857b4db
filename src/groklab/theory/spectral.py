"""Gradient descent on a linear model and a given data set, at any step, from one eigendecomposition: no step is made.

The same numbers as the literal loop, to rounding: in an eigendirection of Σ = XᵀX/N a step multiplies what is not yet
learnt by 1 − 2η(ν + g)/d_out, g = γ/2, and t steps by its power.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from groklab.errors import InvalidSetting
from groklab.theory import domain
from groklab.theory.crossings import Times, crossings
from groklab.theory.domain import Values
from groklab.theory.linear import Losses

_WELL = 1e-5  # ratio of the least eigenvalue to the greatest from which on it has ten digits
_AT_ONCE = 10_000_000  # numbers held at a time


class DataSet(NamedTuple):
    """Examples and their labels; the answers that were meant are those of the teacher, if there is one."""

    examples: Float[np.ndarray, "N inputs"]
    labels: Float[np.ndarray, "N outputs"]
    teacher: Float[np.ndarray, "inputs outputs"] | None = None


class Modes(NamedTuple):
    """Eigenvalues of the covariance of the examples, and its eigenvectors as columns."""

    values: Float[np.ndarray, "inputs"]
    axes: Float[np.ndarray, "inputs inputs"]


def modes_of(examples: Float[np.ndarray, "N inputs"]) -> Modes:
    """Return the modes of XᵀX/N, those without extent with 0.

    Where the least is far below the greatest they are taken from X itself: of its square, which is twice as fast to
    decompose, half of the digits would be lost.
    """
    number, inputs = examples.shape
    if number >= inputs:
        values, axes = np.linalg.eigh(examples.T @ examples / number)
        if values[0] > _WELL * values[-1]:
            return Modes(values, axes)
    _, extents, axes = np.linalg.svd(np.linalg.qr(examples, mode="r"), full_matrices=True)
    extents[extents <= max(number, inputs) * np.finfo(float).eps * extents.max(initial=0.0)] = 0.0
    values = np.zeros(inputs)
    values[: extents.size] = extents**2 / number
    return Modes(values, axes.T)


class Descent:
    """A descent on a data set, of which every step can be asked for.

    `weight_decay` and `learning_rate` are those of `LinearStudent`: both are divided by the number of outputs.
    """

    def __init__(
        self,
        data: DataSet,
        student: Float[np.ndarray, "inputs outputs"],
        *,
        learning_rate: float = 0.01,
        weight_decay: float = 0.0,
        modes: Modes | None = None,
    ) -> None:
        """Decompose the covariance of the examples, once, unless its `modes` are at hand.

        Raises `InvalidSetting` for a rate at which the descent diverges, η(λ₊ + g) ≥ d_out.
        """
        domain.above("learning_rate", learning_rate, 0)
        domain.at_least("weight_decay", weight_decay, 0)
        number, outputs = data.labels.shape
        self._values, self._axes = modes_of(data.examples) if modes is None else modes
        self.data, self.rate = data, learning_rate / outputs
        half = weight_decay / 2
        speed = 2 * learning_rate / outputs * (self._values + half)
        if speed.max() >= 2:
            most = outputs / (self._values.max() + half)
            raise InvalidSetting(f"`learning_rate` must be below {most:.3g} on these data, got {learning_rate:g}.")
        self._speed = speed
        self._start = self._axes.T @ student
        target = self._axes.T @ (data.examples.T @ data.labels) / number
        moves = self._values + half > 0
        self._end = np.where(moves[:, None], target / np.where(moves, self._values + half, 1)[:, None], self._start)
        self._truth = np.full_like(self._start, np.nan) if data.teacher is None else self._axes.T @ data.teacher
        # Labels have a part that no weights reach: training loss is Σν|Vᵀ(S − best)|² above it.
        reached = self._values > 0
        self._best = np.where(reached[:, None], target / np.where(reached, self._values, 1)[:, None], 0)
        self._unreached = float(((data.labels - data.examples @ self._axes @ self._best) ** 2).mean())

    def weights(self, steps: float) -> Float[np.ndarray, "inputs outputs"]:
        """Return the student's weights after some steps; those it comes to after ∞."""
        kept, gone = (each[:, 0, None] for each in self._powers(np.array([steps], float)))
        return self._axes @ (kept * self._start + gone * self._end)

    def answers(
        self, inputs: Float[np.ndarray, "examples inputs"], steps: Float[np.ndarray, "steps"]
    ) -> Float[np.ndarray, "steps examples outputs"]:
        """Return what the student answers to some inputs after each of some steps."""
        modes = (inputs @ self._axes)[:, :, None]  # examples, modes, outputs
        both = zip(self._powers(steps), (self._start, self._end), strict=True)
        return np.asarray(sum(np.einsum("mt,emo->teo", share, modes * each, optimize=True) for share, each in both))

    def losses(self, steps: ArrayLike) -> Losses:
        """Return both losses after some steps: of the labels given, and of the teacher over all inputs.

        Without a teacher the second is not known, nan.
        """
        domain.at_least("steps", steps, 0)
        at = np.asarray(steps, float)
        pieces = np.array_split(at.reshape(-1), max(1, at.size * self._start.size // _AT_ONCE))
        train, validation = np.concatenate([self._losses(each) for each in pieces], axis=1)
        return Losses(train.reshape(at.shape), validation.reshape(at.shape))

    def times(self, wanted: Values) -> Times:
        """Return when both losses first come to each level that is wanted; between two steps as powers go on."""
        return crossings(self.losses, wanted, 1 / self.rate)

    def _losses(self, steps: Float[np.ndarray, "steps"]) -> Float[np.ndarray, "2 steps"]:
        kept, gone = self._powers(steps)
        # Squares and products of start − goal and end − goal are taken once: no step sees an output.
        found = [self._unreached, 0.0]
        for place, (goal, weight) in enumerate(((self._best, self._values), (self._truth, np.ones_like(self._values)))):
            first, last = self._start - goal, self._end - goal
            square, cross, rest = ((a * b).sum(1) * weight for a, b in ((first, first), (first, last), (last, last)))
            total = square @ kept**2 + 2 * cross @ (kept * gone) + rest @ gone**2
            found[place] = found[place] + total / self._start.shape[1]
        return np.stack(found)

    def _powers(self, steps: Float[np.ndarray, "steps"]) -> tuple[Values, Values]:
        """Return what is left of the start in each mode, and what has come of the end: they add up to 1.

        The second is not taken from the first: of slow modes almost nothing has come, of something large.
        """
        speed = self._speed[:, None]
        is_slow = speed < 1
        with np.errstate(invalid="ignore"):  # 0 · ∞ of modes that never move
            exponent = np.where(speed > 0, np.log1p(-np.where(is_slow, speed, 0)) * steps, 0)
        kept = np.where(is_slow, np.exp(exponent), np.where(is_slow, 0, 1 - speed) ** steps)
        return kept, np.where(is_slow, -np.expm1(exponent), 1 - kept)
