"""A linear student of a linear teacher under gradient flow: its losses at any step (Levi, Beck and Bar-Sinai 2024).

Inputs are standard normal, λ = d_in / N for N examples. Student S and teacher T have entries of variance
1 / (2 d_in d_out), the student's times α². With Σ = XᵀX/N and D = S − T, a step is

    D ← D − (2η/d_out) ΣD − (ηγ/d_out)(D + T),

and both losses are means over an eigenvalue ν of Σ, drawn from the law of Marchenko and Pastur.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from groklab.theory import domain, marchenko_pastur
from groklab.theory.domain import Values
from groklab.theory.marchenko_pastur import Nodes

_AT_ONCE = 1_000_000  # numbers held at a time


class Losses(NamedTuple):
    """Mean squared errors, the mean over examples and outputs."""

    train: Values
    validation: Values


class LinearStudent(NamedTuple):
    """What decides the losses of the linear student."""

    ratio: float  # λ = d_in / N
    weight_decay: float = 0.0  # γ, divided by d_out in the step as in the paper
    outputs: int = 1  # d_out
    learning_rate: float = 0.01  # η
    alpha: float = 1.0  # factor on the initial student
    noise: float = 0.0  # standard deviation σ of the noise on training labels

    def checked(self) -> "LinearStudent":
        """Return itself; raise `InvalidSetting` outside the domain."""
        for name in ("ratio", "learning_rate"):
            domain.above(name, getattr(self, name), 0)
        for name in ("weight_decay", "alpha", "noise"):
            domain.at_least(name, getattr(self, name), 0)
        domain.at_least("outputs", self.outputs, 1)
        return self

    @property
    def rate(self) -> float:
        """Return η / d_out, the rate of each output."""
        return self.learning_rate / self.outputs

    def clock(self, steps: ArrayLike) -> Values:
        """Return s = 4ηt / d_out, with which an undecayed squared error goes as e^(−sν)."""
        return np.asarray(4 * self.rate * np.asarray(steps, float))


def losses(problem: LinearStudent, steps: ArrayLike) -> Losses:
    """Return both losses after some steps, of gradient flow; validation is on clean labels, training on noisy ones.

    Eq. 15, with g = γ/2 and a = 2η(ν + g)/d_out, and q = ν for training, 1 for validation:

        L = 1/(2 d_out) E[q (α² e^(−2at) + ((ν e^(−at) + g) / (ν + g))²)],

    the zero mode of λ > 1 included, which stays at α² e^(−2at) + 1. Label noise σ² adds λσ² E[ν(1 − e^(−at))²/(ν + g)²]
    to validation and σ²(1 − min(λ, 1)) + λσ² E[((ν e^(−at) + g)/(ν + g))²], over ν > 0, to training.
    """
    problem.checked()
    domain.at_least("steps", steps, 0)
    at = np.asarray(steps, float)
    law = marchenko_pastur.nodes(problem.ratio, float(np.max(problem.clock(at), initial=0.0)))
    pieces = np.array_split(at.reshape(-1), max(1, at.size * law.values.size // _AT_ONCE))
    train, validation = np.concatenate([_losses(problem, each, law) for each in pieces], axis=1)
    return Losses(train.reshape(at.shape), validation.reshape(at.shape))


def _losses(problem: LinearStudent, steps: Float[np.ndarray, "steps"], law: Nodes) -> Float[np.ndarray, "2 steps"]:
    """Return both losses, a row each."""
    ratio, half = problem.ratio, problem.weight_decay / 2
    kept = np.exp(-2 * problem.rate * np.outer(steps, law.values + half))  # e^(−at)
    left = (law.values * kept + half) / (law.values + half)  # what is not yet learnt of the teacher
    each = problem.alpha**2 * kept**2 + left**2
    hidden = marchenko_pastur.zero_mode(ratio) * (problem.alpha**2 * np.exp(-4 * problem.rate * steps * half) + 1)
    train = each @ (law.weights * law.values) / (2 * problem.outputs)
    validation = (each @ law.weights + hidden) / (2 * problem.outputs)
    if problem.noise:
        fitted = law.values * ((1 - kept) / (law.values + half)) ** 2
        train = train + problem.noise**2 * (max(0.0, 1 - ratio) + ratio * (left**2 @ law.weights))
        validation = validation + problem.noise**2 * ratio * (fitted @ law.weights)
    return np.stack([train, validation])
