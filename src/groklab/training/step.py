"""One optimizer update, as a pure function."""

from typing import Any

import jax
import jax.numpy as jnp
import optax
from jaxtyping import Array, Bool, Float, Int, PyTree

from groklab.training.batches import Batch, batch_of
from groklab.training.member import Member, Setup, State
from groklab.types import PRNGKey


def start(setup: Setup, member: Member) -> State:
    """Draw the initial weights, times α, and the optimizer's state."""
    weights = setup.model.initialize(setup.shape, key=member.init_key)
    weights = jax.tree.map(lambda leaf: leaf.astype(setup.precision.parameters) * setup.alpha, weights)
    return State(weights, setup.optimizer.build().init(weights))


def per_example(
    losses: Float[Array, "batch scored"], asked: Bool[Array, "batch scored"], scale: float
) -> Float[Array, "batch"]:
    """Return each example's loss: the mean over the positions at which something is asked, times `scale`."""
    mean = losses.sum(-1) / asked.sum(-1).astype(losses.dtype)
    return mean if scale == 1 else mean * jnp.asarray(scale, mean.dtype)


def gradient(setup: Setup, weights: PyTree[Array], batch: Batch, *, key: PRNGKey) -> PyTree[Array]:
    """Return the gradient of the mean loss on a batch."""

    def mean_loss(weights: PyTree[Array]) -> Array:
        dtype = setup.precision.products
        outputs = setup.model.outputs(weights, batch.inputs, setup.shape, matmul_dtype=dtype, key=key)
        each = setup.objective.losses(outputs, batch.targets, setup.precision.loss)
        losses = per_example(each, setup.objective.asked(batch.targets), setup.shape.loss_scale)
        return (losses * batch.mask.astype(losses.dtype)).sum() / batch.mask.sum().astype(losses.dtype)

    return jax.grad(mean_loss)(weights)


def direction(
    setup: Setup, member: Member, state: State, step: Int[Array, ""], order: Int[Array, "padded"]
) -> tuple[Any, Any]:
    """Return the update of step number `step` (counted from 0) and the optimizer's next state."""
    batch = batch_of(setup, member, step, order)
    key, noise_key = jax.random.split(jax.random.fold_in(member.noise_key, step))
    gradients = gradient(setup, state.weights, batch, key=key)
    return setup.optimizer.build().update(gradients, state.optimizer, state.weights, key=noise_key)


def update(setup: Setup, member: Member, state: State, step: Int[Array, ""], order: Int[Array, "padded"]) -> State:
    """Make one update."""
    updates, optimizer = direction(setup, member, state, step, order)
    return State(optax.apply_updates(state.weights, updates), optimizer)
