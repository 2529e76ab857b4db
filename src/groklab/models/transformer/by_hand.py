"""A network that adds modulo p, built by hand: the algorithm of Nanda et al. 2023, section 3.1, without training.

Tokens are embedded as cos wₖa and sin wₖa; two heads fetch a and b; squares multiply, (x + y)² − (x − y)² = 4xy; and
the head reads cos wₖ(a + b − c) off the products, exactly.
"""

from collections.abc import Sequence

import jax.numpy as jnp
import numpy as np

from groklab.models.transformer.settings import Transformer
from groklab.models.transformer.weights import Block, Weights

FAR = 200.0  # a score so far above 0 that float32 attends to nothing else
TOKENS = 3  # a, b and =


def adder(p: int, frequencies: Sequence[int], *, amplitude: float = 10.0, sign: int = 1) -> tuple[Transformer, Weights]:
    """Return a transformer that reads `a b =` (profile nanda) and its weights.

    Its logits are amplitude · Σₖ cos wₖ(a + sign · b − c) for c < p, and 0 for `=`.
    """
    count = len(frequencies)
    each = 2 * count  # numbers that describe a token: cosine and sine of each frequency
    angles = 2 * np.pi * np.outer(np.arange(p), frequencies) / p
    token = np.concatenate([np.cos(angles), np.sin(angles)], axis=1)
    # The residual stream: the token, what each head fetched, the sums, and a flag for each position.
    at_token, at_left, at_right, at_sum = (slice(i * each, (i + 1) * each) for i in range(4))
    width = 4 * each + TOKENS
    embedding, head = np.zeros((p + 1, width)), np.zeros((width, p + 1))
    embedding[:p, at_token], head[at_sum, :p] = token, amplitude * token.T
    positions = np.eye(TOKENS, width, 4 * each)
    up, down = np.zeros((width, 8 * count)), np.zeros((8 * count, width))
    up[at_left], up[at_right], down[:, at_sum] = _multiply(count, sign)
    query, key, value, output = _fetch(each, width, at_token, (at_left, at_right))
    matrices = (jnp.asarray(matrix, jnp.float32) for matrix in (query, key, value, output, up, down))
    block = Block(*matrices, attention_norm=None, mlp_norm=None, bias=None, smear=None)
    model = Transformer(
        depth=1,
        width=width,
        heads=2,
        head_width=each,
        hidden=8 * count,
        norm="none",
        positions="learned",
        activation="quadratic",
    )
    first, last = jnp.asarray(embedding, jnp.float32), jnp.asarray(head, jnp.float32)
    return model, Weights(first, jnp.asarray(positions, jnp.float32), (block,), None, last, None)


def _fetch(each: int, width: int, source: slice, targets: Sequence[slice]) -> tuple[np.ndarray, ...]:
    """Return the attention matrices: head 0 brings the first token's numbers to `=`, head 1 the second's."""
    query, key, value = (np.zeros((width, 2 * each)) for _ in range(3))
    output = np.zeros((2 * each, width))
    for head, target in enumerate(targets):
        own = slice(head * each, (head + 1) * each)
        query[-1, head * each] = FAR * each**0.5
        key[width - TOKENS + head, head * each] = 1
        value[source, own], output[own, target] = np.eye(each), np.eye(each)
    return query, key, value, output


def _multiply(count: int, sign: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what the neurons read of a and of b, and what they write: cosine and sine of a + sign · b."""
    eye, none = np.eye(count), np.zeros((count, count))
    cosine, sine = np.concatenate([eye, none]), np.concatenate([none, eye])
    pairs = ((cosine, cosine), (sine, sine), (sine, cosine), (cosine, sine))
    left = np.concatenate([part for x, _ in pairs for part in (x, x)], axis=1)
    right = np.concatenate([part for _, y in pairs for part in (y, -y)], axis=1)
    to = (cosine.T, -sign * cosine.T, sine.T, sign * sine.T)  # of each product
    written = np.concatenate([part for rows in to for part in (rows / 4, -rows / 4)])
    return left, right, written
