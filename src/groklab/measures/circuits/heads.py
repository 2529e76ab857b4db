"""What each attention head does on repeated random tokens (Olsson et al. 2022, head activation evaluators)."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, PyTree

from groklab.errors import InvalidSetting
from groklab.measures.base import Measure, Observation
from groklab.settings import setting
from groklab.types import Examples, Scalar

MOST, REPEATS = 25, 4  # tokens of the repeated sequence, and how often it comes


class Heads(Measure):
    """Scores of every head on sequences of random tokens that repeat after a start token.

    `prefix_matching.l.h`: attention to what followed earlier occurrences of the present token. `previous_token.l.h`:
    attention to the token before. `copying.l.h`: how far the head raises the logit of the token it attends to most,
    against all tokens of the sequence; −1 to 1. The first and the last are averaged from the second repeat on: before
    there is nothing to match and nothing to copy.
    """

    sequences: int = setting(10, "random sequences to average over", at_least=1)
    seed: int = setting(0, "seed of the random tokens", at_least=0)

    def check(self, examples: Examples, weights: PyTree[Any]) -> None:
        if getattr(weights, "blocks", None) is None or weights.head is None:
            raise InvalidSetting(
                "`Heads` needs a transformer with a head of its own. Use model=transformer tied=false."
            )
        length, vocabulary, _ = examples.shape.tokens
        classes = examples.shape.classes
        if _period(length) < 2 or classes != vocabulary or vocabulary <= _period(length):
            raise InvalidSetting(
                f"`Heads` needs sequences of at least {2 * REPEATS + 1} tokens whose next token is answered, got"
                f" {length} tokens and {classes} classes for a vocabulary of {vocabulary}. Try the task repeats."
            )

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        length, vocabulary, _ = seen.shape.tokens
        period = _period(length)
        tokens = probe(self.sequences, period, length, vocabulary, seed=self.seed)
        _, cache = seen.inside(tokens)
        found: dict[str, Scalar] = {}
        for layer, block in enumerate(seen.weights.blocks):
            place = f"blocks.{layer}.attn."
            pattern, mixed = cache[place + "hook_pattern"], cache[place + "hook_z"]
            repeating = slice(period + 1, None)
            scores = {
                "prefix_matching": prefix_matching(pattern, period),
                "previous_token": previous_token(pattern),
                "copying": copying(
                    pattern[:, :, repeating], mixed[:, repeating], block.output, seen.weights.head, tokens
                ),
            }
            found |= {
                f"{name}.{layer}.{head}": score for name, each in scores.items() for head, score in enumerate(each)
            }
        return found


def _period(inputs: int) -> int:
    return min(MOST, (inputs - 1) // REPEATS)


def probe(count: int, period: int, length: int, vocabulary: int, *, seed: int) -> Int[Array, "count length"]:
    """Return sequences of token 0 and then `period` distinct random tokens, over and over."""
    random = np.random.default_rng(seed)
    rows = np.stack([random.permutation(np.arange(1, vocabulary))[:period] for _ in range(count)])
    repeated = np.tile(rows, (1, -(-length // period)))[:, : length - 1]
    return jnp.asarray(np.concatenate([np.zeros((count, 1)), repeated], axis=1), jnp.int32)


def prefix_matching(pattern: Float[Array, "batch heads query key"], period: int) -> Float[Array, "heads"]:
    """Return the mean attention to the tokens that followed earlier occurrences of the present one."""
    query, key = np.indices(pattern.shape[2:])
    distance = query + 1 - key
    follows = (distance > 0) & (distance % period == 0) & (key > 1)
    counted = np.arange(pattern.shape[2]) > period
    return jnp.where(follows[None, None], pattern, 0).sum(-1)[:, :, counted].mean((0, 2))


def previous_token(pattern: Float[Array, "batch heads query key"]) -> Float[Array, "heads"]:
    """Return the mean attention to the token before."""
    return jnp.diagonal(pattern, offset=-1, axis1=2, axis2=3).mean((0, 2))


def copying(
    pattern: Float[Array, "batch heads query key"],
    mixed: Float[Array, "batch query heads each"],
    output: Float[Array, "inner width"],
    head: Float[Array, "width classes"],
    tokens: Int[Array, "batch key"],
) -> Float[Array, "heads"]:
    """Return 4 r − 1, where r is the mean of a / (a + all).

    a is how far a head's own output raises the logit of the token it attends to most above the mean of all logits, and
    all is the same summed over the distinct tokens of the sequence. A head that raises nothing at a place counts as 0
    there.
    """
    heads, each = mixed.shape[2:]
    logits = jnp.einsum("bqhe,hew,wc->bqhc", mixed, output.reshape(heads, each, -1), head)
    raised = jax.nn.relu(logits - logits.mean(-1, keepdims=True))
    occurs = jax.nn.one_hot(tokens, head.shape[1], dtype=raised.dtype).max(1)
    total = (raised * occurs[:, None, None]).sum(-1)
    attended = jnp.take_along_axis(tokens[:, None], pattern.argmax(-1).astype(tokens.dtype), axis=2)
    own = jnp.take_along_axis(raised, attended.transpose(0, 2, 1)[..., None], axis=-1)[..., 0]
    ratio = own / jnp.maximum(own + total, jnp.finfo(own.dtype).tiny)
    return 4 * ratio.mean((0, 1)) - 1


def copying_eigenvalues(
    embedding: np.ndarray, value: np.ndarray, output: np.ndarray, head: np.ndarray, heads: int
) -> Float[np.ndarray, "heads"]:
    """Return Σλ / Σ|λ| of every head's map from tokens to logits, W_E W_V W_O W_U: 1 if all eigenvalues are positive.

    Computed from the product turned round, which has the same non-zero eigenvalues and is as small as a head. NaN where
    weights are not finite.
    """
    width = value.shape[1] // heads
    scores = []
    for at in range(heads):
        own = slice(at * width, (at + 1) * width)
        turned = output[own] @ head @ embedding @ value[:, own]
        eigenvalues = np.linalg.eigvals(turned) if np.isfinite(turned).all() else np.array([np.nan])
        scores.append(eigenvalues.sum().real / np.abs(eigenvalues).sum())
    return np.array(scores)
