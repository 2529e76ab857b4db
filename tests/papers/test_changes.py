"""The network built by hand loses exactly what a change takes from it; a network without a circuit notices all."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from groklab.models import Transformer
from groklab.models.transformer.by_hand import adder
from groklab.papers.nanda2023.changes import CHANGES, ONE, WHOLE, Known, linear_attention, losses_after_changes
from groklab.tasks import BinaryTable, Modular

P, KEYS, AMPLITUDE = 13, (2, 5), 3.0


def cosine_loss(frequencies):
    """Return the loss of logits that are the given waves of a + b − c."""
    distance = np.arange(P)
    logits = AMPLITUDE * sum(np.cos(2 * np.pi * k * distance / P) for k in frequencies)
    return np.log(np.exp(logits).sum()) - logits[0]


@pytest.fixture(scope="module")
def found():
    model, weights = adder(P, KEYS, amplitude=AMPLITUDE)
    examples = BinaryTable(Modular("addition", P), profile="nanda").examples(seed=0)
    return losses_after_changes(model, weights, examples, P, KEYS)


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (WHOLE, KEYS),
        ("neurons: cos and sin of w(a + b) alone", KEYS),
        ("neurons: what is read at key frequencies", KEYS),
        ("nothing past the feed-forward layer", KEYS),
        ("its mean past the feed-forward layer", KEYS),
        (f"{ONE} 2", (5,)),
        (f"{ONE} 5", (2,)),
    ],
)
def test_what_is_left_is_what_was_built(found, change, left):
    assert found[change] == pytest.approx(cosine_loss(left), abs=1e-4)


def test_without_what_is_read_nothing_is_known(found):
    assert found["neurons: all but that"] == pytest.approx(np.log(P), abs=1e-4)


def test_the_network_by_hand_needs_attention_but_not_its_past(found):
    assert found["no attention"] >= np.log(P) - 1e-4
    assert found["nothing past attention"] == pytest.approx(found[WHOLE], abs=1e-4)


RANDOM = Transformer(depth=1, width=8, heads=2, hidden=16, norm="none", positions="learned", initial="normal")


def test_a_network_without_a_circuit_notices_every_change():
    examples = BinaryTable(Modular("addition", P), profile="nanda").examples(seed=0)
    weights = RANDOM.initialize(examples.shape, key=jax.random.key(0))
    found = losses_after_changes(RANDOM, jax.tree.map(lambda leaf: 3 * leaf, weights), examples, P, KEYS)
    explained = "neurons: their fit by one frequency"  # here it explains none
    assert found[explained] == pytest.approx(found[WHOLE], abs=1e-5)
    for change in set(CHANGES) - {explained}:
        assert abs(found[change] - found[WHOLE]) > 1e-3, change


def test_linear_attention_is_the_tangent_of_the_softmax_at_equal_scores():
    scores = jnp.zeros((1, 1, 3, 3)).at[0, 0, 2, :2].set(jnp.array([0.02, -0.02]))
    known = Known({"blocks.0.attn.hook_attn_scores": scores}, jnp.zeros((P, 4)), jnp.zeros(6, bool))
    pattern = jnp.full((1, 1, 3, 3), 9.0)
    row = linear_attention(known)("blocks.0.attn.hook_pattern", pattern)[0, 0, 2]
    np.testing.assert_allclose(row, [*jax.nn.softmax(scores[0, 0, 2, :2]), 0], atol=1e-5)
