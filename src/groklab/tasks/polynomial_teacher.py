"""Regression of the square of a projection (Kumar et al. 2024)."""

import numpy as np
from jaxtyping import Float

from groklab.settings import setting
from groklab.tasks.base import Task
from groklab.types import Examples, Numbers, Shape


class PolynomialTeacher(Task):
    """Inputs x ~ N(0, I/D) and answers (β·x)²/2, with |β|² = D drawn anew for each split."""

    inputs: int = setting(100, "numbers that are read, D", at_least=1)
    size: int = setting(450, "training examples; far more than D and fewer than D²/2", at_least=1)
    validation: int = setting(1000, "examples to validate on, which are not trained on", at_least=1)

    @property
    def name(self) -> str:
        return "polynomial-teacher"

    def examples(self, *, seed: int) -> Examples:
        """Return the training examples, then those for validation."""
        total = self.size + self.validation
        inputs = np.random.default_rng([seed, 0]).standard_normal((total, self.inputs)) / np.sqrt(self.inputs)
        answers = (inputs @ self.teacher(seed=seed)) ** 2 / 2
        shape = Shape(Numbers((self.inputs,)), Numbers((1,)))
        return Examples(inputs, answers[:, None, None], np.arange(total, dtype=np.int32), self.size, total, shape)

    def teacher(self, *, seed: int) -> Float[np.ndarray, "inputs"]:
        """Return β."""
        drawn = np.random.default_rng([seed, 1]).standard_normal(self.inputs)
        return drawn * np.sqrt(self.inputs) / np.linalg.norm(drawn)
