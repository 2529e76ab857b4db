"""How far single frequencies explain neurons and attention (Nanda et al. 2023, sections 4.2 and 4.3)."""

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from groklab.measures import fourier, tables
from groklab.measures.base import Observation
from groklab.measures.circuit import SIGNS, Circuit, modulus, numbered, output_map
from groklab.settings import setting
from groklab.types import Scalar

EXPLAINED = 0.85  # of a neuron's variance by one frequency: then it belongs to a cluster (Nanda et al. 2023, 4.2)


class Neurons(Circuit):
    """How far single frequencies explain the neurons of the last block, the way they are read, and the attention.

    `neurons_explained` is the share of neurons of whose variance one frequency explains more than 85 %;
    `directions_explained` the least share, over the key frequencies of the moment, of the variance of what the output
    map reads off the neurons that cos w(a ± b) or sin w(a ± b) explains; `attention_explained.h` and
    `attention_frequency.h` tell how far one frequency explains the score that head h gives the first operand;
    `attention_to_end.h` is the mean attention of the last position to itself.
    """

    of: str = setting("sum", "what the circuit computes of a and b", choices=tuple(SIGNS))

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        p = modulus(seen)
        _, cache = seen.inside()
        block = len(seen.weights.blocks) - 1
        neurons = cache[f"blocks.{block}.mlp.hook_post"][:, -1].reshape(p, p, -1)
        best = tables.neurons_explained(neurons).max(0)
        return {
            "neurons_explained": (best > EXPLAINED).mean(dtype=best.dtype),
            "neurons_explained.mean": best.mean(),
            "directions_explained": self._directions(neurons, output_map(seen.weights, p)),
            **_attention(cache, p),
        }

    def _directions(self, neurons: Float[Array, "p p neurons"], output: Float[Array, "p neurons"]) -> Scalar:
        p = neurons.shape[0]
        rows = jnp.asarray(fourier.basis(p), neurons.dtype)
        read = jnp.einsum("abn,in->abi", neurons, rows @ output)  # what is read along each row of the basis
        wave = rows.T[tables.result(p, SIGNS[self.of])] / np.float32(p**0.5)  # of length 1 on the table
        energy = jnp.square((read * wave).sum((0, 1)))
        shares = energy / jnp.square(read - read.mean((0, 1), keepdims=True)).sum((0, 1))
        keys = fourier.key_frequencies(fourier.frequency_norms(output))
        return jnp.where(tables.selected(keys, p) > 0, shares, 1).min()


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
