"""Regression of one eigenvector of a lazy network's kernel (Kumar et al. 2024)."""

import numpy as np

from groklab.errors import InvalidSetting
from groklab.settings import setting
from groklab.tasks.base import Task
from groklab.theory.polynomial import tangent_kernel
from groklab.types import Examples, Numbers, Shape


class KernelEigenvector(Task):
    """Inputs x ~ N(0, I/D), answered with an eigenvector of the kernel of all examples, of mean square 1.

    The kernel is the tangent kernel of nearly linear units at first, x·y + ε²(x·y)². The first D eigenvectors are all
    but linear in x. Of its two signs the one is taken whose mean is above 0.
    """

    inputs: int = setting(100, "numbers that are read, D", at_least=1)
    which: int = setting(1, "which eigenvector, from the greatest eigenvalue on", at_least=1)
    bend: float = setting(0.1, "ε of the kernel", at_least=0)
    size: int = setting(450, "training examples", at_least=1)
    validation: int = setting(1000, "examples to validate on, which are not trained on", at_least=1)

    def validate(self) -> None:
        if self.which > self.size + self.validation:
            raise InvalidSetting(
                f"`which` must be at most the number of examples, {self.size + self.validation:,}, got {self.which:,}."
            )

    @property
    def name(self) -> str:
        return "kernel-eigenvector"

    def examples(self, *, seed: int) -> Examples:
        """Return the training examples, then those for validation."""
        total = self.size + self.validation
        inputs = np.random.default_rng(seed).standard_normal((total, self.inputs)) / np.sqrt(self.inputs)
        _, vectors = np.linalg.eigh(tangent_kernel(inputs, float(self.bend)))
        answers = vectors[:, -self.which] * np.sqrt(total)
        answers *= np.sign(answers.sum())
        shape = Shape(Numbers((self.inputs,)), Numbers((1,)))
        return Examples(inputs, answers[:, None, None], np.arange(total, dtype=np.int32), self.size, total, shape)
