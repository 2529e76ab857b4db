"""By which circuit a network computes on residues: spectra, progress measures, neurons (Nanda et al. 2023)."""

import abc
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, PyTree

from groklab.errors import InvalidSetting
from groklab.measures import fourier, tables
from groklab.measures.base import Measure, Observation
from groklab.measures.fit import average
from groklab.settings import setting
from groklab.types import Examples, Scalar

OPERANDS = 2
EXPLAINED = 0.85  # of a neuron's variance by one frequency: then it belongs to a cluster (Nanda et al. 2023, 4.2)
SIGNS = {"sum": 1, "difference": -1}


class Circuit(Measure):
    """What the measures of this module share: they need all pairs of residues, and one answer for each."""

    @abc.abstractmethod
    def __call__(self, seen: Observation) -> dict[str, Scalar]: ...

    def check(self, examples: Examples, weights: PyTree[Any]) -> None:
        name = type(self).__name__
        p = round(len(examples.inputs) ** 0.5)
        columns = [column for column in examples.inputs.T if len(np.unique(column)) > 1]
        pairs = np.stack(np.divmod(np.arange(p * p), max(p, 1)))
        if len(columns) != OPERANDS or not np.array_equal(columns, pairs) or len(examples.shape.scored) != 1:
            raise InvalidSetting(
                f"`{name}` measures networks that see all pairs of residues modulo p and give one answer. "
                "Try addition or subtraction with profile paper or nanda."
            )
        if getattr(weights, "blocks", None) is None or weights.blocks[-1].down is None or weights.head is None:
            raise InvalidSetting(
                f"`{name}` needs a transformer with a feed-forward layer and a head of its own. "
                "Use model=transformer feed_forward=true tied=false."
            )


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
            **_numbered("embedding_norm", fourier.frequency_norms(embedding)),
            **_numbered("output_norm", norms),
            "gini.embedding": fourier.gini(fourier.component_norms(embedding)),
            "gini.output": fourier.gini(fourier.component_norms(output)),
            "key_frequencies": keys.astype(norms.dtype),
            "output_energy": jnp.where(leading, energies, 0).sum() / energies.sum(),
        }


class Progress(Circuit):
    """Losses with parts of the logits taken out or left alone, on the training, validation and all examples.

    `full_loss` is that of all residues' logits, without the class of `=`. `restricted_loss` keeps the functions of
    a ± b at the key frequencies, and the mean of each class; `excluded_loss` takes these functions out; `trig_loss`
    keeps a fit of cos w(a ± b − c) alone. Key frequencies are `keys`, or else those that stand out at the moment.
    Nanda et al. 2023, section 5.1; the projections use all pairs.
    """

    of: str = setting("sum", "what the circuit computes of a and b", choices=tuple(SIGNS))
    keys: tuple = setting((), "key frequencies, from 1 to p/2; none: those that stand out at the moment")
    each: bool = setting(False, "whether each frequency is also excluded alone")

    def check(self, examples: Examples, weights: PyTree[Any]) -> None:
        super().check(examples, weights)
        most = round(len(examples.inputs) ** 0.5) // 2
        for key in self.keys:
            if not isinstance(key, int) or not 1 <= key <= most:
                raise InvalidSetting(f"`keys` must be whole numbers from 1 to {most}, got {key}.")

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        p, sign = modulus(seen), SIGNS[self.of]
        table = logits_of(seen, p)
        keys = self.chosen(seen)
        kept = tables.restricted(table, keys, sign)
        fit = tables.cosine_fit(table, keys, sign)
        centered = table - table.mean(2, keepdims=True)
        return {
            **_on_parts("full_loss", table, seen),
            **_on_parts("restricted_loss", kept + table.mean((0, 1), keepdims=True), seen),
            **_on_parts("excluded_loss", table - kept, seen),
            **_on_parts("trig_loss", fit, seen),
            "logits_explained": tables.variance_explained(centered, fit),
            "commutes": tables.commutes(centered),
            **_numbered("cosine", tables.cosines(table, sign)),
            **(self._excluded_each(table, sign, seen) if self.each else {}),
        }

    def chosen(self, seen: Observation) -> Bool[Array, "frequencies"]:
        """Return which frequencies are key."""
        p = modulus(seen)
        if self.keys:
            return jnp.asarray(np.isin(np.arange(1, p // 2 + 1), self.keys))
        return fourier.key_frequencies(fourier.frequency_norms(output_map(seen.weights, p)))

    def _excluded_each(self, table: tables.Table, sign: int, seen: Observation) -> dict[str, Scalar]:
        def without(key: Array) -> Scalar:
            left = table - tables.restricted(table, key, sign)
            return average(losses(left, seen), seen.is_training)

        return _numbered("excluded_loss", jax.lax.map(without, jnp.eye(table.shape[0] // 2, dtype=bool)))


class Neurons(Circuit):
    """How far single frequencies explain the neurons of the last block, the way they are read, and the attention.

    `neurons_explained` is the share of neurons of whose variance one frequency explains more than 85 %;
    `directions_explained` the least share, over the key frequencies, of the variance of what the output map reads off
    the neurons that cos w(a ± b) or sin w(a ± b) explains; `attention_explained.h` and `attention_frequency.h`
    tell how far one frequency explains the score that head h gives the first operand; `attention_to_end.h` is the mean
    attention of the last position to itself.
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


def modulus(seen: Observation) -> int:
    """Return p, of the p² examples that a circuit's measures see."""
    return round(seen.losses.shape[0] ** 0.5)


def output_map(weights: PyTree[Array], p: int) -> Float[Array, "p neurons"]:
    """Return the matrix from the last block's neurons to the logits of the residues."""
    return (weights.blocks[-1].down @ weights.head[:, :p]).T


def logits_of(seen: Observation, p: int) -> Float[Array, "p p p"]:
    """Return the logits of all residues for all pairs, in the dtype of the loss."""
    logits, _ = seen.inside()
    return logits[:, 0, :p].reshape(p, p, p).astype(seen.losses.dtype)


def losses(table: tables.Table, seen: Observation) -> Float[Array, "examples"]:
    """Return the cross-entropy of every pair, in nats, for the logits of a table."""
    flat = table.reshape(-1, table.shape[2])
    scores = jax.nn.log_softmax(flat)
    return -jnp.take_along_axis(scores, seen.targets, axis=1)[:, 0]


def _on_parts(name: str, table: tables.Table, seen: Observation) -> dict[str, Scalar]:
    each = losses(table, seen)
    known = seen.is_training | seen.is_validation
    among = {"train": seen.is_training, "validation": seen.is_validation, "all": known}
    return {f"{name}.{part}": average(each, rows) for part, rows in among.items()}


def _attention(cache: dict[str, Array], p: int) -> dict[str, Scalar]:
    scores = cache["blocks.0.attn.hook_attn_scores"][:, :, -1, 0]
    on_left = scores.reshape(p, p, -1).mean(1)  # where the query sees neither operand it is the same for all b
    shares = fourier.explained(on_left)
    to_end = cache["blocks.0.attn.hook_pattern"][:, :, -1, -1].mean(0)
    return {
        **_numbered("attention_explained", shares.max(0), first=0),
        **_numbered("attention_frequency", (shares.argmax(0) + 1).astype(shares.dtype), first=0),
        **_numbered("attention_to_end", to_end, first=0),
    }


def _numbered(name: str, values: Float[Array, "n"], first: int = 1) -> dict[str, Scalar]:
    return {f"{name}.{at + first}": value for at, value in enumerate(values)}
