"""Regression of what a linear network of one layer or two answers (Levi, Beck and Bar-Sinai 2024)."""

import itertools

import numpy as np
from jaxtyping import Float

from groklab.settings import setting
from groklab.tasks.base import Task
from groklab.types import Examples, Numbers, Shape

Matrix = Float[np.ndarray, "_ _"]


class LinearTeacher(Task):
    """Normal inputs x ~ N(0, I) and answers Tᵀx, where entries of T have variance 1/(2 · inputs · outputs).

    With a hidden layer of the teacher answers are T₁ᵀσ(T₀ᵀx), each layer drawn like T; σ(z) is z, or tanh(kz)/k.
    `seeds.split` draws inputs and teacher. Labels to train on have noise if asked for, those to validate on none.
    """

    inputs: int = setting(400, "numbers that are read, d_in", at_least=1)
    outputs: int = setting(1, "numbers of an answer, d_out", at_least=1)
    hidden: int = setting(0, "width of the teacher's hidden layer; 0: none", at_least=0)
    slope: float = setting(0.0, "k of tanh(kz)/k in the teacher's hidden layer; 0: linear", at_least=0)
    noise: float = setting(0.0, "standard deviation of the noise on training labels", at_least=0)
    size: int = setting(444, "training examples, N; inputs / N decides what is learnt when", at_least=1)
    validation: int = setting(1000, "examples to validate on, which are not trained on", at_least=1)

    @property
    def name(self) -> str:
        return "linear-teacher"

    def examples(self, *, seed: int) -> Examples:
        """Return the training examples, then those for validation."""
        total = self.size + self.validation
        chances = [np.random.default_rng([seed, purpose]) for purpose in range(2)]
        inputs = chances[0].standard_normal((total, self.inputs))
        answers = self.answers(inputs, self.teacher(seed=seed))
        answers[: self.size] += float(self.noise) * chances[1].standard_normal((self.size, self.outputs))
        shape = Shape(Numbers((self.inputs,)), Numbers((self.outputs,)))
        return Examples(inputs, answers[:, None], np.arange(total, dtype=np.int32), self.size, total, shape)

    def teacher(self, *, seed: int) -> tuple[Matrix, ...]:
        """Return the teacher's matrices, one or two."""
        chance = np.random.default_rng([seed, 2])
        sizes = [self.inputs, *([self.hidden] if self.hidden else []), self.outputs]
        pairs = itertools.pairwise(sizes)
        return tuple(chance.standard_normal(shape) / np.sqrt(2 * shape[0] * shape[1]) for shape in pairs)

    def answers(self, inputs: Matrix, teacher: tuple[Matrix, ...]) -> Matrix:
        """Return what a teacher answers."""
        first, *rest = teacher
        values = inputs @ first
        for matrix in rest:
            slope = float(self.slope)
            values = (np.tanh(slope * values) / slope if slope else values) @ matrix
        return values
