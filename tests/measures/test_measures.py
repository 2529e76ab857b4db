import jax.numpy as jnp
import pytest
from kinds import MEASURES

from groklab.measures import (
    Accuracy,
    Collapse,
    InContext,
    Loss,
    Observation,
    PartialAccuracies,
    PartialLosses,
    UpdateNorm,
    WeightNorm,
)
from groklab.types import UNSCORED, Classes, Shape, Tokens

SEEN = Observation(
    losses=jnp.array([1.0, 2.0, 3.0, 5.0]),
    each=jnp.array([[1.0, 0.0], [1.0, 3.0], [4.0, 2.0], [5.0, 0.0]]),
    asked=jnp.array([[True, False], [True, True], [True, True], [True, False]]),
    targets=jnp.array([[0, UNSCORED], [1, 0], [1, 1], [0, UNSCORED]]),
    right=jnp.array([[True, True], [True, True], [False, True], [True, True]]),
    is_training=jnp.array([True, True, False, False]),
    is_validation=jnp.array([False, False, True, False]),
    weights={"a": jnp.array([3.0, 4.0]), "b": [jnp.array([[12.0]])]},
    update={"a": jnp.array([0.3, 0.4]), "b": [jnp.array([[0.0]])]},
    shape=Shape(Tokens(3, 2, (1, 2)), Classes(2)),
    order=jnp.arange(4, dtype=jnp.int32),
    inside=lambda tokens=None: (jnp.zeros((4, 2, 2)), {}),
    slope=lambda weights, rows=None: weights,
    initial=lambda: SEEN.weights,
)


def test_known_values():
    assert Accuracy()(SEEN) == {"train_accuracy": 1.0, "validation_accuracy": 0.0}
    assert Loss()(SEEN) == {"train_loss": 1.5, "validation_loss": 3.0}
    norms = {name: float(value) for name, value in WeightNorm()(SEEN).items()}
    assert norms == pytest.approx({"weight_norm": 13.0, "weight_norm.a": 5.0, "weight_norm.b.0": 12.0})
    assert float(UpdateNorm()(SEEN)["update_norm"]) == pytest.approx(0.5)


def test_an_example_in_neither_part_counts_nowhere():
    moved = SEEN._replace(losses=SEEN.losses.at[3].set(1e6), right=SEEN.right.at[3].set(False))
    for measure in (Accuracy(), Loss()):
        assert measure(moved) == measure(SEEN)


@pytest.mark.parametrize("measure", MEASURES, ids=str)
def test_every_measure_gives_named_numbers(measure):
    found = measure(SEEN)
    assert found
    assert all(value.shape == () for value in found.values())


def test_losses_of_positions_count_what_is_scored():
    found = {name: float(value) for name, value in PartialLosses()(SEEN).items()}
    assert found == {
        "train_loss.0": 1.0,
        "train_loss.1": 3.0,
        "validation_loss.0": 4.0,
        "validation_loss.1": 2.0,
    }


def test_losses_of_answers_count_where_they_are_right():
    found = {name: float(value) for name, value in PartialLosses(by="answer")(SEEN).items()}
    assert found["train_loss.0"] == 2.0
    assert found["train_loss.1"] == 1.0
    assert found["validation_loss.1"] == 3.0
    assert found["validation_loss.0"] != found["validation_loss.0"]  # no such answer: not a number


def test_accuracies_of_positions_and_answers():
    moved = SEEN._replace(right=jnp.array([[True, True], [True, False], [False, True], [True, True]]))
    found = {name: float(value) for name, value in PartialAccuracies()(moved).items()}
    assert found == {
        "train_accuracy.0": 1.0,
        "train_accuracy.1": 0.0,
        "validation_accuracy.0": 0.0,
        "validation_accuracy.1": 1.0,
    }
    found = {name: float(value) for name, value in PartialAccuracies(by="answer")(moved).items()}
    assert (found["train_accuracy.0"], found["train_accuracy.1"], found["validation_accuracy.1"]) == (0.5, 1.0, 0.5)
    assert found["validation_accuracy.0"] != found["validation_accuracy.0"]


def test_collapse_counts_what_nothing_is_learnt_of():
    far = jnp.array([[[20.0, 0.0], [0.0, 0.0]], [[0.0, 3.0], [5.0, 0.0]], [[0.0, 30.0]] * 2, [[30.0, 0.0]] * 2])
    each = jnp.array([[0.0, 0.0], [0.05, 0.007], [0.0, 0.0], [0.0, 0.0]])
    moved = SEEN._replace(inside=lambda tokens=None: (far, {}), each=each)
    found = {name: float(value) for name, value in Collapse()(moved).items()}
    assert found == pytest.approx({"zero_gradient": 1 / 3, "zero_loss": 1 / 3})  # three training positions are asked


def test_the_in_context_score_is_late_less_early():
    found = {name: float(value) for name, value in InContext(parts=2)(SEEN).items()}
    assert found == {"train_in_context": 3.0 - 1.0, "validation_in_context": 2.0 - 4.0}
