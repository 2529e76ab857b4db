"""From one step to another, whatever the number of steps between them."""

import jax
from jaxtyping import Array, Int

from groklab.training.batches import batches_per_epoch, epoch_order
from groklab.training.member import Member, Setup, State
from groklab.training.step import update


def advance(
    setup: Setup, member: Member, state: State, order: Int[Array, "padded"], step: Array, until: Array
) -> tuple[State, Int[Array, "padded"]]:
    """Train from `step` to `until`, both dynamic. `order` is that of the epoch of the next update, before and after."""
    per_epoch = batches_per_epoch(setup, member)

    def body(now: Int[Array, ""], carry: tuple[State, Array]) -> tuple[State, Array]:
        state, order = carry
        state, after = update(setup, member, state, now, order), now + 1
        is_new = after % per_epoch == 0
        return state, jax.lax.cond(is_new, lambda: epoch_order(setup, member, after // per_epoch), lambda: order)

    return jax.lax.fori_loop(step, until, body, (state, order))


def advanced(setup: Setup, member: Member, state: State, step: Int[Array, ""], until: Int[Array, ""]) -> State:
    """Train from `step` to `until` and record nothing."""
    order = epoch_order(setup, member, step // batches_per_epoch(setup, member))
    return advance(setup, member, state, order, step, until)[0]
