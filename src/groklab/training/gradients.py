"""Gradients of the mean loss: on a batch, as an update takes it, and on any examples, as a function of the weights."""

from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int, PyTree

from groklab.training.batches import Batch
from groklab.training.member import Member, Setup
from groklab.trees import norm
from groklab.types import PRNGKey
from groklab.wide import at_least_single

ROWS_AT_ONCE = 512  # of a gradient of all training examples: the memory of a pass backwards is theirs


def per_example(
    losses: Float[Array, "batch scored"], asked: Bool[Array, "batch scored"], scale: float
) -> Float[Array, "batch"]:
    """Return each example's loss: the mean over the positions at which something is asked, times `scale`.

    Losses of 16 bits are added up in 32.
    """
    losses = losses.astype(at_least_single(losses.dtype))
    mean = losses.sum(-1) / asked.sum(-1).astype(losses.dtype)
    return mean if scale == 1 else mean * jnp.asarray(scale, mean.dtype)


def gradient(setup: Setup, weights: PyTree[Array], batch: Batch, *, key: PRNGKey) -> PyTree[Array]:
    """Return the gradient of the mean loss on a batch."""

    def mean_loss(weights: PyTree[Array]) -> Array:
        dtype = setup.precision.products
        outputs = setup.model.outputs(weights, batch.inputs, setup.shape, matmul_dtype=dtype, key=key)
        each = setup.objective.losses(outputs, batch.targets, setup.precision.loss)
        losses = per_example(each, setup.objective.asked(batch.targets), setup.shape.loss_scale)
        return (losses * batch.mask.astype(losses.dtype)).sum() / batch.mask.sum().astype(losses.dtype)

    return jax.grad(mean_loss)(weights)


def slope(
    setup: Setup, member: Member, weights: PyTree[Array], rows: Int[Array, "batch"] | None = None
) -> PyTree[Array]:
    """Return the gradient of the mean loss on the given examples, or on all for training, without dropout or noise.

    It can be differentiated forwards: the derivative along a direction is the product of the Hessian with it.
    """
    if rows is not None:
        total = _summed(setup, member, weights, rows, jnp.ones(rows.shape[0], bool))
        return jax.tree.map(lambda leaf: leaf / rows.shape[0], total)
    size = min(ROWS_AT_ONCE, member.order.shape[0])
    order = jnp.pad(member.order, (0, -member.order.shape[0] % size))

    def add(at: Int[Array, ""], total: Any) -> Any:
        chunk = jax.lax.dynamic_slice(order, (at * size,), (size,))
        is_training = at * size + jnp.arange(size, dtype=jnp.int32) < member.train_size
        return jax.tree.map(jnp.add, total, _summed(setup, member, weights, chunk, is_training))

    chunks = (member.train_size + (size - 1)) // size
    total = jax.lax.fori_loop(0, chunks, add, jax.tree.map(jnp.zeros_like, weights))
    return jax.tree.map(lambda leaf: leaf / member.train_size.astype(leaf.dtype), total)


def _summed(setup: Setup, member: Member, weights: Any, rows: Array, counts: Array) -> Any:
    """Return the gradient of the sum of the losses of those examples that count."""

    def loss(weights: PyTree[Array]) -> Array:
        batch, targets = member.inputs.rows(rows), member.targets[rows]
        outputs = setup.model.outputs(weights, batch, setup.shape, matmul_dtype=setup.precision.products)
        each = setup.objective.losses(outputs, targets, setup.precision.loss)
        losses = per_example(each, setup.objective.asked(targets), setup.shape.loss_scale)
        return jnp.where(counts, losses, 0).sum()

    return jax.grad(loss)(weights)


def turned(batch: PyTree[Array], whole: PyTree[Array], *, key: PRNGKey) -> PyTree[Array]:
    """Return the gradient of all examples plus noise as long as a batch's, isotropic."""
    leaves, structure = jax.tree.flatten(whole)
    keys = jax.random.split(key, len(leaves))
    drawn = [jax.random.normal(each, leaf.shape, leaf.dtype) for each, leaf in zip(keys, leaves, strict=True)]
    length = norm(jax.tree.map(jnp.subtract, batch, whole)) / norm(drawn)
    return jax.tree.map(lambda leaf, noise: leaf + noise * length, whole, jax.tree.unflatten(structure, drawn))
