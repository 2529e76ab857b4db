"""The network built by hand adds, and every measure of circuits says of it what it was built from."""

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import pytest
from kinds import small_plan

from groklab.errors import InvalidSetting
from groklab.measures import Neurons, Progress, Spectrum
from groklab.models import MLP, Transformer
from groklab.models.transformer.by_hand import adder
from groklab.runner import measured
from groklab.tasks import BinaryTable, Modular
from groklab.training import Precision, prepare

P, KEYS, AMPLITUDE = 13, (2, 5), 3.0


def observed(weights, model, *measures, operation="addition"):
    """Return what measures say of given weights, with the loss in float64 as the papers have it."""
    task = BinaryTable(Modular(operation, P), fraction=0.3, profile="nanda")
    found = measured((model, weights), measures, task=task, precision=Precision(loss="float64"))
    return {name: float(value) for name, value in found.items()}


def logits_by_formula(sign=1):
    a, b, c = np.indices((P, P, P))
    return AMPLITUDE * sum(np.cos(2 * np.pi * k * (a + sign * b - c) / P) for k in KEYS)


def cross_entropy(logits, sign=1):
    a, b = np.indices((P, P))
    logits = logits - logits.max(-1, keepdims=True)
    scores = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    return -np.take_along_axis(scores, ((a + sign * b) % P)[..., None], -1).mean()


@pytest.mark.parametrize(("operation", "sign"), [("addition", 1), ("subtraction", -1)])
def test_it_computes_what_it_was_built_for(operation, sign):
    model, weights = adder(P, KEYS, amplitude=AMPLITUDE, sign=sign)
    task = BinaryTable(Modular(operation, P), profile="nanda")
    examples = task.examples(seed=0)
    batch = model.arrange(examples.inputs, examples.shape)
    logits = model.outputs(weights, batch, examples.shape, matmul_dtype="float32")[:, 0]
    np.testing.assert_allclose(logits[:, :P].reshape(P, P, P), logits_by_formula(sign), atol=1e-4)
    assert np.array_equal(logits[:, :P].argmax(-1), examples.targets[:, 0])
    assert float(jnp.abs(logits[:, P]).max()) == 0


