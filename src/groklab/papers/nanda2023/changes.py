"""Changes to a finished network, activation by activation, and what is left of it (section 4.4)."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int
from scipy.special import log_softmax

from groklab.measures.circuits import fourier, tables
from groklab.measures.circuits.base import output_map
from groklab.measures.circuits.neurons import EXPLAINED
from groklab.models.transformer import Transformer
from groklab.models.transformer.plain import Hook
from groklab.models.transformer.weights import Weights
from groklab.types import Examples

Cache = Mapping[str, Array]
NEURONS, SCORES, PATTERN = "blocks.0.mlp.hook_post", "blocks.0.attn.hook_attn_scores", "blocks.0.attn.hook_pattern"
ATTENDED, MIXED = "blocks.0.hook_attn_out", "blocks.0.hook_mlp_out"
MIDDLE, END = "blocks.0.hook_resid_mid", "blocks.0.hook_resid_post"
WHOLE = "the whole network"
ONE = "neurons: all but key frequency"


class Known(NamedTuple):
    """What a change may need to know of the network that it changes."""

    cache: Cache
    output: Float[Array, "p neurons"]  # from neurons to logits
    keys: Bool[Array, "frequencies"]

    @property
    def p(self) -> int:
        """The modulus."""
        return self.output.shape[0]

    @property
    def neurons(self) -> Float[Array, "p p neurons"]:
        """What the neurons say at the last position, for every pair."""
        return self.cache[NEURONS][:, -1].reshape(self.p, self.p, -1)

    @property
    def means(self) -> Float[Array, "1 1 neurons"]:
        """What each neuron says on average."""
        return self.neurons.mean((0, 1), keepdims=True)

    @property
    def read(self) -> Float[Array, "neurons directions"]:
        """An orthonormal basis of what the output map reads at the key frequencies."""
        rows = jnp.asarray(fourier.basis(self.p), jnp.float32)[np.asarray(tables.selected(self.keys, self.p)) > 0]
        return jnp.linalg.qr((rows @ self.output).T)[0]


def replace(name: str, change: Callable[[Array], Array]) -> Hook:
    """Return a hook that changes one activation."""
    return lambda seen, value: change(value) if seen == name else value


def of_neurons(table: Float[Array, "p p neurons"]) -> Hook:
    """Return a hook that puts a table in the place of the neurons at the last position."""
    rows = table.reshape(-1, table.shape[2])
    return replace(NEURONS, lambda value: value.at[:, -1].set(rows.astype(value.dtype)))


def sums_only(known: Known) -> Hook:
    """Leave the neurons their means and the functions of a + b at the key frequencies."""
    return of_neurons(known.means + tables.restricted(known.neurons, known.keys, 1))


def without_frequency(k: int) -> Callable[[Known], Hook]:
    """Take the functions of a + b at one frequency out of the neurons."""

    def change(known: Known) -> Hook:
        alone = jnp.arange(1, known.p // 2 + 1) == k
        return of_neurons(known.neurons - tables.restricted(known.neurons, alone, 1))

    return change


def fitted_neurons(known: Known) -> Hook:
    """Replace each neuron of which one frequency explains more than 85 % by its part in that frequency."""
    shares = tables.neurons_explained(known.neurons)
    alone = tables.of_one_frequency(known.neurons, shares.argmax(0) + 1)
    is_explained = shares.max(0) > EXPLAINED
    return of_neurons(jnp.where(is_explained[None, None], known.means + alone, known.neurons))


def read_only(known: Known) -> Hook:
    """Project the neurons onto what the output map reads at the key frequencies."""
    return of_neurons(known.neurons @ known.read @ known.read.T)


def unread_only(known: Known) -> Hook:
    """Take what the output map reads at the key frequencies out of the neurons."""
    return of_neurons(known.neurons - known.neurons @ known.read @ known.read.T)


def without_skip(known: Known) -> Hook:
    """Let the logits see the feed-forward layer alone."""
    return replace(END, lambda _: known.cache[MIXED])


def with_mean_skip(known: Known) -> Hook:
    """Let what goes past the feed-forward layer be the same for all pairs."""
    return replace(END, lambda _: known.cache[MIXED] + known.cache[MIDDLE].mean(0, keepdims=True))


def without_attention(_: Known) -> Hook:
    """Let attention add nothing."""
    return replace(ATTENDED, jnp.zeros_like)


def without_skip_of_attention(known: Known) -> Hook:
    """Let nothing go past attention."""
    return replace(MIDDLE, lambda _: known.cache[ATTENDED])


def linear_attention(known: Known) -> Hook:
    """Replace the softmax of both operands' scores, a sigmoid of their difference, by its tangent at 0."""
    scores = known.cache[SCORES][:, :, -1]
    lean = (scores[..., 0] - scores[..., 1]) / 4
    row = jnp.stack([0.5 + lean, 0.5 - lean, jnp.zeros_like(lean)], axis=-1)
    return replace(PATTERN, lambda value: value.at[:, :, -1].set(row))


CHANGES: Mapping[str, Callable[[Known], Hook]] = {
    "neurons: their fit by one frequency": fitted_neurons,
    "neurons: cos and sin of w(a + b) alone": sums_only,
    "neurons: what is read at key frequencies": read_only,
    "neurons: all but that": unread_only,
    "nothing past the feed-forward layer": without_skip,
    "its mean past the feed-forward layer": with_mean_skip,
    "linear attention": linear_attention,
    "no attention": without_attention,
    "nothing past attention": without_skip_of_attention,
}


def losses_after_changes(
    model: Transformer, weights: Weights, examples: Examples, p: int, keys: Sequence[int]
) -> dict[str, float]:
    """Return the loss on all pairs in nats, of a network of one block and of it after every change, by name."""
    tokens, cache = jnp.asarray(examples.inputs, jnp.int32), {}
    logits = model.plain_logits(weights, tokens, examples.shape, hook=lambda name, value: cache.setdefault(name, value))
    known = Known(cache, output_map(weights, p), jnp.asarray(np.isin(np.arange(1, p // 2 + 1), keys)))
    found = {WHOLE: loss(logits, examples.targets, p)}
    for name, change in {**CHANGES, **{f"{ONE} {key}": without_frequency(key) for key in keys}}.items():
        changed = model.plain_logits(weights, tokens, examples.shape, hook=change(known))
        found[name] = loss(changed, examples.targets, p)
    return found


def loss(logits: Float[Array, "pairs 1 classes"], targets: Int[np.ndarray, "pairs 1"], p: int) -> float:
    """Return the mean cross-entropy in nats among the residues, in float64."""
    scores = log_softmax(np.asarray(logits, np.float64)[:, 0, :p], axis=1)
    return float(-np.take_along_axis(scores, targets, axis=1).mean())
