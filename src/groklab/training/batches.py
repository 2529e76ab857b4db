"""Which examples an update learns from."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int, Shaped

from groklab.models import ModelInputs
from groklab.training.member import Member, Setup


class Batch(NamedTuple):
    """What one update learns from; `mask` is 0 for rows that only fill up the last batch of an epoch."""

    inputs: ModelInputs
    targets: Shaped[Array, "batch scored ..."]
    mask: Float[Array, "batch"]


def batch_of(setup: Setup, member: Member, step: Int[Array, ""], order: Int[Array, "padded"]) -> Batch:
    """Return the batch of a step: the next rows of the epoch, or fresh examples."""
    if setup.stream is None:
        rows, mask = batch_rows(setup, member, step, order)
        return Batch(member.inputs.rows(rows), member.targets[rows], mask)
    inputs, targets = setup.stream.draw(setup.batch_size, key=jax.random.fold_in(member.order_key, step))
    return Batch(read(setup, member, inputs), targets, jnp.ones(setup.batch_size, jnp.float32))


def read(setup: Setup, member: Member, inputs: Shaped[Array, "batch ..."]) -> ModelInputs:
    """Arrange inputs that are not among the task's examples, beside what the run's model has drawn once."""
    arranged = setup.model.read(inputs)
    return ModelInputs(arranged.examples, arranged.shared, member.inputs.fixed)


def batches_per_epoch(setup: Setup, member: Member) -> Int[Array, ""]:
    """Return the number of batches of an epoch, the short last one included."""
    return (member.train_size + (setup.batch_size - 1)) // setup.batch_size


def epoch_order(setup: Setup, member: Member, epoch: Int[Array, ""]) -> Int[Array, "padded"]:
    """Return the training rows in the order of an epoch, drawn from its number alone; then the others, unused."""
    size = member.order.shape[0]
    if setup.is_full_batch or setup.stream is not None:
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
    mask = first + jnp.arange(size, dtype=jnp.int32) < member.train_size
    return rows, mask.astype(jnp.float32)
