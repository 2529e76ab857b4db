"""Curvature, noise and distances of real networks, against what dense arithmetic says of the same weights."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.flatten_util import ravel_pytree

from groklab.errors import InvalidSetting
from groklab.measures import (
    AlongWeights,
    Collapse,
    Curvature,
    Distance,
    FeatureChange,
    GradientNoise,
    HeadNorm,
    MeanCosine,
    UpdateNorm,
    UpdateSharpness,
    WeightNorm,
    hessian,
)
from groklab.models import LSTM, MLP, Transformer
from groklab.objectives import BinaryCrossEntropy, OneHotSquaredError
from groklab.optimizers import adam, sgd
from groklab.runner import measured
from groklab.tasks import BinaryTable, Modular, Parity
from groklab.training import Plan, Precision, Record, State, prepare, train
from groklab.training.loss_of_weights import loss_of_weights
from groklab.training.step import start
from groklab.wide import float64

WIDE = Precision("float64", "float64", "float64")
MEASURES = (
    Curvature(iterations=60, probes=4),
    UpdateSharpness(directions=3, iterations=60),
    FeatureChange(examples=7),
    Distance(),
    MeanCosine(),
    GradientNoise(examples=100),
    AlongWeights(),
    UpdateNorm(),
    WeightNorm(),
)
PLAN = Plan(
    task=BinaryTable(Modular("addition", 5), fraction=0.6),
    model=MLP(inputs="one-hot", hidden=6, activation="gelu"),
    optimizer=sgd(),
    batch_size="full",
    steps=20,
    precision=WIDE,
    measures=MEASURES,
    record=Record(growth=1e6),
)


@functools.cache
def trained(steps=20):
    return train(PLAN.replace(steps=steps, measures=MEASURES if steps == 20 else (WeightNorm(),)))


@functools.cache
def network():
    """Return what was measured last, and the network there: its setup, data, loss and weights in a row."""
    setup, member, _ = prepare(PLAN)
    weights = trained().weights
    with float64(True):
        loss, flat = loss_of_weights(setup, member, State(weights, setup.optimizer.build().init(weights)))
    last = {name: float(values[-1]) for name, values in trained().dataset.items()}
    return last, setup, member, loss, flat


def features(weights, setup, member, rows):
    with float64(True):
        inputs = member.inputs.rows(jnp.asarray(rows))
        return np.asarray(setup.model.inside(weights, inputs, setup.shape, matmul_dtype="float64")[1]["hidden.0"])


@functools.cache
def dense():
    last, _, _, loss, flat = network()
    with float64(True):
        return last, np.asarray(jax.hessian(loss)(flat)), np.asarray(jax.grad(loss)(flat))


def test_curvature_is_that_of_the_dense_hessian():
    last, matrix, _ = dense()
    values = np.linalg.eigvalsh(matrix)
    assert last["hessian_top"] == pytest.approx(values[-1], rel=1e-5)
    assert last["hessian_top_error"] < 1e-5 * values[-1]
    assert abs(last["hessian_trace"] - values.sum()) < 4 * last["hessian_trace_error"]


def test_the_trace_is_the_mean_over_its_probes():
    _, matrix, _ = dense()
    with float64(True):
        signs = []

        def product(vector):
            jax.debug.callback(lambda each: signs.append(np.array(each)), vector)
            return jnp.asarray(matrix) @ vector

        found, error = hessian.trace(product, jnp.zeros(len(matrix)), probes=6)
        jax.effects_barrier()
    each = np.array([vector @ matrix @ vector for vector in signs])
    assert set(np.unique(signs)) == {-1.0, 1.0}
    assert float(found) == pytest.approx(each.mean(), rel=1e-10)
    assert float(error) == pytest.approx(each.std(ddof=1) / 6**0.5, rel=1e-10)


def test_quadratics_are_exact():
    values = jnp.array([5.0, 3.0, 1.0, -2.0, 0.5])
    product, flat = hessian.hessian(jax.grad(lambda w: 0.5 * (values * w["a"] ** 2).sum()), {"a": jnp.ones(5)})
    top = hessian.sharpest(product, flat, directions=2, iterations=50)
    np.testing.assert_allclose(top.values, [5, 3], rtol=1e-5)
    np.testing.assert_allclose(np.abs(top.vectors), np.eye(5)[:2], atol=1e-5)
    assert float(top.errors.max()) < 1e-4
    trace, error = hessian.trace(product, flat, probes=3)
    assert (float(trace), float(error)) == (pytest.approx(7.5), pytest.approx(0, abs=1e-5))


@pytest.mark.parametrize(("values", "size", "iterations"), [([5, 3, 1], 50, 20), ([0], 30, 10), ([-1, -2, -3], 3, 10)])
def test_what_has_few_eigenvalues_is_exhausted(values, size, iterations):
    diagonal = jnp.asarray(values + [0] * (size - len(values)), jnp.float32)
    top = hessian.sharpest(lambda v: diagonal * v, jnp.zeros(size), directions=3, iterations=iterations)
    expected = sorted(values + [0] * (3 - len(values)), reverse=True)
    np.testing.assert_allclose(top.values, expected, atol=1e-4)
    assert float(top.errors.max()) < 1e-3
    lengths = np.linalg.norm(top.vectors, axis=1)
    assert np.all((np.abs(lengths - 1) < 1e-4) | (lengths < 1e-4))


def test_directions_beyond_the_search_are_refused():
    with pytest.raises(InvalidSetting, match="`iterations` must be at least 30"):
        UpdateSharpness(directions=30, iterations=20)


def test_updates_are_as_sharp_as_along_the_dense_hessian():
    last, matrix, gradient = dense()  # of a plain descent: its updates are along the gradient
    along = gradient / np.linalg.norm(gradient)
    assert last["update_sharpness"] == pytest.approx(along @ matrix @ along, rel=1e-5)
    top = np.linalg.eigh(matrix)[1][:, -3:]
    assert last["update_in_top"] == pytest.approx(np.square(top.T @ along).sum(), rel=1e-5)


def test_gradients_of_single_examples():
    last, setup, member, _, flat = network()
    rows = np.asarray(member.order)[: int(member.train_size)]
    with float64(True):
        back = ravel_pytree(trained().weights)[1]

        def losses(flat):
            inputs = member.inputs.rows(jnp.asarray(rows))
            outputs = setup.model.outputs(back(flat), inputs, setup.shape, matmul_dtype="float64")
            return setup.objective.losses(outputs, member.targets[rows], "float64").sum(-1)

        each = np.asarray(jax.jacrev(losses)(flat))
    assert last["gradient_noise"] == pytest.approx(np.trace(np.cov(each.T)), rel=1e-8)
    assert last["gradient_square"] == pytest.approx(np.square(each.mean(0)).sum(), rel=1e-8)


def test_descent_along_the_weights():
    last, _, _, _, flat = network()
    _, _, gradient = dense()
    cosine = -gradient @ np.asarray(flat) / np.linalg.norm(gradient) / np.linalg.norm(flat)
    assert last["along_weights"] == pytest.approx(cosine, rel=1e-8)
    assert "along_weights.layers.0.matrix" in last


def test_distance_is_from_where_the_run_began():
    _, setup, member, _, _ = network()
    with float64(True):
        begun, last = start(setup, member).weights, trained().weights
        way = jax.tree.map(jnp.subtract, last, begun)
        moved = np.linalg.norm(ravel_pytree(way)[0])
    seen, (now, then) = trained().dataset, (np.ravel(weights.layers[1].matrix) for weights in (last, begun))
    assert float(seen.moved[-1]) == pytest.approx(moved, rel=1e-10)
    turned = 1 - now @ then / np.linalg.norm(now) / np.linalg.norm(then)
    assert float(seen["turned.head"][-1]) == pytest.approx(turned, rel=1e-8)
    assert float(seen["turned.representation"][-1]) > 0
    assert float(seen["turned.head"][0]) == pytest.approx(0, abs=1e-12)


def test_the_mean_feature_is_what_the_classifier_reads():
    last, setup, member, _, _ = network()
    weights = trained().weights
    feature = features(weights, setup, member, np.asarray(member.order)[: int(member.train_size)]).mean(0)
    weight = np.asarray(weights.layers[1].matrix).mean(1)
    assert last["mean_feature"] == pytest.approx(np.linalg.norm(feature), rel=1e-8)
    cosine = weight @ feature / np.linalg.norm(weight) / np.linalg.norm(feature)
    assert last["mean_cosine"] == pytest.approx(cosine, rel=1e-8)


def test_features_change_by_what_one_update_does():
    last, setup, member, _, _ = network()
    rows = np.asarray(member.order)[:7]
    before, after = (features(trained(steps).weights, setup, member, rows) for steps in (20, 21))
    change = np.linalg.norm(after - before) / np.linalg.norm(before)
    assert last["feature_change.hidden.0"] == pytest.approx(change, rel=1e-6)


def test_they_are_measured_in_a_transformer_and_with_any_objective():
    plan = PLAN.replace(
        model=Transformer(depth=1, width=8, heads=2),
        objective=OneHotSquaredError(),
        optimizer=adam(),
        batch_size=4,
        steps=2,
        precision=Precision(),
    )
    found = train(plan).dataset.isel(step=-1)
    assert all(np.isfinite(values) for values in found.values())
    assert "feature_change.blocks.0.hook_resid_post" in found


def test_what_cannot_be_measured_is_said():
    with pytest.raises(InvalidSetting, match="`UpdateSharpness` needs the optimizer's state"):
        measured((PLAN.model, trained().weights), UpdateSharpness(), task=PLAN.task)
    with pytest.raises(InvalidSetting, match="Untie it"):
        prepare(PLAN.replace(model=Transformer(depth=1, width=8, heads=2, tied=True), measures=(HeadNorm(),)))
    two = PLAN.replace(task=Parity(bits=4, size=6, validation=3), objective=BinaryCrossEntropy(), model=MLP(hidden=4))
    for measure in (Collapse(), MeanCosine()):
        with pytest.raises(InvalidSetting, match="needs an output for each class"):
            prepare(two.replace(measures=(measure,)))
    with pytest.raises(InvalidSetting, match="needs a model with named activations"):
        train(PLAN.replace(model=LSTM(hidden=4, width=4), measures=(FeatureChange(),)))
