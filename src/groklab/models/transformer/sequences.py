"""Find what the token sequences of a task share, so that nothing is computed twice.

A table task `a ∘ b =` has p² sequences but only p distinct prefixes `a ∘`, and only a few distinct tokens at each
position. Under a causal mask a prefix's activations depend on the prefix alone.
"""

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Int

from groklab.models.base import ModelInputs
from groklab.types import Shape

LONGEST = 8  # of sequences whose positions are worth handling one by one
SHARED_AT_LEAST = 4  # a prefix is worth a table of its own from four examples to a prefix on


class Shared(NamedTuple):
    """What all examples share: the distinct tokens of every position, and the distinct prefixes."""

    tokens: tuple[Int[Array, "distinct"], ...]
    prefix_rows: tuple[Int[Array, "prefixes"] | None, ...]  # where each prefix finds its token; None: row by row


class Own(NamedTuple):
    """What is each example's own: its prefix, and where it finds the tokens of the positions after it."""

    prefix: Int[Array, "examples"]
    rows: tuple[Int[Array, "examples"] | None, ...]  # None: a token that is the same in all examples


def arrange(inputs: Int[np.ndarray, "examples inputs"], shape: Shape) -> ModelInputs:
    """Split every sequence into a shared prefix and a suffix of its own; leave long ones whole."""
    if shape.tokens.length > LONGEST:
        return whole(jnp.asarray(inputs, jnp.int32))
    length = prefix_length(inputs, min(shape.tokens.scored))
    prefixes, prefix = np.unique(inputs[:, :length], axis=0, return_inverse=True)
    tokens, prefix_rows, rows = [], [], []
    for position in range(shape.tokens.length):
        column = prefixes[:, position] if position < length else inputs[:, position]
        distinct, index = np.unique(column, return_inverse=True)
        if position < length and len(distinct) == len(prefixes):
            distinct, index = column, None
        index = None if len(distinct) == 1 or index is None else jnp.asarray(index, jnp.int32)
        tokens.append(jnp.asarray(distinct, jnp.int32))
        (prefix_rows if position < length else rows).append(index)
    own = Own(jnp.asarray(prefix.reshape(-1), jnp.int32), tuple(rows))
    return ModelInputs(own, Shared(tuple(tokens), tuple(prefix_rows)))


def whole(tokens: Int[Array, "examples inputs"]) -> ModelInputs:
    """Return sequences of which nothing is known to be shared."""
    return ModelInputs(tokens, None)


def prefix_length(inputs: Int[np.ndarray, "examples inputs"], scored: int) -> int:
    """Return the longest prefix that does not reach the first scored position and that enough examples share."""
    for length in range(scored, 0, -1):
        if len(np.unique(inputs[:, :length], axis=0)) * SHARED_AT_LEAST <= len(inputs):
            return length
    return 0


def tokens_of(batch: ModelInputs) -> Int[Array, "batch inputs"]:
    """Return the plain token sequences of a batch."""
    if batch.shared is None:
        return batch.examples
    shared, own = batch.shared, batch.examples
    size = own.prefix.shape[0]
    prefix_columns = [
        tokens[own.prefix if rows is None else rows[own.prefix]] if tokens.shape[0] > 1 else jnp.tile(tokens, size)
        for tokens, rows in zip(shared.tokens, shared.prefix_rows, strict=False)
    ]
    suffix_columns = [
        jnp.tile(tokens, size) if rows is None else tokens[rows]
        for tokens, rows in zip(shared.tokens[len(shared.prefix_rows) :], own.rows, strict=True)
    ]
    return jnp.stack(prefix_columns + suffix_columns, axis=1)
