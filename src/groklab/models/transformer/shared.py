"""The forward pass that computes nothing twice: shared prefixes once, tokens once, the scored positions last.

Every position is a column of its own: in the prefix with a row for each distinct prefix, after it with a row for each
example, and with a single row where all are alike. Keeping positions apart, rather than stacking them
in one array, saves the slices and concatenations that cost a third of a step on two cores.
"""

from collections.abc import Sequence
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from groklab.models.activations import ACTIVATIONS
from groklab.models.base import ModelInputs
from groklab.models.products import attend, lookup, normalize, product
from groklab.models.transformer.sequences import Own, Shared
from groklab.models.transformer.weights import Block, Norm, Weights


class Form(NamedTuple):
    """The static choices a forward pass depends on."""

    heads: int
    norm: str
    activation: str
    matmul_dtype: str
    doubled: bool = False


class Column(NamedTuple):
    """One position: distinct rows, and where each prefix or example finds its own (None: they are in order)."""

    values: Float[Array, "distinct width"]
    rows: Int[Array, "rows"] | None

    def spread(self, values: Float[Array, "distinct wide"]) -> Float[Array, "#rows wide"]:
        """Give each prefix or example its row of something computed once for each distinct row."""
        return values if self.rows is None else lookup(values, self.rows)


def forward(
    weights: Weights, positions: Array | None, batch: ModelInputs, scored: Sequence[int], form: Form
) -> Float[Array, "batch scored width"]:
    """Return the last block's output at the scored positions (normalized, where there is a final norm)."""
    columns = _embed(weights, positions, batch)
    everywhere = range(max(scored) + 1)
    for number, block in enumerate(weights.blocks):
        wanted = scored if number == len(weights.blocks) - 1 else everywhere
        columns = _block(block, columns, wanted, batch.examples.prefix, len(batch.shared.prefix_rows), form)
    outputs = [affine(weights.final_norm, columns[position].values) for position in scored]
    size = batch.examples.prefix.shape[0]
    return jnp.stack([jnp.broadcast_to(output, (size, output.shape[1])) for output in outputs], axis=1)


def _embed(weights: Weights, positions: Array | None, batch: ModelInputs) -> dict[int, Column]:
    shared: Shared = batch.shared
    own: Own = batch.examples
    columns = {}
    for position, (tokens, rows) in enumerate(zip(shared.tokens, shared.prefix_rows + own.rows, strict=True)):
        values = lookup(weights.embedding, tokens)
        columns[position] = Column(values if positions is None else values + positions[position][None], rows)
    return columns


def _block(
    block: Block, columns: dict[int, Column], wanted: Sequence[int], prefix: Array, length: int, form: Form
) -> dict[int, Column]:
    mixed = _attention(block, columns, wanted, prefix, length, form)
    outputs = {}
    for position in wanted:
        column = columns[position]
        residual = column.spread(column.values) + _dense(mixed[position], block.output, block, "output", form)
        hidden = affine(block.attention_norm, residual) if form.norm == "post" else residual
        outputs[position] = Column(_mlp(block, hidden, form), None)
    return outputs


def _attention(
    block: Block, columns: dict[int, Column], wanted: Sequence[int], prefix: Array, length: int, form: Form
) -> dict[int, Array]:
    inputs = {
        position: affine(block.attention_norm, column.values) if form.norm == "pre" else column.values
        for position, column in columns.items()
        if position <= max(wanted)
    }

    def project(name: str, position: int) -> Array:
        return columns[position].spread(_dense(inputs[position], getattr(block, name), block, name, form))

    keys = {position: project("key", position) for position in inputs}
    values = {position: project("value", position) for position in inputs}
    in_prefix = [position for position in inputs if position < length]
    mixed = {}
    for position in [position for position in wanted if position < length]:
        seen = range(position + 1)
        mixed[position] = _mix(project("query", position), [keys[i] for i in seen], [values[i] for i in seen], form)
    for position in in_prefix:
        keys[position], values[position] = _per_example(keys[position], prefix), _per_example(values[position], prefix)
    for position in [position for position in wanted if position >= length]:
        seen = range(position + 1)
        mixed[position] = _mix(project("query", position), [keys[i] for i in seen], [values[i] for i in seen], form)
    return mixed


def _mix(query: Array, keys: list[Array], values: list[Array], form: Form) -> Array:
    return values[0] if len(keys) == 1 else attend(query, tuple(keys), tuple(values), form.heads)


def _per_example(values: Array, prefix: Array) -> Array:
    return values if values.shape[0] == 1 else lookup(values, prefix)


def _mlp(block: Block, values: Array, form: Form) -> Array:
    if block.up is None or block.down is None:
        return values
    inputs = affine(block.mlp_norm, values) if form.norm == "pre" else values
    hidden = ACTIVATIONS[form.activation](_dense(inputs, block.up, block, "up", form))
    residual = values + _dense(hidden, block.down, block, "down", form)
    return affine(block.mlp_norm, residual) if form.norm == "post" else residual


def _dense(values: Array, matrix: Array, block: Block, name: str, form: Form) -> Array:
    outputs = product(values, matrix, form.matmul_dtype)
    bias = None if block.bias is None else getattr(block.bias, name)
    return outputs if bias is None else outputs + bias[None]


def affine(norm: Norm | None, values: Float[Array, "rows width"]) -> Float[Array, "rows width"]:
    """Normalize each row, or leave it where there is no norm."""
    return values if norm is None else normalize(values, norm.scale, norm.shift)
