"""Places in trees of arrays, as dotted names."""

import jax


def dotted(path: tuple[object, ...]) -> str:
    """Write a path in a pytree as dotted names."""
    return jax.tree_util.keystr(path, simple=True, separator=".")
