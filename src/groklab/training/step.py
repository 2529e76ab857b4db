"""One optimizer update, as a pure function."""

from typing import Any

import jax
import jax.numpy as jnp
import optax
from jaxtyping import Array, Float, Int, PyTree

from groklab.training.member import Member, Setup, State
from groklab.types import PRNGKey


def start(setup: Setup, member: Member) -> State:
    """Draw the initial weights and the optimizer's state."""
    weights = setup.model.initialize(setup.shape, key=member.init_key)
    weights = jax.tree.map(lambda leaf: leaf.astype(setup.precision.parameters), weights)
    return State(weights, setup.optimizer.build().init(weights))


def losses_of(
    logits: Float[Array, "batch scored classes"], targets: Int[Array, "batch scored"], dtype: str
) -> Float[Array, "batch"]:
    """Return each example's cross-entropy in nats, averaged over its scored positions."""
    scores = jax.nn.log_softmax(logits.astype(dtype))
    chosen = targets[..., None] == jnp.arange(logits.shape[-1], dtype=targets.dtype)[None, None]
    return -jnp.where(chosen, scores, 0).sum(-1).mean(-1)


def gradient(
    setup: Setup,
    member: Member,
    weights: PyTree[Array],
    rows: Int[Array, "batch"],
    counts: Float[Array, "batch"],
    *,
    key: PRNGKey,
) -> PyTree[Array]:
    """Return the gradient of the mean loss on the rows that count (the last batch of an epoch may be short)."""
    batch, targets = member.inputs.rows(rows), member.targets[rows]

    def mean_loss(weights: PyTree[Array]) -> Array:
        products = setup.precision.products
        logits = setup.model.logits(weights, batch, setup.shape, products=products, key=key)
        losses = losses_of(logits, targets, setup.precision.loss)
        return (losses * counts.astype(losses.dtype)).sum() / counts.sum().astype(losses.dtype)

    return jax.grad(mean_loss)(weights)


def direction(
    setup: Setup, member: Member, state: State, step: Int[Array, ""], order: Int[Array, "padded"]
) -> tuple[Any, Any]:
    """Return the update of step number `step` (counted from 0) and the optimizer's next state."""
    rows, counts = batch_rows(setup, member, step, order)
    key, noise_key = jax.random.split(jax.random.fold_in(member.noise_key, step))
    gradients = gradient(setup, member, state.weights, rows, counts, key=key)
    return setup.optimizer.build().update(gradients, state.optimizer, state.weights, key=noise_key)


def update(setup: Setup, member: Member, state: State, step: Int[Array, ""], order: Int[Array, "padded"]) -> State:
    """Make one update."""
    updates, optimizer = direction(setup, member, state, step, order)
    return State(optax.apply_updates(state.weights, updates), optimizer)


def batches_per_epoch(setup: Setup, member: Member) -> Int[Array, ""]:
    """Return the number of batches of an epoch, the short last one included."""
    return (member.train_size + (setup.batch_size - 1)) // setup.batch_size


def epoch_order(setup: Setup, member: Member, epoch: Int[Array, ""]) -> Int[Array, "padded"]:
    """Return the training rows in the order of an epoch, drawn from its number alone; then the others, unused."""
    size = member.order.shape[0]
    if setup.is_full_batch:
        return member.order
    drawn = jax.random.bits(jax.random.fold_in(member.order_key, epoch), (size,), jnp.uint32) >> 1
    is_training = jnp.arange(size, dtype=jnp.int32) < member.train_size
    shuffled = member.order[jnp.argsort(jnp.where(is_training, drawn, jnp.uint32(2**31)))]
    return jnp.pad(shuffled, (0, -size % setup.batch_size))


def batch_rows(
    setup: Setup, member: Member, step: Int[Array, ""], order: Int[Array, "padded"]
) -> tuple[Int[Array, "batch"], Float[Array, "batch"]]:
    """Return the rows of a step's batch and which of them count."""
    size = setup.batch_size
    if setup.is_full_batch:
        return order[:size], jnp.ones(size, jnp.float32)
    first = step % batches_per_epoch(setup, member) * size
    rows = jax.lax.dynamic_slice(order, (first,), (size,))
    counts = first + jnp.arange(size, dtype=jnp.int32) < member.train_size
    return rows, counts.astype(jnp.float32)
