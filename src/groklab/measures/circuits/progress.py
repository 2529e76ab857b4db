"""Progress measures: losses with parts of the logits taken out or left alone (Nanda et al. 2023, section 5.1)."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, PyTree

from groklab.errors import InvalidSetting
from groklab.measures.base import Inside, Observation
from groklab.measures.circuits import tables
from groklab.measures.circuits.base import RULE, RULES, SIGNS, Circuit, by_norm, key_frequencies, modulus, numbered
from groklab.measures.fit import average
from groklab.settings import setting
from groklab.types import Examples, Scalar


class Progress(Circuit):
    """Losses with parts of the logits taken out or left alone, on the training, validation and all examples.

    `full_loss` is that of all residues' logits, without the class of `=`. `restricted_loss` keeps the functions of
    a ± b at the key frequencies, and the mean of each class; `excluded_loss` takes these functions out; `trig_loss`
    keeps a fit of cos w(a ± b − c) alone. Key frequencies are `keys`; where none are given, those of the finished
    network by the rule of `keys_by` if it is measured afterwards, as in the paper, and those of the moment while a run
    is trained. Nanda et al. 2023, section 5.1; the projections use all pairs.
    """

    of: str = setting("sum", "what the circuit computes of a and b", choices=tuple(SIGNS))
    keys: tuple = setting(
        (), "key frequencies, from 1 to p/2; none: those that `keys_by` finds in the end, or at the moment in training"
    )
    keys_by: str = setting("norm", RULE, choices=RULES, is_later=True)
    each: bool = setting(False, "whether each frequency is also excluded alone")

    def check(self, examples: Examples, weights: PyTree[Any]) -> None:
        super().check(examples, weights)
        most = round(len(examples.inputs) ** 0.5) // 2
        for key in self.keys:
            if not isinstance(key, int) or not 1 <= key <= most:
                raise InvalidSetting(f"`keys` must be whole numbers from 1 to {most}, got {key!r}.")
        if len(set(self.keys)) < len(self.keys):
            twice = next(key for key in self.keys if self.keys.count(key) > 1)
            raise InvalidSetting(f"`keys` must be different frequencies, got {twice} twice. Leave one out.")

    def completed(self, examples: Examples, weights: PyTree[Any], inside: Inside) -> "Progress":
        if self.keys:
            return self
        p = round(len(examples.inputs) ** 0.5)
        return self.replace(keys=_named(key_frequencies(self.keys_by, weights, p, inside)))

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
            **numbered("cosine", tables.cosines(table, sign)),
            **(self._excluded_each(table, sign, seen) if self.each else {}),
        }

    def chosen(self, seen: Observation) -> Bool[Array, "frequencies"]:
        """Return which frequencies are key."""
        p = modulus(seen)
        if self.keys:
            return jnp.asarray(np.isin(np.arange(1, p // 2 + 1), self.keys))
        return key_frequencies(self.keys_by, seen.weights, p, seen.inside)

    def _excluded_each(self, table: tables.Table, sign: int, seen: Observation) -> dict[str, Scalar]:
        def without(key: Array) -> Scalar:
            left = table - tables.restricted(table, key, sign)
            return average(losses(left, seen), seen.is_training)

        return numbered("excluded_loss", jax.lax.map(without, jnp.eye(table.shape[0] // 2, dtype=bool)))


def keys_of(weights: PyTree[Any], p: int) -> tuple[int, ...]:
    """Return the frequencies that are key by the rule `norm`."""
    return _named(by_norm(jax.tree.map(jnp.asarray, weights), p))


def _named(is_key: Bool[Array, "frequencies"]) -> tuple[int, ...]:
    return tuple(int(at) + 1 for at in np.flatnonzero(is_key))


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
