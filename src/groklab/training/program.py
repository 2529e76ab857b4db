"""Compiled programs: the pure functions of a run, jitted, for one member or for many at once."""

from collections.abc import Sequence
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import AxisType, Mesh, NamedSharding, PartitionSpec
from jaxtyping import Array, PyTree

from groklab.chance import partitionable
from groklab.memory_maps import MEMORY_MAPS
from groklab.training import block, evaluation, loop, step
from groklab.training.block import Reached, Seen, Slots, slots_of
from groklab.training.member import Member, Setup, State
from groklab.wide import float64


class Program:
    """One or more members of equal static setup, trained by one compiled program.

    A single member runs unmapped. On a CPU that is how all members run, one after the other by the same
    executable, and so each is bit-identical to its solo run. Several members are mapped by `vmap`; the leaves in which
    they agree are not copied. Several devices share the members where their number divides them.
    """

    def __init__(self, setups: Sequence[Setup], members: Sequence[Member], devices: Sequence[Any] = ()) -> None:
        MEMORY_MAPS.make_room()
        self.width = len(members)
        self._precision = setups[0].precision
        self._spread = _spread(devices, self.width)
        self._apart, self._common = stack(list(zip(setups, members, strict=True)))
        if self._spread is not None:
            self._apart = jax.device_put(self._apart, self._spread)

    def start(self) -> State:
        """Return the initial state."""
        return self._call(step.start)

    def begin(self, state: State, step: int, in_a_row: Sequence[int]) -> Reached:
        """Return where members begin: their state after `step` updates, and how often each was last recorded in a row
        with validation accuracy at its threshold.
        """
        counts = jnp.asarray(in_a_row if self.width > 1 else in_a_row[0], jnp.int32)
        return Reached(state, jnp.full_like(counts, step), counts, jnp.zeros_like(counts, bool))

    def block(self, reached: Reached, slots: Slots) -> tuple[Reached, Seen]:
        """Train and record as the slots say."""
        return self._call(block.block, reached, scalars=[slots])

    def compile(self, state: State) -> None:
        """Have the program of blocks compiled, and nothing trained."""
        self.block(self.begin(state, 0, [0] * self.width), slots_of(0, [], []))

    def advance(self, state: State, now: int, until: int) -> State:
        """Train from step `now` to step `until`, and record nothing."""
        return self._call(loop.advanced, state, scalars=_numbers(now, until))

    def observe(self, state: State, now: int) -> tuple[dict[str, Array], Array]:
        """Measure at step `now`: named numbers and predictions."""
        return self._call(evaluation.observe, state, scalars=_numbers(now))

    def _call(self, function: Any, *states: Any, scalars: Sequence[Any] = ()) -> Any:
        with float64(self._precision.needs_float64), partitionable():
            if self._spread is not None:
                states = jax.device_put(states, self._spread)
            if self.width > 1:
                return jax.block_until_ready(_mapped(function, self._apart, self._common, states, scalars))
            setup, member = self._common
            return jax.block_until_ready(_solo(function, setup, member, states, scalars))


def _numbers(*numbers: int) -> list[np.ndarray]:
    return [np.asarray(number, np.int32) for number in numbers]


def _spread(devices: Sequence[Any], width: int) -> NamedSharding | None:
    """Return how members lie on devices, None where one device has them all."""
    if len(devices) < 2 or width % len(devices):
        return None
    return NamedSharding(Mesh(np.asarray(devices), ("member",), (AxisType.Auto,)), PartitionSpec("member"))


@eqx.filter_jit
def _solo(function: Any, setup: Setup, member: Member, states: tuple[Any, ...], scalars: Any) -> Any:
    return function(setup, member, *states, *scalars)


@eqx.filter_jit
def _mapped(function: Any, apart: Any, common: Any, states: tuple[Any, ...], scalars: Any) -> Any:
    def one(apart: Any, states: tuple[Any, ...]) -> Any:
        return function(*eqx.combine(apart, common), *states, *scalars)

    return jax.vmap(one)(apart, states) if states else jax.vmap(lambda apart: one(apart, ()))(apart)


def stack(trees: Sequence[PyTree]) -> tuple[PyTree, PyTree]:
    """Stack the leaves in which trees differ; return them in one tree, and the leaves they share in another."""
    leaves, structure = jax.tree.flatten(trees[0])
    columns = list(zip(*(jax.tree.leaves(tree) for tree in trees), strict=True))
    differs = [not all(_equal(column[0], leaf) for leaf in column) for column in columns]
    stacked = [jnp.stack(column) if apart else None for column, apart in zip(columns, differs, strict=True)]
    shared = [None if apart else leaf for leaf, apart in zip(leaves, differs, strict=True)]
    return jax.tree.unflatten(structure, stacked), jax.tree.unflatten(structure, shared)


def _equal(left: Any, right: Any) -> bool:
    return left is right or np.array_equal(plain(left), plain(right))


def plain(leaf: Any) -> np.ndarray:
    """Return a leaf as a NumPy array, a key as its words."""
    is_key = isinstance(leaf, jax.Array) and jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)
    return np.asarray(jax.random.key_data(leaf) if is_key else leaf)
