"""Handwritten digits of 8 by 8 pixels, which come with scikit-learn."""

import functools

import numpy as np
from jaxtyping import Float, Int

from groklab.settings import setting
from groklab.tasks.base import Task
from groklab.tasks.pixels import mixed, rawness
from groklab.types import Classes, Examples, Numbers, Shape

IMAGES = 1797
CLASSES = 10
WHITE = 16  # the brightest value of a pixel


class Digits8(Task):
    """Tell which digit an image shows; brightness goes from 0 to 1. What is not trained on is for validation."""

    size: int = setting(200, "training images", at_least=1, below=IMAGES)
    messiness: float = rawness()

    @property
    def name(self) -> str:
        return "digits8"

    def examples(self, *, seed: int) -> Examples:
        """Return all images; the seed draws those for training, nested over sizes."""
        images, digits = _images()
        images = mixed(images, digits, self.messiness)
        order = np.random.default_rng(seed).permutation(IMAGES).astype(np.int32)
        return Examples(images, digits[:, None], order, self.size, IMAGES, Shape(Numbers((8, 8)), Classes(CLASSES)))


@functools.cache
def _images() -> tuple[Float[np.ndarray, "images 8 8"], Int[np.ndarray, "images"]]:
    from sklearn.datasets import load_digits  # takes half a second

    pixels, digits = load_digits(return_X_y=True)
    return np.asarray(pixels).reshape(-1, 8, 8) / WHITE, np.asarray(digits, np.int32)
