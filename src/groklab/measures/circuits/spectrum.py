"""Which frequencies the embedding and the map to the logits are made of (Nanda et al. 2023, section 4.1)."""

import jax.numpy as jnp

from groklab.measures.base import Observation
from groklab.measures.circuits import fourier
from groklab.measures.circuits.base import RULE, RULES, Circuit, key_frequencies, modulus, numbered, output_map
from groklab.settings import setting
from groklab.types import Scalar


class Spectrum(Circuit):
    """Norm of every frequency in the embedding and in the map from neurons to logits, and how few carry them.

    `gini.…` is over all p components. `is_key.k` is 1 where frequency k is key, by the rule of `keys_by`;
    `key_frequencies` counts these; `output_energy` is the share of the output map's squared singular values in the
    first two for each of them.
    """

    keys_by: str = setting("norm", RULE, choices=RULES, is_later=True)

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        p = modulus(seen)
        embedding, output = seen.weights.embedding[:p], output_map(seen.weights, p)
        norms = fourier.frequency_norms(output)
        is_key = key_frequencies(self.keys_by, seen.weights, p, seen.inside).astype(norms.dtype)
        energies = jnp.square(jnp.linalg.svd(output, compute_uv=False))
        leading = jnp.arange(energies.shape[0]).astype(norms.dtype) < 2 * is_key.sum()
        return {
            **numbered("embedding_norm", fourier.frequency_norms(embedding)),
            **numbered("output_norm", norms),
            **numbered("is_key", is_key),
            "gini.embedding": fourier.gini(fourier.component_norms(embedding)),
            "gini.output": fourier.gini(fourier.component_norms(output)),
            "key_frequencies": is_key.sum(),
            "output_energy": jnp.where(leading, energies, 0).sum() / energies.sum(),
        }
