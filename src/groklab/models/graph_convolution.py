"""A network on graphs whose edges decide what passes along them (Gilmer et al. 2017; Liu et al. 2023, QM9)."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Shaped

from groklab.models.base import Model, ModelInputs, uniform
from groklab.models.layers import Layer, dense
from groklab.models.products import product
from groklab.settings import setting
from groklab.types import Graphs, PRNGKey, Shape


class Convolution(eqx.Module):
    """x ← x·A + b + Σ over neighbours of x′·M(e), where M is what two layers make of the kind e of the edge."""

    itself: Float[Array, "inputs outputs"]
    bias: Float[Array, "outputs"]
    edge: tuple[Layer, Layer]


class GraphWeights(eqx.Module):
    """The weights: the convolutions, and the layers that read the sum over nodes."""

    convolutions: tuple[Convolution, ...]
    layers: tuple[Layer, Layer]


class GraphConvolution(Model):
    """Two convolutions over edges, the sum over nodes, and two layers.

    Initial weights are PyTorch's; the biases of convolutions begin at 0.
    """

    reads = (Graphs,)
    width: int = setting(32, "width of the first convolution", at_least=1)
    pooled: int = setting(16, "width of the second, which is summed over nodes", at_least=1)
    edge_hidden: int = setting(32, "hidden width of the network that reads an edge", at_least=1)
    hidden: int = setting(32, "hidden width of the layers that read the sum", at_least=1)

    def arrange(self, inputs: Shaped[np.ndarray, "examples atoms columns"], shape: Shape) -> ModelInputs:
        graphs = shape.graphs
        joined = inputs[:, :, graphs.features :].reshape(len(inputs), graphs.atoms, graphs.kinds, graphs.atoms)
        is_node = inputs[:, :, : graphs.features].any(-1)
        parts = inputs[:, :, : graphs.features], joined, is_node
        return ModelInputs(tuple(jnp.asarray(part, jnp.float32) for part in parts), None)

    def initialize(self, shape: Shape, *, key: PRNGKey) -> GraphWeights:
        first, second, *keys = jax.random.split(key, 4)
        sizes = [shape.graphs.features, self.width, self.pooled]
        convolutions = tuple(
            self._convolution(key, shape.graphs.kinds, rows, columns)
            for key, rows, columns in zip(keys, sizes[:-1], sizes[1:], strict=True)
        )
        layers = dense(first, sizes[-1], self.hidden), dense(second, self.hidden, shape.outputs)
        return GraphWeights(convolutions, layers)

    def _convolution(self, key: PRNGKey, kinds: int, rows: int, columns: int) -> Convolution:
        own, first, second = jax.random.split(key, 3)
        edge = dense(first, kinds, self.edge_hidden), dense(second, self.edge_hidden, rows * columns)
        return Convolution(uniform(own, rows, columns, 1.0), jnp.zeros(columns, jnp.float32), edge)

    def outputs(
        self, weights: GraphWeights, batch: ModelInputs, shape: Shape, *, matmul_dtype: str, key: PRNGKey | None = None
    ) -> Float[Array, "batch scored outputs"]:
        values, joined, is_node = (part.astype(weights.layers[0].matrix.dtype) for part in batch.examples)
        for convolution in weights.convolutions:
            values = jax.nn.relu(_convolved(convolution, values, joined, matmul_dtype))
        pooled = (values * is_node[:, :, None]).sum(1)
        first, second = weights.layers
        return second(jax.nn.relu(first(pooled, matmul_dtype)), matmul_dtype)[:, None]


def _convolved(
    convolution: Convolution,
    values: Float[Array, "batch atoms inputs"],
    joined: Float[Array, "batch atoms kinds atoms"],
    matmul_dtype: str,
) -> Float[Array, "batch atoms outputs"]:
    """Pass values along edges. There are only a few kinds of them, each with a matrix of its own."""
    first, second = convolution.edge
    rows, columns = convolution.itself.shape
    kinds = first.matrix.shape[0]
    hidden = jax.nn.relu(first.matrix + first.bias[None])  # what the first layer says to each kind, one-hot
    passed = second(hidden, matmul_dtype).reshape(kinds, rows, columns)
    beside = passed.transpose(1, 0, 2).reshape(rows, kinds * columns)
    size, atoms = values.shape[:2]
    flat = values.reshape(size * atoms, rows)
    sent = product(flat, beside, matmul_dtype).reshape(size, atoms, kinds, columns)
    received: Any = jnp.einsum("bikj,bjkc->bic", joined, sent)
    return (
        product(flat, convolution.itself, matmul_dtype).reshape(size, atoms, columns)
        + convolution.bias[None, None]
        + received
    )