@pytest.mark.parametrize(("of", "operation", "sign"), [("sum", "addition", 1), ("difference", "subtraction", -1)])
def test_progress_measures_of_a_known_circuit(of, operation, sign):
    model, weights = adder(P, KEYS, amplitude=AMPLITUDE, sign=sign)
    found = observed(weights, model, Progress(of=of, each=True), operation=operation)
    full = cross_entropy(logits_by_formula(sign), sign)
    for name in ("restricted_loss", "trig_loss"):
        assert found[f"{name}.all"] == pytest.approx(full, rel=1e-5)
    for part in ("train", "validation", "all"):  # nothing is left: all classes are as likely
        assert found[f"excluded_loss.{part}"] == pytest.approx(np.log(P), rel=1e-5)
    assert found["logits_explained"] == pytest.approx(1, abs=1e-6)
    cosines = [found[f"cosine.{k}"] for k in range(1, P // 2 + 1)]
    np.testing.assert_allclose(cosines, [AMPLITUDE * (k in KEYS) for k in range(1, P // 2 + 1)], atol=1e-5)
    assert found["excluded_loss.1"] == pytest.approx(full, rel=1e-5)
    one = AMPLITUDE * np.cos(2 * np.pi * KEYS[1] * (np.indices((P, P, P)) * [[[[1]]], [[[sign]]], [[[-1]]]]).sum(0) / P)
    assert found[f"excluded_loss.{KEYS[0]}"] == pytest.approx(cross_entropy(one, sign), rel=1e-5)


def test_given_keys_replace_those_that_stand_out():
    model, weights = adder(P, KEYS, amplitude=AMPLITUDE)
    only = observed(weights, model, Progress(keys=(KEYS[0],)))
    assert 0 < only["logits_explained"] == pytest.approx(0.5, abs=1e-6)
    none = observed(weights, model, Progress(keys=(1,)))
    assert none["logits_explained"] == pytest.approx(0, abs=1e-6)
    assert none["restricted_loss.all"] == pytest.approx(np.log(P), rel=1e-5)


def test_the_spectrum_of_a_known_circuit():
    model, weights = adder(P, KEYS)
    found = observed(weights, model, Spectrum())
    for name in ("embedding_norm", "output_norm"):
        norms = np.array([found[f"{name}.{k}"] for k in range(1, P // 2 + 1)])
        assert set(np.flatnonzero(norms > 1e-4) + 1) == set(KEYS)
    assert {k for k in range(1, P // 2 + 1) if found[f"is_key.{k}"]} == set(KEYS)
    assert found["key_frequencies"] == len(KEYS)
    assert found["output_energy"] == pytest.approx(1, abs=1e-6)
    # Four of 13 components of equal norm: G = 1 − 4/13.
    assert found["gini.embedding"] == pytest.approx(1 - 4 / P, abs=1e-5)


def test_the_neurons_of_a_known_circuit():
    model, weights = adder(P, KEYS)
    found = observed(weights, model, Neurons())
    # (cos a + cos b)² = 2 cos a cos b + (cos 2a + cos 2b)/2 + 1: one frequency has 1 of its variance of 1.25.
    assert found["neurons_explained.mean"] == pytest.approx(0.8, abs=1e-4)
    assert found["neurons_explained"] == 0
    assert found["directions_explained"] == pytest.approx(1, abs=1e-4)
    assert found["directions_explained.least"] == pytest.approx(1, abs=1e-4)
    assert found["attention_to_end.0"] == found["attention_to_end.1"] == 0


def with_a_weak_frequency(weights, share=0.3):
    """Let the head also read the sums of KEYS[0] as a third frequency, of which there are no neurons."""
    angles = 2 * np.pi * 3 * np.arange(P) / P
    weak = np.stack([np.cos(angles), np.sin(angles)])
    at = 6 * len(KEYS) + np.array([0, len(KEYS)])  # where cosine and sine of the first frequency are in the stream
    return eqx.tree_at(lambda tree: tree.head, weights, weights.head.at[at, :P].add(10 * share * weak))


def test_one_weak_frequency_does_not_decide_what_the_directions_explain():
    model, weights = adder(P, KEYS)
    weak = with_a_weak_frequency(weights)
    found = observed(weak, model, Spectrum(), Neurons())
    assert found["is_key.3"] == 1
    assert found["key_frequencies"] == 3
    assert found["directions_explained.least"] == pytest.approx(0, abs=1e-4)
    # energies of what is read: 1 along each of four directions, and 0.3² along each of two
    assert found["directions_explained"] == pytest.approx(4 / (4 + 2 * 0.3**2), abs=1e-4)


@pytest.mark.slow
def test_keys_can_be_those_of_the_neurons():
    model, weights = adder(P, KEYS)
    weak = with_a_weak_frequency(weights)
    found = observed(weak, model, Spectrum(keys_by="neurons"), Neurons(keys_by="neurons"), Progress(keys_by="neurons"))
    given = observed(weak, model, Progress(keys=KEYS))
    assert found["is_key.3"] == 0
    assert found["key_frequencies"] == len(KEYS)
    assert found["directions_explained.least"] == pytest.approx(1, abs=1e-4)
    assert {name: found[name] for name in given} == given


def test_random_weights_show_no_circuit(getkey):
    model = Transformer(depth=1, width=32, norm="none", positions="learned", initial="normal", bias="feed-forward")
    task = BinaryTable(Modular("addition", P), profile="nanda")
    weights = model.initialize(task.examples(seed=0).shape, key=getkey())
    found = observed(weights, model, Spectrum(), Progress(), Neurons())
    assert found["gini.embedding"] < 0.15
    assert found["gini.output"] < 0.25
    assert found["logits_explained"] < 0.1
    assert found["restricted_loss.all"] > 0.9 * np.log(P)
    assert found["neurons_explained"] < 0.1


@pytest.mark.parametrize("measure", [Spectrum(), Progress(), Neurons()], ids=str)
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"task": BinaryTable(Modular("division", P))}, "measures networks that see all pairs of residues modulo p"),
        ({"model": MLP()}, "needs a transformer with a feed-forward layer and a head of its own"),
        ({"model": Transformer(feed_forward=False)}, "needs a transformer with a feed-forward layer"),
    ],
    ids=["task", "mlp", "attention only"],
)
def test_a_measure_refuses_what_it_does_not_fit(measure, changes, message):
    with pytest.raises(InvalidSetting, match=message):
        prepare(small_plan(**changes, measures=(measure,)))


def test_a_frequency_beyond_half_the_modulus_is_refused():
    with pytest.raises(InvalidSetting, match="`keys` must be whole numbers from 1 to 3, got 4"):
        prepare(small_plan(measures=(Progress(keys=(4,)),)))
