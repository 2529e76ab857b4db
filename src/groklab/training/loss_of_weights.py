"""The training loss of a network as a function of its weights alone."""

import jax.numpy as jnp
from jax.flatten_util import ravel_pytree
from jax.tree_util import Partial
from jaxtyping import Array, Float

from groklab.training.evaluation import evaluate
from groklab.training.gradients import per_example
from groklab.training.member import Member, Setup, State
from groklab.types import Scalar


def loss_of_weights(setup: Setup, member: Member, state: State) -> tuple[Partial, Float[Array, "weights"]]:
    """Return the mean loss on the training examples as a function of weights in one row, and those."""
    return Partial(_training_loss, setup, member, state), ravel_pytree(state.weights)[0]


def _training_loss(setup: Setup, member: Member, like: State, flat: Float[Array, "weights"]) -> Scalar:
    weights = ravel_pytree(like.weights)[1](flat)
    each, _ = evaluate(setup, member, State(weights, like.optimizer))
    losses = per_example(each, setup.objective.asked(member.targets), setup.shape.loss_scale)
    rank = jnp.zeros_like(member.order).at[member.order].set(jnp.arange(member.order.shape[0], dtype=jnp.int32))
    among = rank < member.train_size
    return jnp.where(among, losses, 0).sum() / among.sum().astype(losses.dtype)
