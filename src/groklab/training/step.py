"""One optimizer update, as a pure function."""

from typing import Any

import jax
import optax
from jaxtyping import Array, Int

from groklab.training.batches import batch_of
from groklab.training.gradients import gradient, slope, turned
from groklab.training.member import Member, Setup, State


def start(setup: Setup, member: Member) -> State:
    """Draw the initial weights, times α, and the optimizer's state."""
    weights = setup.model.initialize(setup.shape, key=member.init_key)
    weights = jax.tree.map(lambda leaf: leaf.astype(setup.precision.parameters) * setup.alpha, weights)
    return State(weights, setup.optimizer.build().init(weights))


def direction(
    setup: Setup, member: Member, state: State, step: Int[Array, ""], order: Int[Array, "padded"]
) -> tuple[Any, Any]:
    """Return the update of step number `step` (counted from 0) and the optimizer's next state."""
    batch = batch_of(setup, member, step, order)
    key, noise_key = jax.random.split(jax.random.fold_in(member.noise_key, step))
    gradients = gradient(setup, state.weights, batch, key=key)
    if setup.is_isotropic:
        gradients = turned(gradients, slope(setup, member, state.weights), key=jax.random.fold_in(key, 0))
    return setup.optimizer.build().update(gradients, state.optimizer, state.weights, key=noise_key)


def update(setup: Setup, member: Member, state: State, step: Int[Array, ""], order: Int[Array, "padded"]) -> State:
    """Make one update."""
    updates, optimizer = direction(setup, member, state, step, order)
    return State(optax.apply_updates(state.weights, updates), optimizer)
