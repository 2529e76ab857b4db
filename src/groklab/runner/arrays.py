"""A training state as named arrays, and back."""

from collections.abc import Mapping, Sequence

import jax
import numpy as np

from groklab.errors import RunDamaged
from groklab.measures.norms import dotted
from groklab.training import State


def to_arrays(state: State, member: int) -> dict[str, np.ndarray]:
    """Return one member's arrays by dotted path: `weights.blocks.0.up`, `optimizer.1.mu.head`."""
    return {
        dotted(path): np.asarray(np.asarray(leaf)[member]) for path, leaf in jax.tree_util.tree_leaves_with_path(state)
    }


def from_arrays(arrays: Mapping[str, np.ndarray], like: State, run: str) -> State:
    """Return a state of one member, with its leading axis; raise `RunDamaged` unless all arrays fit `like`."""

    def fill(path: tuple[object, ...], leaf: np.ndarray) -> np.ndarray:
        name = dotted(path)
        found = arrays.get(name)
        if found is None or found.shape != leaf.shape[1:] or found.dtype != leaf.dtype:
            raise RunDamaged(
                f"`{run}` has a checkpoint that does not fit its plan: `{name}` should have shape {leaf.shape[1:]}. "
                "Was it made by another version? Train it anew: the command that trained it, with --again."
            )
        return found[None]

    return jax.tree_util.tree_map_with_path(fill, like)


def stack(states: list[State]) -> State:
    """Put the states of single members side by side."""
    return jax.tree.map(lambda *leaves: np.concatenate(leaves), *states) if len(states) > 1 else states[0]


def pick(state: State, members: Sequence[int]) -> State:
    """Return the states of some members."""
    index = np.asarray(members)
    return jax.tree.map(lambda leaf: np.asarray(leaf)[index], state)
