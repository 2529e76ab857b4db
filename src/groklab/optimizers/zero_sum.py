"""Gradients of the classifier that add up to 0 over the classes, as they would without rounding (Liu et al. 2026)."""

from collections.abc import Sequence
from typing import Any

import jax
import optax

from groklab.errors import InvalidSetting, unknown
from groklab.optimizers.filters import Filter
from groklab.settings import setting
from groklab.trees import dotted


class ZeroSum(Filter):
    """Takes from the gradient of one array its mean over the last axis, the classes.

    Softmax asks for gradients that add up to 0 over the classes. Where that of the right class rounds to 0 they do not,
    and all classes are pushed one way.
    """

    of: str = setting("head", "the array that answers, by its dotted name: head, or layers.2.matrix of an MLP")

    def transformations(self) -> Sequence[optax.GradientTransformation]:
        return (optax.stateless(self._corrected),)

    def _corrected(self, updates: Any, params: Any = None) -> Any:
        names = [dotted(path) for path, _ in jax.tree_util.tree_leaves_with_path(updates)]
        if self.of not in names:
            raise InvalidSetting(unknown("array of this model, for `of`", self.of, names))

        def correct(path: Any, leaf: Any) -> Any:
            return leaf - leaf.mean(-1, keepdims=True) if dotted(path) == self.of else leaf

        return jax.tree_util.tree_map_with_path(correct, updates)
