"""What a run's network is at a step: its answers, embedding, attention and neurons, from the weights kept there."""

import functools
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from groklab.algebra.families import primitive_root
from groklab.algebra.table import is_prime
from groklab.errors import InvalidSetting, RunMissing
from groklab.models import MLP, Transformer
from groklab.page import planes
from groklab.page.packing import packed
from groklab.runner import plan_of
from groklab.store import Columns, Run
from groklab.tasks import BinaryTable, Modular
from groklab.training import Member, Setup, State, prepare
from groklab.training.arrays import from_arrays, refuse_unfitting, to_arrays
from groklab.training.step import start
from groklab.wide import float64

ROWS_AT_ONCE = 4096  # cells that the network is run on: a large table would not fit into memory at once
PRODUCTS = ("multiplication", "division")  # whose symbols lie on a circle in the order of their logarithms


class Network:
    """The network of a run that learns a table; raise `InvalidSetting` for any other run, which has no such pictures.

    What is seen of it at all steps is chosen once, from the last weights: the planes of its embedding.
    """

    def __init__(self, run: Run) -> None:
        self.run, self.plan = run, plan_of(run)
        if not isinstance(self.plan.task, BinaryTable) or not isinstance(self.plan.model, MLP | Transformer):
            raise InvalidSetting(
                f"`{run.name}` must be a transformer or an mlp that learns a table, to be looked into, got "
                f"{type(self.plan.model).__name__} on {run.plan()['task']}. Its curves and measures are there."
            )
        self._setup, self._member, self._examples = prepare(self.plan)
        self._refuse_unfitting()
        self._start = jax.tree.map(np.asarray, _started(self._setup, self._member))
        self.order, self.symbols = _order(self.plan.task)

    def _refuse_unfitting(self) -> None:
        """Compare a network with its last weights before it is built: it may be larger than any memory."""
        saved, kept = self.run.checkpoint(), self.run.snapshots()
        arrays = saved[0] if saved else self.run.snapshot(kept[-1]) if kept else None
        if arrays is not None:
            refuse_unfitting(arrays, self._setup, self.run.name)

    def steps(self) -> list[int]:
        """Return the steps whose weights are known: those kept on the way, and the last saved ones."""
        saved = self.run.checkpoint()
        return sorted({*self.run.snapshots(), *([saved[1]["step"]] if saved else [])})

    def at(self, step: int) -> dict[str, Any]:
        """Return the pictures of a step; raise `RunMissing` where its weights were not kept."""
        weights = self._weights(step)
        seen = self._seen(weights)
        return {
            "step": step,
            "answers": packed(seen.answers[:, 0]),
            "embedding": self._embedding(weights),
            "attention": [_attention(name, pattern, self._sides) for name, pattern in seen.patterns.items()],
            "neurons": self._neurons(seen.neurons),
        }

    def _seen(self, weights: Any) -> "Seen":
        """Run the network on all cells, some at a time, and keep of the neurons their means over the second operand."""
        row = self._sides[0]
        size = row.max() + 1
        left = np.zeros(size, int)
        left[row[row >= 0]] = np.nonzero(row >= 0)[0]
        answers, patterns, sums = [], [], None
        for first in range(0, size, ROWS_AT_ONCE):
            rows = np.minimum(np.arange(first, first + min(ROWS_AT_ONCE, size)), size - 1)
            count = min(ROWS_AT_ONCE, size - first)
            with float64(self.plan.precision.needs_float64):
                part = jax.device_get(_looked(self._setup, self._member, weights, jnp.asarray(rows, jnp.int32)))
            neurons = np.asarray(part["neurons"][:count], float)
            sums = np.zeros((len(row), neurons.shape[1])) if sums is None else sums
            np.add.at(sums, left[first : first + count], neurons)
            answers.append(part["answers"][:count])
            patterns.append({name: value[:count] for name, value in part["patterns"].items()})
        whole = {name: np.concatenate([part[name] for part in patterns]) for name in patterns[0]}
        return Seen(np.concatenate(answers), whole, sums / np.maximum((row >= 0).sum(1), 1)[:, None])

    def neighbours(self, step: int) -> dict[str, Any]:
        """Return t-SNE of the embedding at a step."""
        vectors = self._vectors(self._weights(step))
        points = planes.neighbours(vectors, self._planes[0].points(vectors))
        return {"step": step, "points": packed(points)}

    def _weights(self, step: int) -> Any:
        arrays: Columns | None = None
        if step in self.run.snapshots():
            arrays = self.run.snapshot(step)
        elif (saved := self.run.checkpoint()) is not None and saved[1]["step"] == step:
            arrays = saved[0]
        if arrays is None:
            known = self.steps()
            nearest = f"The nearest that are: step {min(known, key=lambda each: abs(each - step))}." if known else ""
            raise RunMissing(
                f"`step` must be one whose weights {self.run.name} has kept, got {step}. {nearest}".strip()
            )
        others = {name: array for name, array in to_arrays(self._start).items() if name.startswith("optimizer.")}
        return from_arrays({**arrays, **others}, self._start, self.run.name).weights

    def _vectors(self, weights: Any) -> planes.Vectors:
        rows = weights.layers[0].matrix if getattr(weights, "embedding", None) is None else weights.embedding
        return np.asarray(rows, float)[self.order]

    @functools.cached_property
    def _planes(self) -> list[planes.Plane]:
        is_cyclic = isinstance(self.plan.task, BinaryTable) and isinstance(self.plan.task.operation, Modular)
        return planes.planes_of(self._vectors(self._weights(self.steps()[-1])), is_residues=is_cyclic)

    @functools.cached_property
    def _sides(self) -> tuple[Int[np.ndarray, "left right"], int, int]:
        """Where examples lie in the table, and the positions of both operands in the sequence."""
        inputs = self._examples.inputs
        operands = [at for at in range(inputs.shape[1]) if len(np.unique(inputs[:, at])) > 1]
        assert isinstance(self.plan.task, BinaryTable)
        return self.plan.task.layout(self._examples).row, operands[0], operands[-1]

    def _embedding(self, weights: Any) -> dict[str, Any]:
        vectors = self._vectors(weights)
        is_cyclic = any(plane.frequency for plane in self._planes)
        return {
            "symbols": self.symbols,
            "planes": [{"frequency": each.frequency, "points": packed(each.points(vectors))} for each in self._planes],
            "spectrum": packed(planes.spectrum(vectors)) if is_cyclic else None,
        }

    def _neurons(self, means: Float[np.ndarray, "left neurons"]) -> dict[str, Any] | None:
        """Return the frequency and the point of every neuron, from its mean over the second operand."""
        if not any(plane.frequency for plane in self._planes):
            return None
        left = self.plan.task.layout(self._examples).left  # pyright: ignore[reportAttributeAccessIssue]
        places = [left.index(symbol) for symbol in self.symbols if symbol in left]
        frequency, points = planes.clusters(means[places])
        return {"frequency": packed(frequency), "points": packed(points)}


