"""Regression of a curve through a few noisy points: the picture that talks on double descent draw."""

import numpy as np
from jaxtyping import Float

from groklab.settings import setting
from groklab.tasks.base import Task
from groklab.types import Examples, Numbers, Shape

PERIOD = 1.5


class Curve(Task):
    """Places x in [−1, 1] and answers sin(2πx/1.5): places to train on at random and with noise, others evenly spaced.

    `seeds.split` draws places and noise.
    """

    size: int = setting(20, "training examples", at_least=1)
    noise: float = setting(0.3, "standard deviation of the noise on training labels", at_least=0)
    validation: int = setting(401, "places to validate on, without noise", at_least=2)

    @property
    def name(self) -> str:
        return "curve"

    def examples(self, *, seed: int) -> Examples:
        """Return the training examples, then those for validation."""
        random = np.random.default_rng(seed)
        shown = np.sort(random.uniform(-1, 1, self.size))
        places = np.concatenate([shown, np.linspace(-1, 1, self.validation)])
        answers = self.answers(places)
        answers[: self.size] += float(self.noise) * random.standard_normal(self.size)
        shape, order = Shape(Numbers((1,)), Numbers((1,))), np.arange(places.size, dtype=np.int32)
        return Examples(places[:, None], answers[:, None, None], order, self.size, places.size, shape)

    def answers(self, places: Float[np.ndarray, "examples"]) -> Float[np.ndarray, "examples"]:
        """Return the curve."""
        return np.sin(2 * np.pi * places / PERIOD)
