"""The quadratic network, against weights that are known to add."""

import jax.numpy as jnp
import numpy as np
import pytest
from kinds import small_plan

from groklab.errors import InvalidSetting
from groklab.measures import Observation, Participation
from groklab.models import Quadratic
from groklab.models.quadratic import QuadraticWeights
from groklab.tasks import BinaryTable, DigitAddition, Modular
from groklab.theory import gromov
from groklab.training import prepare

P, HIDDEN = 13, 120
TABLE = BinaryTable(Modular("addition", P), profile="nanda")


def known(vocabulary):
    """Return weights that add, with rows for further tokens."""
    network, rows = gromov.weights(P, HIDDEN, seed=1), np.zeros((vocabulary - P, HIDDEN))
    parts = (network.first[:, :P].T, network.first[:, P:].T, network.second)
    left, right, output = (np.concatenate([each, rows]) for each in parts)
    return network, QuadraticWeights(*(jnp.asarray(each, jnp.float32) for each in (left, right, output.T)))


def test_its_answers_are_those_of_the_formula():
    setup, member, examples = prepare(small_plan(task=TABLE, model=Quadratic(hidden=HIDDEN), batch_size="full"))
    network, weights = known(setup.shape.tokens.vocabulary)
    answers = setup.model.outputs(weights, member.inputs, setup.shape, matmul_dtype="float32")[:, 0]
    pairs = np.asarray(member.inputs.examples)
    expected = gromov.logits(network)[pairs[:, 0], pairs[:, 1]] * P / setup.shape.outputs
    np.testing.assert_allclose(answers[:, :P], expected, atol=1e-6)
    assert (np.asarray(answers)[:, :P].argmax(1) == examples.targets[:, 0]).all()


def test_participation_tells_weights_that_add_from_noise():
    network, weights = known(P + 2)
    assert network.frequencies.max() < P
    seen = Observation(**dict.fromkeys(Observation._fields) | {"losses": jnp.zeros(P * P), "weights": weights})
    found = {name: float(value) for name, value in Participation()(seen).items()}
    assert found == pytest.approx({"participation.input": 1, "participation.output": 1, "phase_fit": 1}, rel=1e-4)
    random = np.random.default_rng(0)
    shapes = (weights.left.shape, weights.right.shape, weights.output.shape)
    noisy = seen._replace(weights=QuadraticWeights(*(jnp.asarray(random.normal(size=shape)) for shape in shapes)))
    noise = {name: float(value) for name, value in Participation()(noisy).items()}
    assert noise["participation.input"] == pytest.approx(2 / 7, rel=0.15)
    assert abs(noise["phase_fit"]) < 0.2


def test_it_reads_tables_and_its_measure_reads_it_only():
    with pytest.raises(InvalidSetting, match="participation looks at a quadratic network"):
        prepare(small_plan(measures=(Participation(),)))
    with pytest.raises(InvalidSetting, match="`model` quadratic answers at one position"):
        prepare(small_plan(task=DigitAddition(digits=2, size=12, validation=8), model=Quadratic(hidden=4)))
