"""The network built by hand loses exactly what a change takes from it."""

import numpy as np
import pytest

from groklab.models.transformer.by_hand import adder
from groklab.papers.nanda2023.changes import ONE, WHOLE, losses_after_changes
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
