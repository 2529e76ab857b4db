"""Hidden units of one network in the order in which they are most like those of another."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from groklab.errors import InvalidSetting
from groklab.models.layers import Layer
from groklab.models.mlp import MLPWeights

SWEEPS = 100  # over the layers: few are needed until no unit moves


def matched(like: Any, weights: Any) -> MLPWeights:
    """Return weights of a multilayer perceptron with its hidden units reordered, which changes none of its answers.

    Layer after layer, and again until no unit moves, each is put where what comes in and what goes out have the
    greatest sum of products with those of `like` (Ainsworth et al. 2022): the best order of one hidden layer, a good
    one of several. Raise `InvalidSetting` for other models.
    """
    if not isinstance(weights, MLPWeights) or not isinstance(like, MLPWeights):
        raise InvalidSetting("`match` needs multilayer perceptrons, whose hidden units have no order. Leave it out.")
    if not all(np.isfinite(leaf).all() for leaf in jax.tree.leaves((like, weights))):
        raise InvalidSetting("`match` needs weights that are finite numbers, got others: has a run diverged?")
    layers, wanted = ([_arrays(layer) for layer in each.layers] for each in (weights, like))
    for _ in range(SWEEPS):
        moves = [_reorder(layers, wanted, place) for place in range(len(layers) - 1)]
        if not any(moves):
            break
    return MLPWeights(
        weights.embedding, tuple(Layer(jnp.asarray(matrix), jnp.asarray(bias)) for matrix, bias in layers)
    )


def _arrays(layer: Layer) -> tuple[np.ndarray, np.ndarray]:
    return np.asarray(layer.matrix), np.asarray(layer.bias)


def _reorder(layers: list[Any], wanted: list[Any], place: int) -> bool:
    """Reorder the units of one hidden layer, and return whether any moved."""
    from scipy.optimize import linear_sum_assignment  # half a second, and few need it

    (matrix, bias), (after, last) = layers[place], layers[place + 1]
    (its_matrix, its_bias), (its_after, _) = wanted[place], wanted[place + 1]
    alike = its_matrix.T @ matrix + np.outer(its_bias, bias) + its_after @ after.T
    order = linear_sum_assignment(alike, maximize=True)[1]
    layers[place], layers[place + 1] = (matrix[:, order], bias[order]), (after[order], last)
    return bool((order != np.arange(len(order))).any())
