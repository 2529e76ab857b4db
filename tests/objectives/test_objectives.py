import jax
import jax.numpy as jnp
import numpy as np
import pytest
from kinds import OBJECTIVES

from groklab.errors import InvalidSetting
from groklab.objectives import (
    NO_ANSWER,
    BinaryCrossEntropy,
    Collapsed,
    CrossEntropy,
    Hinge,
    OfClasses,
    OneHotSquaredError,
    SquaredError,
    StableMax,
)
from groklab.types import UNSCORED, Classes, Numbers


def test_cross_entropy_by_hand():
    outputs = jnp.log(jnp.array([[[0.5, 0.25, 0.25]], [[0.1, 0.1, 0.8]]]))
    losses = CrossEntropy().losses(outputs, jnp.array([[0], [2]]), "float32")
    np.testing.assert_allclose(losses, [[np.log(2)], [-np.log(0.8)]], rtol=1e-6)


def test_stablemax_by_hand_and_without_collapse():
    outputs, classes = np.array([[[3.0, -1.0, 0.0]], [[1e4, -1e4, 0.0]]]), jnp.array([[1], [0]])
    s = np.where(outputs >= 0, outputs + 1, 1 / (1 - np.minimum(outputs, 0)))
    losses = StableMax().losses(jnp.asarray(outputs, "float32"), classes, "float32")
    expected = [-np.log(s[0, 0, 1] / s[0].sum()), -np.log(s[1, 0, 0] / s[1].sum())]
    np.testing.assert_allclose(losses[:, 0], expected, rtol=1e-3)
    assert float(losses[1, 0]) > 0
    assert float(CrossEntropy().losses(jnp.asarray(outputs, "float32"), classes, "float32")[1, 0]) == 0


def test_collapsed_pushes_the_wrong_classes_only_where_the_right_one_leads():
    outputs = jnp.array([[[2.0, 1.0, 0.0]], [[0.5, 0.0, 1.0]], [[0.0, 3.0, 0.0]]])
    classes = jnp.array([[0], [UNSCORED], [0]])  # answered right, not asked, answered wrong

    def slope(objective):
        return jax.grad(lambda outputs: objective.losses(outputs, classes, "float32").sum())(outputs)

    whole, held = slope(CrossEntropy()), slope(Collapsed())
    losses = (objective.losses(outputs, classes, "float32") for objective in (Collapsed(), CrossEntropy()))
    np.testing.assert_array_equal(*losses)
    np.testing.assert_allclose(held[0, 0], [0, whole[0, 0, 1], whole[0, 0, 2]], rtol=1e-6)
    np.testing.assert_array_equal(held[1], 0)
    np.testing.assert_array_equal(held[2], whole[2])
    np.testing.assert_array_equal(slope(Collapsed(1.5)), whole)


def test_squared_errors_by_hand():
    outputs = jnp.array([[[1.0, 2.0]], [[0.0, 0.5]]])
    numbers = jnp.array([[[1.0, 0.0]], [[0.0, 0.6]]])
    np.testing.assert_allclose(SquaredError().losses(outputs, numbers, "float32"), [[2.0], [0.005]], rtol=1e-5)
    np.testing.assert_array_equal(SquaredError(0.006).is_right(outputs, numbers), [[False], [True]])
    np.testing.assert_array_equal(SquaredError(0.004).is_right(outputs, numbers), [[False], [False]])
    losses = OneHotSquaredError().losses(outputs, jnp.array([[0], [1]]), "float32")
    np.testing.assert_allclose(losses, [[2.0], [0.125]])


@pytest.mark.parametrize(
    ("objective", "expected"),
    [(Hinge(), [0.0, 1.5, 0.75]), (BinaryCrossEntropy(), [np.log1p(np.exp(x)) for x in (-2.0, 0.5, -0.25)])],
    ids=str,
)
def test_losses_of_two_classes_by_hand(objective, expected):
    outputs, classes = jnp.array([[[2.0]], [[0.5]], [[-0.25]]]), jnp.array([[1], [0], [0]])
    np.testing.assert_allclose(objective.losses(outputs, classes, "float32")[:, 0], expected, rtol=1e-6)
    np.testing.assert_array_equal(objective.answers(outputs)[:, 0], [1, 1, 0])
    np.testing.assert_array_equal(objective.is_right(objective.answers(outputs), classes)[:, 0], [True, False, True])


def test_two_classes_by_one_output_are_the_softmax_of_two():
    outputs, classes = jnp.linspace(-3, 3, 7)[:, None, None], jnp.arange(7)[:, None] % 2
    both = jnp.concatenate([jnp.zeros_like(outputs), outputs], axis=-1)
    ours = BinaryCrossEntropy().losses(outputs, classes, "float32")
    np.testing.assert_allclose(ours, CrossEntropy().losses(both, classes, "float32"), rtol=1e-5)


@pytest.mark.parametrize("objective", OBJECTIVES, ids=str)
def test_what_holds_of_every_objective(objective, getkey):
    kinds = (Classes(2), Numbers((2,)))
    answers = kinds[0] if isinstance(objective, OfClasses) else kinds[1]
    outputs = jax.random.normal(getkey(), (5, 3, objective.width(answers)))
    asks = isinstance(objective, OfClasses)
    targets = jnp.array([[0, 1, UNSCORED]] * 5) if asks else jax.random.normal(getkey(), (5, 3, 2))
    losses = objective.losses(outputs, targets, "float32")
    assert losses.shape == objective.asked(targets).shape == (5, 3)
    assert bool((losses >= 0).all())
    assert bool((losses == 0)[~objective.asked(targets)].all())
    assert bool(
        jnp.isfinite(jax.grad(lambda outputs: objective.losses(outputs, targets, "float32").sum())(outputs)).all()
    )
    lost = objective.answers(outputs.at[0, 0, 0].set(jnp.nan))[0, 0]
    assert bool(lost == NO_ANSWER) if asks else bool(jnp.isnan(lost).any())
    assert objective.unit
    with pytest.raises(InvalidSetting, match=r"`objective` .* Use objective="):
        objective.width(kinds[1] if asks else kinds[0])


def test_two_classes_are_not_ten():
    with pytest.raises(InvalidSetting, match=r"`objective` hinge must have two classes to tell apart, got 10\."):
        Hinge().width(Classes(10))
