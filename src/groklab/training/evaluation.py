"""What is seen of a network at one step: losses and predictions of all examples, and what a plan measures."""

from functools import partial

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int, PyTree, Shaped

from groklab.measures import Observation
from groklab.objectives import NO_ANSWER
from groklab.training.batches import batches_per_epoch, epoch_order, read
from groklab.training.gradients import per_example, slope
from groklab.training.member import Member, Setup, State
from groklab.training.step import direction, start

ROWS_AT_ONCE = 2048  # of an evaluation: measured fastest of 320 to 4,800 on two cores


def observe(
    setup: Setup, member: Member, state: State, step: Int[Array, ""], order: Int[Array, "padded"] | None = None
) -> tuple[dict[str, Shaped[Array, ""]], Shaped[Array, "examples scored ..."]]:
    """Measure everything a plan asks for, and return the answers to all examples beside it.

    `order` is that of the epoch of the next update, where it is at hand.
    """
    if order is None:
        order = epoch_order(setup, member, step // batches_per_epoch(setup, member))
    each, answers = evaluate(setup, member, state)
    asked = setup.objective.asked(member.targets)
    rank = jnp.zeros_like(member.order).at[member.order].set(jnp.arange(member.order.shape[0], dtype=jnp.int32))
    seen = Observation(
        losses=per_example(each, asked, setup.shape.loss_scale),
        each=each,
        asked=asked,
        targets=member.targets,
        right=setup.objective.is_right(answers, member.targets),
        is_training=rank < member.train_size,
        is_validation=_between(rank, member.train_size, member.known_size),
        order=member.order,
        weights=state.weights,
        update=direction(setup, member, state, step, order)[0],
        shape=setup.shape,
        inside=partial(_inside, setup, member, state.weights),
        slope=partial(slope, setup, member),
        initial=lambda: start(setup, member).weights,
    )
    numbers: dict[str, Shaped[Array, ""]] = {}
    for measure in setup.measures:
        numbers |= measure(seen)
    return numbers, answers


def _inside(
    setup: Setup,
    member: Member,
    now: PyTree[Array],
    inputs: Shaped[Array, "batch ..."] | None = None,
    *,
    rows: Int[Array, "batch"] | None = None,
    weights: PyTree[Array] | None = None,
) -> tuple[Array, dict[str, Array]]:
    batch = member.inputs if inputs is None else read(setup, member, inputs)
    batch = batch if rows is None else batch.rows(rows)
    weights = now if weights is None else weights
    return setup.model.inside(weights, batch, setup.shape, matmul_dtype=setup.precision.products)


def evaluate(
    setup: Setup, member: Member, state: State
) -> tuple[Float[Array, "examples scored"], Shaped[Array, "examples scored ..."]]:
    """Return the losses at the scored positions and the answers of every example, trained on or not."""
    size = member.order.shape[0]
    chunks = -(-size // ROWS_AT_ONCE)
    per_chunk = -(-size // chunks)
    rows = jnp.minimum(jnp.arange(chunks * per_chunk, dtype=jnp.int32), size - 1).reshape(chunks, per_chunk)

    def chunk(rows: Int[Array, "batch"]) -> tuple[Array, Array]:
        batch = member.inputs.rows(rows)
        outputs = setup.model.outputs(state.weights, batch, setup.shape, matmul_dtype=setup.precision.products)
        losses = setup.objective.losses(outputs, member.targets[rows], setup.precision.loss)
        return losses, setup.objective.answers(outputs)

    def whole(array: Array) -> Array:
        return array.reshape(chunks * per_chunk, *array.shape[2:])[:size]

    losses, answers = jax.lax.map(chunk, rows)
    return whole(losses), whole(answers)


def is_lost(numbers: dict[str, Shaped[Array, ""]], answers: Shaped[Array, "examples scored ..."]) -> Bool[Array, ""]:
    """Whether the training loss, or what the network answers, is no finite number any more."""
    is_number = jnp.issubdtype(answers.dtype, jnp.floating)
    is_missing = ~jnp.isfinite(answers) if is_number else answers == NO_ANSWER
    return is_missing.any() | ~jnp.isfinite(numbers.get("train_loss", jnp.zeros(())))


def _between(rank: Int[Array, "examples"], low: Int[Array, ""], high: Int[Array, ""]) -> Bool[Array, "examples"]:
    return (rank >= low) & (rank < high)
