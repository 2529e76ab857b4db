"""Squared error of numbers, right within a tolerance (Liu et al. 2023, section 3)."""

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float

from groklab.errors import InvalidSetting
from groklab.objectives.base import Losses, Objective, Outputs
from groklab.settings import setting
from groklab.types import Classes, Numbers


class SquaredError(Objective):
    """The mean of (output − target)² over the numbers of an answer, which is right where this is below `tolerance`."""

    unit = "squared error"
    tolerance: float = setting(0.01, "mean squared error below which an answer counts as right", above=0)

    def width(self, answers: Classes | Numbers) -> int:
        if not isinstance(answers, Numbers):
            raise InvalidSetting(
                "`objective` squared-error must have numbers to predict, got a task that asks for classes. "
                "Use objective=one-hot-squared-error, or cross-entropy."
            )
        return answers.size

    def losses(self, outputs: Outputs, targets: Float[Array, "batch scored outputs"], dtype: str) -> Losses:
        return jnp.square(outputs.astype(dtype) - targets.astype(dtype)).mean(-1)

    def asked(self, targets: Float[Array, "batch scored outputs"]) -> Bool[Array, "batch scored"]:
        return jnp.ones(targets.shape[:2], bool)

    def answers(self, outputs: Outputs) -> Float[Array, "batch scored outputs"]:
        return outputs

    def is_right(
        self, answers: Float[Array, "batch scored outputs"], targets: Float[Array, "batch scored outputs"]
    ) -> Bool[Array, "batch scored"]:
        errors = jnp.square(answers - targets).mean(-1)
        return errors < jnp.asarray(self.tolerance, errors.dtype)
