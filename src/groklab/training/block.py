"""A block of recordings and the steps between them, in one call: no Python from one recording to the next."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Int, Shaped

from groklab.milestones import ACCURACIES
from groklab.training.batches import batches_per_epoch, epoch_order
from groklab.training.evaluation import is_lost, observe
from groklab.training.loop import advance
from groklab.training.member import Member, Setup, State

SLOTS = 128  # of a block: what its program has room for

Predicted = Shaped[Array, "examples scored ..."]


class Slots(NamedTuple):
    """What a block does: train from `begin` to each of `ends`, the first `used` of them; record where `is_recorded`.

    All of it is dynamic, so that one compilation serves any schedule.
    """

    begin: Int[Array, ""]
    ends: Int[Array, "slots"]
    is_recorded: Bool[Array, "slots"]
    used: Int[Array, ""]


def slots_of(now: int, ends: Sequence[int], recorded: Collection[int]) -> Slots:
    """Return the slots of a block from `now` to each of `ends`."""
    empty = np.zeros(SLOTS, np.int32)
    steps, is_recorded = empty.copy(), empty.astype(bool)
    steps[: len(ends)] = ends
    is_recorded[: len(ends)] = np.isin(ends, np.asarray(recorded))
    return Slots(np.asarray(now, np.int32), steps, is_recorded, np.asarray(len(ends), np.int32))  # pyright: ignore


class Reached(eqx.Module):
    """How far a run is, or several: the state after `step` updates, and what decides whether it goes on."""

    state: State
    step: Int[Array, "..."]
    in_a_row: Int[Array, "..."]  # recordings since validation accuracy was last below its threshold
    is_over: Bool[Array, "..."]


class Seen(eqx.Module):
    """What a block recorded: a number a slot, and what the network answers at the moments that are drawn.

    `predicted` holds the answers at the first recording of the block (`start`), at the last (`end`), and at the first
    at which an accuracy was at its threshold (`memorized`, `generalized`); `has_come` says which of these there are.
    A slot that was not recorded holds nothing of meaning.
    """

    numbers: dict[str, Array]
    predicted: dict[str, Predicted]
    has_come: dict[str, Bool[Array, ""]]


def block(setup: Setup, member: Member, reached: Reached, slots: Slots) -> tuple[Reached, Seen]:
    """Carry out the slots of a block; a run that settles or diverges stays as it is at that recording."""
    order = epoch_order(setup, member, slots.begin // batches_per_epoch(setup, member))
    # traced once, for the shapes of what it returns and for what it does: it is half of a program
    look: Any = eqx.filter_closure_convert(partial(observe, setup, member), reached.state, slots.begin, order)
    numbers, predicted = look.out_struct
    seen = _nothing(member, numbers, predicted, slots.ends.shape[0])
    go = partial(_slot, setup, member, slots, look)

    def body(at: Int[Array, ""], carry: tuple[Reached, Array, Seen]) -> tuple[Reached, Array, Seen]:
        return jax.lax.cond(carry[0].is_over, lambda at, *carry: carry, go, at, *carry)

    reached, _, seen = jax.lax.fori_loop(0, slots.used, body, (reached, order, seen))
    return reached, seen


def _slot(
    setup: Setup, member: Member, slots: Slots, look: Any, at: Array, reached: Reached, order: Array, seen: Seen
) -> tuple[Reached, Array, Seen]:
    # not from `reached.step`, in which members differ once one of them is over: their loops must stay in step
    now, until = jnp.where(at == 0, slots.begin, slots.ends[at - 1]), slots.ends[at]
    state, order = advance(setup, member, reached.state, order, now, until)
    reached = Reached(state, until, reached.in_a_row, reached.is_over)

    def record() -> tuple[Reached, Seen]:
        numbers, predicted = look(state, until, order)
        return _recorded(member, at, reached, seen, numbers, predicted)

    reached, seen = jax.lax.cond(slots.is_recorded[at], record, lambda: (reached, seen))
    return reached, order, seen


def _recorded(
    member: Member, at: Array, reached: Reached, seen: Seen, numbers: dict[str, Shaped[Array, ""]], predicted: Predicted
) -> tuple[Reached, Seen]:
    has_diverged = is_lost(numbers, predicted)
    numbers = {
        name: jnp.where(has_diverged, jnp.nan, value) if "accuracy" in name else value
        for name, value in numbers.items()
    }
    columns = {name: column.at[at].set(numbers[name]) for name, column in seen.numbers.items()}
    comes = {"start": jnp.ones((), bool), **{name: _is_at(member, name, numbers) for name in member.thresholds}}
    drawn = {
        name: jnp.where(comes[name] & ~has_come, predicted, seen.predicted[name])
        for name, has_come in seen.has_come.items()
    }
    has_come = {name: has_come | comes[name] for name, has_come in seen.has_come.items()}
    in_a_row = jnp.where(_is_at(member, "generalized", numbers), reached.in_a_row + 1, 0)
    has_settled = (member.stop_after > 0) & (in_a_row >= member.stop_after)
    for moment, stops in member.stop_at.items():
        has_settled |= stops & comes[moment]
    reached = Reached(reached.state, reached.step, in_a_row, has_diverged | has_settled)
    return reached, Seen(columns, {**drawn, "end": predicted}, has_come)


def _is_at(member: Member, moment: str, numbers: dict[str, Shaped[Array, ""]]) -> Bool[Array, ""]:
    """Whether the accuracy that a moment is read from is at its threshold."""
    accuracy = numbers.get(ACCURACIES[moment], jnp.zeros(()))
    return accuracy >= member.thresholds[moment].astype(accuracy.dtype)


def _nothing(member: Member, numbers: dict[str, Any], predicted: Any, slots: int) -> Seen:
    """Return the record of no recording, given the shapes of what one returns."""
    columns = {name: jnp.zeros(slots, each.dtype) for name, each in numbers.items()}
    nothing = jnp.zeros(predicted.shape, predicted.dtype)
    never = {name: jnp.zeros((), bool) for name in ("start", *member.thresholds)}
    return Seen(columns, dict.fromkeys([*never, "end"], nothing), never)
