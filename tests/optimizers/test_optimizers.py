"""Updates against the formulas, written out in NumPy."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from kinds import OPTIMIZERS

from groklab.errors import InvalidSetting
from groklab.optimizers import (
    Adagrad,
    Adam,
    Clipped,
    Frozen,
    Momentum,
    Optimizer,
    Orthogonal,
    RMSProp,
    Sphere,
    ZeroSum,
    adam,
    adamw,
    sgd,
)
from groklab.optimizers.transforms import warmup_factor

GRADIENTS = [jnp.array([0.5, -1.0, 2.0]), jnp.array([-0.2, 0.3, 0.1]), jnp.array([1.0, 1.0, -1.0])]
START = jnp.array([1.0, 2.0, -3.0])


def follow(optimizer, gradients=GRADIENTS, start=START):
    """Return the weights after each update."""
    transformation = optimizer.build()
    state, weights, path = transformation.init(start), start, []
    step = jax.jit(lambda g, s, w, k: transformation.update(g, s, w, key=k))
    for number, gradient in enumerate(gradients):
        updates, state = step(gradient, state, weights, jax.random.key(number))
        weights = weights + updates
        path.append(np.asarray(weights))
    return path


def adam_by_hand(rate, decay=0.0, towards=0.0, coupled=0.0):
    m = v = np.zeros(3)
    weights, path = np.array(START, float), []
    for t, gradient in enumerate(GRADIENTS, 1):
        g = np.asarray(gradient, float) + coupled * weights
        m, v = 0.9 * m + 0.1 * g, 0.98 * v + 0.02 * g * g
        direction = m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.98**t)) + 1e-8)
        weights = weights - rate * decay * (weights - towards) - rate * direction
        path.append(weights)
    return path


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    [
        (adam(warmup="none"), adam_by_hand(1e-3)),
        (adamw(warmup="none"), adam_by_hand(1e-3, 1.0)),
        (adamw(warmup="none", decay="initialization"), adam_by_hand(1e-3, 1.0, np.array(START, float))),
        (adamw(warmup="none", decay="coupled", weight_decay=0.1), adam_by_hand(1e-3, coupled=0.1)),
    ],
)
def test_adam_and_its_decays(optimizer, expected):
    np.testing.assert_allclose(follow(optimizer), expected, rtol=1e-5)


def test_rules_that_divide_by_past_squares():
    gradients = np.array([np.asarray(each, float) for each in GRADIENTS])
    sums = np.cumsum(gradients**2, axis=0)
    path = np.array(START) - 0.1 * np.cumsum(gradients / np.sqrt(sums), axis=0)
    np.testing.assert_allclose(follow(sgd(rule=Adagrad())), path, rtol=1e-5, atol=1e-6)
    mean, means = np.zeros(3), []
    for gradient in gradients:
        mean = 0.9 * mean + 0.1 * gradient**2
        means.append(mean)
    path = np.array(START) - 0.1 * np.cumsum(gradients / (np.sqrt(means) + 1e-3), axis=0)
    np.testing.assert_allclose(follow(sgd(rule=RMSProp(decay=0.9, epsilon=1e-3))), path, rtol=1e-5, atol=1e-6)


def test_a_long_gradient_is_clipped_and_a_short_one_is_not():
    short = float(jnp.linalg.norm(GRADIENTS[1]))
    path = follow(sgd(filter=Clipped(2 * short)))
    first = START - 0.1 * GRADIENTS[0] * 2 * short / np.linalg.norm(GRADIENTS[0])
    np.testing.assert_allclose(path[:2], [first, first - 0.1 * GRADIENTS[1]], rtol=1e-6)


def test_a_gradient_without_its_part_along_the_weights_is_as_long():
    first = follow(sgd(filter=Orthogonal()))[0] - START
    assert float(first @ START) == pytest.approx(0, abs=1e-6)
    assert np.linalg.norm(first) == pytest.approx(0.1 * np.linalg.norm(GRADIENTS[0]), rel=1e-5)
    at_zero = follow(sgd(filter=Orthogonal()), start=jnp.zeros(3))[0]
    np.testing.assert_allclose(at_zero, -0.1 * GRADIENTS[0], rtol=1e-6)


def test_the_classifier_s_gradients_add_up_to_nothing():
    start = {"head": jnp.ones((2, 3)), "body": jnp.ones((2, 3))}
    gradient = {"head": jnp.arange(6.0).reshape(2, 3), "body": jnp.arange(6.0).reshape(2, 3)}
    transformation = sgd(filter=ZeroSum()).build()
    updates, _ = transformation.update(gradient, transformation.init(start), start, key=jax.random.key(0))
    np.testing.assert_allclose(updates["head"], -0.1 * np.array([[-1, 0, 1], [-1, 0, 1]]), atol=1e-7)
    np.testing.assert_allclose(updates["body"], -0.1 * gradient["body"], rtol=1e-6)
    wrong = sgd(filter=ZeroSum("tail")).build()
    with pytest.raises(InvalidSetting, match=r"`tail` is not an array of this model, for `of`\. Known: body, head"):
        wrong.update(gradient, wrong.init(start), start, key=jax.random.key(0))


def test_parts_are_held_still():
    start = {"head": jnp.ones(2), "blocks": [{"up": jnp.ones(2)}, {"up": jnp.ones(2)}]}
    transformation = adamw(constraint=Frozen("head+blocks.1"), warmup="none").build()
    updates, _ = transformation.update(start, transformation.init(start), start, key=jax.random.key(0))
    moves = [bool(jnp.abs(each).max() > 0) for each in (updates["head"], *(block["up"] for block in updates["blocks"]))]
    assert moves == [False, True, False]
    wrong = adamw(constraint=Frozen("block")).build()
    with pytest.raises(InvalidSetting, match=r"`block` is not a part of this model's weights, for `parts`"):
        wrong.update(start, wrong.init(start), start, key=jax.random.key(0))


def test_on_the_sphere_only_the_direction_moves():
    free, held = follow(sgd())[0], follow(sgd(constraint=Sphere()))
    np.testing.assert_allclose(held[0], free * np.linalg.norm(START) / np.linalg.norm(free), rtol=1e-6)
    np.testing.assert_allclose([np.linalg.norm(weights) for weights in held], [np.linalg.norm(START)] * 3, rtol=1e-6)


def test_momentum():
    path = follow(sgd(rule=Momentum(0.5)))
    first = START - 0.1 * GRADIENTS[0]
    second = first - 0.1 * (GRADIENTS[1] + 0.5 * GRADIENTS[0])
    np.testing.assert_allclose(path[:2], [first, second], rtol=1e-6)
    np.testing.assert_allclose(follow(sgd())[0], first, rtol=1e-6)


def test_decay_alone_shrinks_by_a_thousandth_a_step():
    still = [jnp.zeros(3)] * 5
    path = follow(adamw(warmup="none"), still)
    np.testing.assert_allclose(path[-1], np.asarray(START) * 0.999**5, rtol=1e-6)


def test_decay_to_the_initialization_pulls_what_has_moved():
    optimizer = Optimizer(rule=Momentum(), decay="initialization", warmup="none", learning_rate=1e-3)
    path = follow(optimizer, [jnp.ones(3), *[jnp.zeros(3)] * 4])
    moved = [np.asarray(weights - START) for weights in path]
    np.testing.assert_allclose(moved[-1], moved[0] * 0.999**4, rtol=1e-3)


@pytest.mark.parametrize(
    ("form", "rates"), [("official", [0, 1e-4, 5e-4, 1e-3, 1e-3]), ("paper", [1e-4, 2e-4, 6e-4, 1e-3, 1e-3])]
)
def test_warmup(form, rates):
    counts = [0, 1, 5, 10, 11]
    found = [1e-3 * float(warmup_factor(jnp.asarray(count), form, 10)) for count in counts]
    np.testing.assert_allclose(found, rates, rtol=1e-6)


def test_the_first_official_update_moves_nothing():
    assert np.array_equal(follow(adamw(warmup="official"))[0], START)


@pytest.mark.parametrize(("form", "first"), [("paper", 1.0), ("official", 10.0)])
def test_update_noise_is_ten_times_larger_at_the_official_first_step(form, first):
    optimizer = adam(update_noise=1.0, noise_form=form, warmup="none", learning_rate=1.0)
    start = jnp.zeros(20_000)
    clean = follow(adam(warmup="none", learning_rate=1.0), [jnp.ones(20_000)] * 2, start)
    noisy = follow(optimizer, [jnp.ones(20_000)] * 2, start)
    assert (noisy[0] - clean[0]).std() == pytest.approx(first, rel=0.03)
    second = first * (1 - 0.9) / (1 - 0.9**2) if form == "official" else 1.0
    steps = (noisy[1] - noisy[0]) - (clean[1] - clean[0])
    assert steps.std() == pytest.approx(second, rel=0.03)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
def test_every_optimizer_moves_downhill_on_a_slope(optimizer):
    slope = jnp.full(2000, 0.5)
    path = follow(optimizer, [slope] * 12, jnp.tile(jnp.array([0.01, -0.01]), 1000))
    assert path[-1].mean() < 0


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
def test_strengths_may_be_traced(optimizer):
    traced = jax.tree.map(lambda leaf: jnp.asarray(leaf) if leaf != 0.0 else leaf, optimizer)
    np.testing.assert_allclose(follow(traced), follow(optimizer), rtol=1e-5, atol=1e-6)


def test_adam_enlarges_its_first_step_tenfold():
    assert float(Adam().bias_correction(jnp.asarray(1))) == pytest.approx(10.0)
    assert float(Momentum().bias_correction(jnp.asarray(1))) == 1.0


def test_the_warm_up_of_a_float64_run_is_float64():
    with jax.enable_x64(True):
        assert float(warmup_factor(jnp.asarray(2, jnp.int32), "paper", 7, jnp.float64)) == 3 / 7
