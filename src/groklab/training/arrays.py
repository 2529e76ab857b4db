"""A training state as named arrays, and back."""

from collections.abc import Mapping, Sequence

import jax
import numpy as np

from groklab.chance import key_of
from groklab.errors import RunDamaged
from groklab.training.member import Setup, State
from groklab.trees import dotted


def to_arrays(state: State) -> dict[str, np.ndarray]:
    """Return the arrays of a run's state by dotted path: `weights.blocks.0.up`, `optimizer.1.mu.head`."""
    return {dotted(path): np.asarray(leaf) for path, leaf in jax.tree_util.tree_leaves_with_path(state)}


def from_arrays(arrays: Mapping[str, np.ndarray], like: State, run: str) -> State:
    """Return a run's state; raise `RunDamaged` unless all arrays fit `like`."""

    def fill(path: tuple[object, ...], leaf: np.ndarray) -> np.ndarray:
        name = dotted(path)
        found = arrays.get(name)
        if found is None or found.shape != leaf.shape or found.dtype != leaf.dtype:
            raise RunDamaged(unfitting(run, name, leaf.shape))
        return found

    return jax.tree_util.tree_map_with_path(fill, like)


def refuse_unfitting(arrays: Mapping[str, np.ndarray], setup: Setup, run: str) -> None:
    """Raise `RunDamaged` unless the weights among a run's arrays have the shapes of its plan; none are drawn."""
    weights = jax.eval_shape(lambda key: setup.model.initialize(setup.shape, key=key), key_of(0))
    for path, leaf in jax.tree_util.tree_leaves_with_path(weights):
        name = f"weights.{dotted(path)}"
        if name not in arrays or arrays[name].shape != leaf.shape:
            raise RunDamaged(unfitting(run, name, leaf.shape))


def unfitting(run: str, name: str, shape: tuple[int, ...]) -> str:
    """Word that a checkpoint is not one of its plan."""
    return (
        f"`{run}` has a checkpoint that does not fit its plan: `{name}` should have shape {shape}. "
        "Was it made by another version? Train it anew: the command that trained it, with --again."
    )


def together(states: Sequence[State]) -> State:
    """Put the states of runs side by side, in a leading axis; the state of one run stays as it is."""
    return jax.tree.map(lambda *leaves: np.stack(leaves), *states) if len(states) > 1 else states[0]


def pick(state: State, members: Sequence[int]) -> State:
    """Return the states of some runs side by side; of one run, its state."""
    index = members[0] if len(members) == 1 else np.asarray(members)
    return jax.tree.map(lambda leaf: np.asarray(np.asarray(leaf)[index]), state)
