"""How far single frequencies explain neurons and attention (Nanda et al. 2023, sections 4.2 and 4.3)."""

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from groklab.measures.base import Observation
from groklab.measures.circuits import fourier, tables
from groklab.measures.circuits.base import (
    RULE,
    RULES,
    SIGNS,
    Circuit,
    key_frequencies,
    modulus,
    neurons_at_end,
    numbered,
    output_map,
)
from groklab.settings import setting
from groklab.types import Scalar

EXPLAINED = 0.85  # of a neuron's variance by one frequency: then it belongs to a cluster (Nanda et al. 2023, 4.2)


class Neurons(Circuit):
    """How far single frequencies explain the neurons of the last block, the way they are read, and the attention.

    `neurons_explained` is the share of neurons of whose variance one frequency explains more than 85 %.
    `directions_explained` looks at what the output map reads off the neurons along the cosine and the sine of each key
    frequency of the moment: the share of all its variance that cos w(a ± b) and sin w(a ± b) explain, each of its own
    direction. So a direction counts by what is read along it; `directions_explained.least` is the share of the single
    worst, which one weak frequency can decide. `attention_explained.h` and `attention_frequency.h` tell how far one
    frequency explains the score that head h gives the first operand; `attention_to_end.h` is the mean attention of the
    last position to itself.
    """

    of: str = setting("sum", "what the circuit computes of a and b", choices=tuple(SIGNS))
    keys_by: str = setting("norm", RULE, choices=RULES, is_later=True)

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        p = modulus(seen)
        _, cache = seen.inside()
        neurons = neurons_at_end(seen.weights, p, cache)
        best = tables.neurons_explained(neurons).max(0)
        is_key = key_frequencies(self.keys_by, seen.weights, p, seen.inside)
        return {
            "neurons_explained": (best > EXPLAINED).mean(dtype=best.dtype),
            "neurons_explained.mean": best.mean(),
            **self._directions(neurons, output_map(seen.weights, p), is_key),
            **_attention(cache, p),
        }

    def _directions(
        self, neurons: Float[Array, "p p neurons"], output: Float[Array, "p neurons"], is_key: tables.Keys
    ) -> dict[str, Scalar]:
        p = neurons.shape[0]
        rows = jnp.asarray(fourier.basis(p), neurons.dtype)
        read = jnp.einsum("abn,in->abi", neurons, rows @ output)  # what is read along each row of the basis
        wave = rows.T[tables.result(p, SIGNS[self.of])] / np.float32(p**0.5)  # of length 1 on the table
        explained = jnp.square((read * wave).sum((0, 1)))
        variance = jnp.square(read - read.mean((0, 1), keepdims=True)).sum((0, 1))
        counts = tables.selected(is_key, p) > 0
        return {
            "directions_explained": jnp.where(counts, explained, 0).sum() / jnp.where(counts, variance, 0).sum(),
            "directions_explained.least": jnp.where(counts, explained / variance, 1).min(),
        }


def _attention(cache: dict[str, Array], p: int) -> dict[str, Scalar]:
    scores = cache["blocks.0.attn.hook_attn_scores"][:, :, -1, 0]
    on_left = scores.reshape(p, p, -1).mean(1)  # where the query sees neither operand it is the same for all b
    shares = fourier.explained(on_left)
    to_end = cache["blocks.0.attn.hook_pattern"][:, :, -1, -1].mean(0)
    return {
        **numbered("attention_explained", shares.max(0), first=0),
        **numbered("attention_frequency", (shares.argmax(0) + 1).astype(shares.dtype), first=0),
        **numbered("attention_to_end", to_end, first=0),
    }
