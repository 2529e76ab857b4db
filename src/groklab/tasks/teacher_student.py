"""Regression of what another network answers (Liu et al. 2023, section 3.1)."""

import itertools

import numpy as np
from jaxtyping import Float

from groklab.settings import setting
from groklab.tasks.base import Task
from groklab.types import Examples, Numbers, Shape


class TeacherStudent(Task):
    """Normal inputs x ~ N(0, I), and the answers of a tanh network with weights of its own, the teacher.

    The teacher's weights and biases are drawn from U(−1/√n, 1/√n), n the inputs of a layer; `seeds.split` draws the
    inputs.
    """

    inputs: int = setting(5, "numbers that are read", at_least=1)
    outputs: int = setting(5, "numbers of an answer", at_least=1)
    hidden: int = setting(100, "width of the teacher's hidden layers", at_least=1)
    depth: int = setting(2, "hidden layers of the teacher", at_least=0, at_most=256)
    teacher: int = setting(0, "seed of the teacher's weights", at_least=0)
    size: int = setting(100, "training examples", at_least=1)
    validation: int = setting(100, "examples to validate on, which are not trained on", at_least=1)

    @property
    def name(self) -> str:
        return "teacher-student"

    def examples(self, *, seed: int) -> Examples:
        """Return the training examples, then those for validation."""
        total = self.size + self.validation
        inputs = np.random.default_rng(seed).standard_normal((total, self.inputs))
        shape = Shape(Numbers((self.inputs,)), Numbers((self.outputs,)))
        order = np.arange(total, dtype=np.int32)
        return Examples(inputs, self.answers(inputs)[:, None], order, self.size, total, shape)

    def answers(self, inputs: Float[np.ndarray, "examples inputs"]) -> Float[np.ndarray, "examples outputs"]:
        """Return what the teacher answers."""
        chance, values = np.random.default_rng(self.teacher), inputs
        sizes = [self.inputs, *[self.hidden] * self.depth, self.outputs]
        for layer, (rows, columns) in enumerate(itertools.pairwise(sizes)):
            matrix, bias = (chance.uniform(-1, 1, size) / rows**0.5 for size in ((rows, columns), columns))
            values = (np.tanh(values) if layer else values) @ matrix + bias
        return values
