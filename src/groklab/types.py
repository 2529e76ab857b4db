"""The words of every signature."""

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Array, Float, Int, Key, Shaped

from groklab.errors import InvalidSetting

PRNGKey = Key[Array, ""]
Scalar = Float[Array, ""]
UNSCORED = -1  # a class that nothing is asked of


class Tokens(NamedTuple):
    """What a model may read: sequences of `length` tokens from a `vocabulary`, which ask at the `scored` positions."""

    length: int
    vocabulary: int
    scored: tuple[int, ...]


class Numbers(NamedTuple):
    """What a model may read or answer: an array of numbers along these axes, such as (28, 28) for an image."""

    axes: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return math.prod(self.axes)


class Graphs(NamedTuple):
    """What a model may read: graphs of at most `atoms` atoms, each with `features`, joined by bonds of some `kinds`.

    A graph is an array (atoms, features + kinds · atoms): a row for each atom, of zeros where there is none, with its
    features, and then for each kind a 1 for every atom that it is joined to.
    """

    atoms: int
    features: int
    kinds: int


class Classes(NamedTuple):
    """What a model may answer: one of `size` classes."""

    size: int


class Shape(NamedTuple):
    """What a model must know of a task, sizes only: what is read, and what is answered at each scored position.

    The loss is multiplied by `loss_scale`. A model has `outputs` at each scored position: one for each class or number,
    unless the objective asks for `width` of them.
    """

    reads: Tokens | Numbers | Graphs
    answers: Classes | Numbers
    loss_scale: float = 1.0
    width: int = 0

    @property
    def outputs(self) -> int:
        """How many numbers a model answers with at a scored position."""
        return self.width or self.answers.size

    @property
    def tokens(self) -> Tokens:
        """The tokens that are read; raise `InvalidSetting` where there are none."""
        if not isinstance(self.reads, Tokens):
            raise InvalidSetting("`task` must give sequences of tokens here, got numbers. Leave out what needs tokens.")
        return self.reads

    @property
    def numbers(self) -> Numbers:
        """The numbers that are read; raise `InvalidSetting` where there are none."""
        if not isinstance(self.reads, Numbers):
            raise InvalidSetting("`task` must give numbers here, got tokens. Leave out what needs numbers.")
        return self.reads

    @property
    def graphs(self) -> Graphs:
        """The graphs that are read; raise `InvalidSetting` where there are none."""
        if not isinstance(self.reads, Graphs):
            raise InvalidSetting("`task` must give graphs here, got none. Leave out what needs graphs.")
        return self.reads

    @property
    def classes(self) -> int:
        """The number of classes; raise `InvalidSetting` where numbers are answered."""
        if not isinstance(self.answers, Classes):
            raise InvalidSetting("`task` must ask for classes here, got numbers. Leave out what needs classes.")
        return self.answers.size


class Examples(NamedTuple):
    """Everything there is to learn, on the host, and which part of it may be learnt from.

    Inputs are tokens or numbers, as the shape's `reads` says. Targets have a row for each scored position: a class, or
    all numbers of the answer. The rows named by `order[:train_size]` are for training, those up to `known_size` for
    validation, and the rest have no known answer (their `targets` are 0 and are never read). A class of `UNSCORED` asks
    nothing.
    """

    inputs: Shaped[np.ndarray, "examples ..."]
    targets: Shaped[np.ndarray, "examples scored ..."]
    order: Int[np.ndarray, "examples"]
    train_size: int
    known_size: int
    shape: Shape
