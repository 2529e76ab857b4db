"""Which frequencies the embedding and the map to the logits are made of (Nanda et al. 2023, section 4.1)."""

import jax.numpy as jnp

from groklab.measures import fourier
from groklab.measures.base import Observation
from groklab.measures.circuit import Circuit, modulus, numbered, output_map
from groklab.types import Scalar


class Spectrum(Circuit):
    """Norm of every frequency in the embedding and in the map from neurons to logits, and how few carry them.

    `gini.…` is over all p components; `key_frequencies` counts those above a quarter of the greatest norm of the
    output map; `output_energy` is the share of its squared singular values in the first two for each of these.
    """

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        p = modulus(seen)
        embedding, output = seen.weights.embedding[:p], output_map(seen.weights, p)
        norms = fourier.frequency_norms(output)
        keys = fourier.key_frequencies(norms).sum()
        energies = jnp.square(jnp.linalg.svd(output, compute_uv=False))
        leading = jnp.arange(energies.shape[0]) < 2 * keys
        return {
            **numbered("embedding_norm", fourier.frequency_norms(embedding)),
            **numbered("output_norm", norms),
            "gini.embedding": fourier.gini(fourier.component_norms(embedding)),
            "gini.output": fourier.gini(fourier.component_norms(output)),
            "key_frequencies": keys.astype(norms.dtype),
            "output_energy": jnp.where(leading, energies, 0).sum() / energies.sum(),
        }