def _started(setup: Setup, member: Member) -> State:
    with float64(setup.precision.needs_float64):
        return start(setup, member)


class Seen(NamedTuple):
    """What a network says of all cells: its answers, where it looks, and its neurons by the first operand."""

    answers: Int[np.ndarray, "examples scored"]
    patterns: dict[str, Float[np.ndarray, "examples heads query key"]]
    neurons: Float[np.ndarray, "left neurons"]


@eqx.filter_jit
def _looked(setup: Setup, member: Member, weights: Any, rows: Int[Array, "batch"]) -> dict[str, Any]:
    weights = jax.tree.map(jnp.asarray, weights)
    batch = member.inputs.rows(rows)
    outputs, cache = setup.model.inside(weights, batch, setup.shape, matmul_dtype=setup.precision.products)
    patterns = {name: value for name, value in cache.items() if name.endswith("attn.hook_pattern")}
    return {"answers": setup.objective.answers(outputs), "patterns": patterns, "neurons": _last_neurons(cache)}


def _last_neurons(cache: dict[str, Array]) -> Array:
    """Return what the last hidden layer says at the last position."""
    names = [name for name in cache if name.endswith("mlp.hook_post") or name.startswith("hidden.")]
    last = cache[names[-1]] if names else jnp.zeros((len(next(iter(cache.values()))), 0))
    return last[:, -1] if last.ndim == 3 else last


def _attention(
    name: str, pattern: Float[np.ndarray, "examples heads query key"], sides: tuple[Any, int, int]
) -> dict[str, Any]:
    """Return a block's attention: the mean of every head, and how the last position divides its own between operands.

    The latter is by cell of the table: the share of what goes to both operands that the first one gets.
    """
    row, first, second = sides
    to_first, to_second = pattern[:, :, -1, first], pattern[:, :, -1, second]
    both = to_first + to_second
    share = np.divide(to_first, both, out=np.full_like(both, 0.5), where=both > 0)
    cells = np.where(row[..., None] >= 0, share[row], 0)  # (left, right, heads)
    return {
        "block": int(name.split(".")[1]),
        "mean": packed(pattern.mean(0)),
        "cells": packed(np.round(255 * cells.transpose(2, 0, 1)).astype(np.uint8)),
    }


def _order(task: BinaryTable) -> tuple[list[int], list[str]]:
    """Return the tokens of the symbols that are embedded, and their words, in the order in which a circle has them."""
    words, cells = list(task.vocabulary()), task.operation.cells()
    symbols = [symbol for symbol in words if symbol in set(cells.left) | set(cells.right)]
    operation = task.operation
    if isinstance(operation, Modular) and operation.operation in PRODUCTS and operation.p > 2 and is_prime(operation.p):
        root = primitive_root(operation.p)
        symbols = [str(pow(root, power, operation.p)) for power in range(operation.p - 1)]
    return [words.index(symbol) for symbol in symbols], symbols
