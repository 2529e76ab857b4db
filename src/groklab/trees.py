"""Trees of arrays: places in them as dotted names, and all their numbers in a row."""

from typing import Any

import jax
import jax.numpy as jnp
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, Float, PyTree

from groklab.errors import InvalidSetting


def dotted(path: tuple[object, ...]) -> str:
    """Write a path in a pytree as dotted names."""
    return jax.tree_util.keystr(path, simple=True, separator=".")


def in_a_row(tree: PyTree[Array]) -> Float[Array, "numbers"]:
    """Return all numbers of a tree, in the order of its arrays."""
    return ravel_pytree(tree)[0]


def norm(tree: PyTree[Array]) -> Float[Array, ""]:
    """Return √Σw² over all arrays of a tree."""
    return jnp.sqrt(sum(jnp.square(leaf).sum() for leaf in jax.tree.leaves(tree)))


def head_in(weights: Any, outputs: int) -> str:
    """Return the dotted name of the matrix that gives a network's outputs; raise `InvalidSetting` where there is none.

    It is called `head`, or else is the last with a column for each output.
    """
    leaves = {dotted(path): leaf for path, leaf in jax.tree_util.tree_leaves_with_path(weights)}
    matrices = [name for name, leaf in leaves.items() if leaf.ndim == 2 and leaf.shape[1] == outputs]
    is_tied = "head" not in leaves and any(name.startswith("blocks.") for name in leaves)
    if not matrices or is_tied:
        raise InvalidSetting(f"`model` must have a matrix with {outputs} columns for its outputs, got none. Untie it.")
    return "head" if "head" in matrices else matrices[-1]


def head_of(weights: PyTree[Array], outputs: int) -> Float[Array, "inputs outputs"]:
    """Return the matrix that gives a network's outputs."""
    name = head_in(weights, outputs)
    (found,) = (leaf for path, leaf in jax.tree_util.tree_leaves_with_path(weights) if dotted(path) == name)
    return found
