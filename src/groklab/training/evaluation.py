"""What is seen of a network at one step: losses and predictions of all examples, and what a plan measures."""

from functools import partial

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Int

from groklab.measures import Observation
from groklab.training.batches import batches_per_epoch, epoch_order
from groklab.training.member import Member, Setup, State
from groklab.training.step import direction, losses_of, per_example
from groklab.types import UNSCORED, Scalar

NO_ANSWER = -1
ROWS_AT_ONCE = 2048  # of an evaluation: measured fastest of 320 to 4,800 on two cores


def observe(
    setup: Setup, member: Member, state: State, step: Int[Array, ""], order: Int[Array, "padded"] | None = None
) -> tuple[dict[str, Scalar], Int[Array, "examples scored"]]:
    """Measure everything a plan asks for, and return the predicted classes of all examples beside it.

    `order` is that of the epoch of the next update, where it is at hand.
    """
    if order is None:
        order = epoch_order(setup, member, step // batches_per_epoch(setup, member))
    each, predicted = evaluate(setup, member, state)
    rank = jnp.zeros_like(member.order).at[member.order].set(jnp.arange(member.order.shape[0], dtype=jnp.int32))
    seen = Observation(
        losses=per_example(each, member.targets, setup.shape.loss_scale),
        each=each,
        targets=member.targets,
        is_right=((predicted == member.targets) | (member.targets == UNSCORED)).all(-1),
        is_training=rank < member.train_size,
        is_validation=_between(rank, member.train_size, member.known_size),
        weights=state.weights,
        update=direction(setup, member, state, step, order)[0],
        shape=setup.shape,
        inside=partial(_inside, setup, member, state),
    )
    numbers: dict[str, Scalar] = {}
    for measure in setup.measures:
        numbers |= measure(seen)
    return numbers, predicted


def _inside(
    setup: Setup, member: Member, state: State, tokens: Int[Array, "batch inputs"] | None = None
) -> tuple[Array, dict[str, Array]]:
    batch = member.inputs if tokens is None else setup.model.read(tokens)
    return setup.model.inside(state.weights, batch, setup.shape, products=setup.precision.products)


def evaluate(setup: Setup, member: Member, state: State) -> tuple[Array, Int[Array, "examples scored"]]:
    """Return the losses at the scored positions and the predicted classes of every example, trained on or not.

    Where a logit is no finite number the network has no answer, which is never right: -1.
    """
    size = member.order.shape[0]
    chunks = -(-size // ROWS_AT_ONCE)
    per_chunk = -(-size // chunks)
    rows = jnp.minimum(jnp.arange(chunks * per_chunk, dtype=jnp.int32), size - 1).reshape(chunks, per_chunk)

    def chunk(rows: Int[Array, "batch"]) -> tuple[Array, Array]:
        batch = member.inputs.rows(rows)
        logits = setup.model.logits(state.weights, batch, setup.shape, products=setup.precision.products)
        is_answer = jnp.isfinite(logits).all(-1)
        predicted = jnp.where(is_answer, jnp.argmax(logits, axis=-1).astype(jnp.int32), NO_ANSWER)
        return losses_of(logits, member.targets[rows], setup.precision.loss), predicted

    losses, predicted = jax.lax.map(chunk, rows)
    whole = chunks * per_chunk
    return losses.reshape(whole, -1)[:size], predicted.reshape(whole, -1)[:size]


def _between(rank: Int[Array, "examples"], low: Int[Array, ""], high: Int[Array, ""]) -> Bool[Array, "examples"]:
    return (rank >= low) & (rank < high)
