"""The words of every signature."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Array, Float, Int, Key

PRNGKey = Key[Array, ""]
Scalar = Float[Array, ""]
UNSCORED = -1  # a target that nothing is asked of


class Shape(NamedTuple):
    """What a model must know of a task: sizes only.

    `inputs` tokens are read from a `vocabulary`; one of `classes` is predicted at each of the `scored` positions.
    The loss is multiplied by `loss_scale`.
    """

    inputs: int
    vocabulary: int
    classes: int
    scored: tuple[int, ...]
    loss_scale: float = 1.0


class Examples(NamedTuple):
    """Everything there is to learn, on the host, and which part of it may be learnt from.

    The rows named by `order[:train_size]` are for training, those up to `known_size` for validation,
    and the rest have no known answer (their `targets` are 0 and are never read). A target of `UNSCORED` asks nothing.
    """

    inputs: Int[np.ndarray, "examples inputs"]
    targets: Int[np.ndarray, "examples scored"]
    order: Int[np.ndarray, "examples"]
    train_size: int
    known_size: int
    shape: Shape
