"""Functions on the whole table of a binary operation on residues: diagonals, single frequencies, clusters of neurons.

A table is an array with the left operand first, then the right one. `sign` is 1 where the operation is a + b and −1
where it is a − b.
"""

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from groklab.measures.circuits.fourier import basis, frequency_of, per_frequency
from groklab.types import Scalar

Table = Float[Array, "p p classes"]
Keys = Bool[Array, "frequencies"]


def result(p: int, sign: int) -> Int[np.ndarray, "p p"]:
    """Return a + sign · b modulo p for every pair."""
    x = np.arange(p)
    return (x[:, None] + sign * x[None]) % p


def by_result(table: Table, sign: int) -> Float[Array, "p classes"]:
    """Return the mean over all pairs with the same result: the part of a table that depends on the result alone."""
    p = table.shape[0]
    a, s = np.arange(p)[None], np.arange(p)[:, None]
    return table[a, (sign * (s - a)) % p].mean(1)


def selected(keys: Keys, p: int) -> Float[Array, "p"]:
    """Return 1 for the rows of the basis that belong to one of the frequencies, else 0."""
    chosen = jnp.concatenate([jnp.zeros(1, bool), keys])[frequency_of(p)]
    return chosen.astype(jnp.float32)


def restricted(table: Table, keys: Keys, sign: int) -> Table:
    """Project every class onto the functions cos wₖ(a ± b) and sin wₖ(a ± b) of the chosen frequencies."""
    p = table.shape[0]
    rows = jnp.asarray(basis(p), table.dtype)
    spectrum = selected(keys, p).astype(table.dtype)[:, None] * (rows @ by_result(table, sign))
    return (rows.T @ spectrum)[result(p, sign)]


def cosines(table: Table, sign: int) -> Float[Array, "frequencies"]:
    """Return the coefficients αₖ of the least-squares fit Σ αₖ cos wₖ(a ± b − c) to a table with p classes c."""
    p = table.shape[0]
    s, d = np.arange(p)[None], np.arange(p)[:, None]
    by_distance = by_result(table, sign)[s, (s - d) % p].mean(1)
    k = np.arange(1, p // 2 + 1)
    waves = np.cos(2 * np.pi * k[:, None] * np.arange(p)[None] / p)
    waves = waves / np.square(waves).sum(1, keepdims=True)
    return jnp.asarray(waves, table.dtype) @ by_distance


def cosine_fit(table: Table, keys: Keys, sign: int) -> Table:
    """Return Σ αₖ cos wₖ(a ± b − c) over the chosen frequencies."""
    p = table.shape[0]
    amplitudes = jnp.where(keys, cosines(table, sign), 0)
    angles = 2 * np.pi * np.arange(1, p // 2 + 1)[:, None] * np.arange(p)[None] / p
    by_distance = amplitudes @ jnp.asarray(np.cos(angles), table.dtype)
    distance = (result(p, sign)[:, :, None] - np.arange(p)[None, None]) % p
    return by_distance[distance]


def variance_explained(values: Float[Array, "*shape"], fit: Float[Array, "*shape"]) -> Scalar:
    """Return 1 − Σ(f − fit)² / Σ(f − mean)²."""
    return 1 - jnp.square(values - fit).sum() / jnp.square(values - values.mean()).sum()


def neurons_explained(neurons: Float[Array, "p p neurons"]) -> Float[Array, "frequencies neurons"]:
    """Return the share of each neuron's variance in the eight products of 1, cos and sin of one frequency in a and b.

    Nanda et al. 2023, section 4.2; the frequency of the greatest share is the neuron's cluster. Of a neuron that
    always says the same no frequency explains anything.
    """
    p = neurons.shape[0]
    rows = jnp.asarray(basis(p), neurons.dtype)
    energies = jnp.square(jnp.einsum("ia,jb,abn->ijn", rows, rows, neurons - neurons.mean((0, 1), keepdims=True)))
    alone = per_frequency(energies[:, 0]) + per_frequency(energies[0])
    same = frequency_of(p)[:, None] == frequency_of(p)[None]
    both = per_frequency(jnp.where(same[:, :, None], energies, 0).sum(1))
    total = energies.sum((0, 1))[None]
    return jnp.where(total > 0, (alone + both) / total, 0)


def best_of_some(neurons: Float[Array, "p p neurons"]) -> Keys:
    """Return which frequencies explain more of at least one neuron than any other frequency does."""
    shares = neurons_explained(neurons)
    return jnp.zeros(shares.shape[0], bool).at[shares.argmax(0)].max(shares.max(0) > 0)


def of_one_frequency(
    neurons: Float[Array, "p p neurons"], frequency: Int[Array, "neurons"]
) -> Float[Array, "p p neurons"]:
    """Project each neuron onto the eight products of 1, cos and sin of its frequency in a and b, 1 · 1 left out."""
    p = neurons.shape[0]
    rows, own = jnp.asarray(basis(p), neurons.dtype), jnp.asarray(frequency_of(p))[:, None]
    is_own = (own == frequency[None]) | (own == 0)
    kept = (is_own[:, None] & is_own[None]).at[0, 0].set(False)
    spectrum = jnp.einsum("ia,jb,abn->ijn", rows, rows, neurons)
    return jnp.einsum("ia,jb,ijn->abn", rows, rows, jnp.where(kept, spectrum, 0))


def commutes(table: Table) -> Scalar:
    """Return the share of a table's variance that stays when the operands are exchanged and the mean is taken."""
    symmetric = (table + table.transpose(1, 0, 2)) / 2
    return variance_explained(table, symmetric)
