"""What measures say of a plan's network, wherever its weights are from."""

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from groklab.errors import InvalidSetting
from groklab.training import Plan, Program, State, prepare
from groklab.wide import float64


def observed(plan: Plan, weights: Any) -> dict[str, Any]:
    """Return what the measures of a plan say of given weights; raise `InvalidSetting` where these do not fit it."""
    first = start(plan)
    with float64(plan.precision.needs_float64):
        weights = fitting(weights, first.weights)
    program = program_of(plan, weights)
    numbers, _ = program.observe(State(weights, first.optimizer), 0)
    return {name: np.asarray(value)[()] for name, value in numbers.items()}


def start(plan: Plan) -> State:
    """Return the state at step 0; raise `InvalidSetting` where a measure does not suit the task or the model."""
    setup, member, _ = prepare(plan)
    return Program([setup], [member]).start()


def program_of(plan: Plan, last: Any) -> Program:
    """Return the program that observes, with what its measures leave open taken from the last weights."""
    setup, member, examples = prepare(plan)
    with float64(setup.precision.needs_float64):
        last = jax.tree.map(jnp.asarray, last)
        inside = functools.partial(
            setup.model.inside, last, member.inputs, setup.shape, matmul_dtype=setup.precision.products
        )
        measures = tuple(measure.completed(examples, last, inside) for measure in plan.measures)
    setup, member, _ = prepare(plan.replace(measures=measures))
    return Program([setup], [member])


def fitting(weights: Any, like: Any) -> Any:
    """Return weights in the dtypes of others, whose form and shapes they must have."""
    cure = "Is it the task, and the model, of these weights?"
    if jax.tree.structure(weights) != jax.tree.structure(like):
        raise InvalidSetting(f"`network` must have weights of its model's form, got others. {cure}")

    def fit(path: Any, leaf: Any, other: Any) -> jax.Array:
        if np.shape(leaf) != other.shape:
            name = jax.tree_util.keystr(path).lstrip(".")
            raise InvalidSetting(f"`network` must have {name} of shape {other.shape}, got {np.shape(leaf)}. {cure}")
        return jnp.asarray(leaf, other.dtype)

    return jax.tree_util.tree_map_with_path(fit, weights, like)
