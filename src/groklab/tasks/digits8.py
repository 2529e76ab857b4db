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
    flipped: float = setting(
        0.0, "share of training images that are called another digit", at_least=0, at_most=1, is_later=True
    )

    @property
    def name(self) -> str:
        return "digits8"

    def examples(self, *, seed: int) -> Examples:
        """Return all images; the seed draws those for training, nested over sizes."""
        images, digits = _images()
        images = mixed(images, digits, self.messiness)
        order = np.random.default_rng(seed).permutation(IMAGES).astype(np.int32)
        digits = _flipped(digits, order[: self.size], float(self.flipped), seed)
        return Examples(images, digits[:, None], order, self.size, IMAGES, Shape(Numbers((8, 8)), Classes(CLASSES)))


def _flipped(
    digits: Int[np.ndarray, "images"], shown: Int[np.ndarray, "size"], share: float, seed: int
) -> Int[np.ndarray, "images"]:
    """Return the digits, those of a share of the images shown replaced by another one; nested over sizes and shares."""
    random = np.random.default_rng([seed, 1])
    chances, moved = random.random(IMAGES), random.integers(1, CLASSES, IMAGES)
    away = np.where(chances[: shown.size] < share, moved[: shown.size], 0)
    digits = digits.copy()
    digits[shown] = (digits[shown] + away) % CLASSES
    return digits.astype(np.int32)


@functools.cache
def _images() -> tuple[Float[np.ndarray, "images 8 8"], Int[np.ndarray, "images"]]:
    from sklearn.datasets import load_digits  # takes half a second

    pixels, digits = load_digits(return_X_y=True)
    return np.asarray(pixels).reshape(-1, 8, 8) / WHITE, np.asarray(digits, np.int32)
