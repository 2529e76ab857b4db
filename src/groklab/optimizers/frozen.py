"""Weights that are trained in part: some arrays stay as they are."""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import optax

from groklab.errors import InvalidSetting, unknown
from groklab.optimizers.constraints import Constraint
from groklab.settings import setting
from groklab.trees import dotted


class Frozen(Constraint):
    """Some arrays do not move, whatever gradients, decay and noise ask for."""

    parts: str = setting("embedding", "the arrays: dotted names or beginnings of them, joined by +, as embedding+head")

    def transformations(self) -> Sequence[optax.GradientTransformation]:
        return (optax.stateless(self._held),)

    def _held(self, updates: Any, params: Any = None) -> Any:
        names = [dotted(path) for path, _ in jax.tree_util.tree_leaves_with_path(updates)]
        for part in self.parts.split("+"):
            if not any(_is_in(name, part) for name in names):
                raise InvalidSetting(unknown("part of this model's weights, for `parts`", part, names))

        def held(path: Any, leaf: Any) -> Any:
            is_held = any(_is_in(dotted(path), part) for part in self.parts.split("+"))
            return jnp.zeros_like(leaf) if is_held else leaf

        return jax.tree_util.tree_map_with_path(held, updates)


def _is_in(name: str, part: str) -> bool:
    return name == part or name.startswith(f"{part}.")
