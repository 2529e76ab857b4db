"""Tasks whose examples a rule draws: as many as one likes, or a fixed number of them."""

import abc

import jax
import numpy as np
from jaxtyping import Array, Shaped

from groklab.chance import key_of, partitionable
from groklab.settings import setting
from groklab.tasks.base import Task
from groklab.types import Examples, PRNGKey, Shape

Inputs = Shaped[Array, "batch ..."]
Targets = Shaped[Array, "batch scored ..."]


class Stream(Task):
    """Examples drawn from a rule.

    With a `size` of 0 every batch is fresh, drawn from the run's own key and the step's number. Then what counts as
    training examples is a sample that is never trained on, like that for validation: both accuracies are estimates of
    the same thing. With a `size`, so many are drawn once and trained on again and again.
    """

    size: int = setting(0, "training examples, drawn once; 0: every batch is fresh", at_least=0)
    validation: int = setting(512, "examples to validate on, which are not trained on", at_least=1)

    @property
    @abc.abstractmethod
    def shape(self) -> Shape:
        """The sizes that a model must know."""

    @abc.abstractmethod
    def draw(self, count: int, *, key: PRNGKey) -> tuple[Inputs, Targets]:
        """Draw `count` inputs and what is to be answered at the scored positions: a class, `UNSCORED`, or numbers."""

    @property
    def is_fresh(self) -> bool:
        return self.size == 0

    def examples(self, *, seed: int) -> Examples:
        """Return the training examples, or a sample where they are endless, and those for validation."""
        train = self.size or self.validation
        total = train + self.validation
        with partitionable():
            inputs, targets = jax.jit(self.draw, static_argnums=0)(total, key=key_of(seed))
        order = np.arange(total, dtype=np.int32)
        return Examples(np.asarray(inputs), np.asarray(targets), order, train, total, self.shape)
