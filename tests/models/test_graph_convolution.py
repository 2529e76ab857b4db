"""Graph convolutions against a plain loop over edges."""

import jax
import numpy as np
import pytest

from groklab.models import GraphConvolution
from groklab.types import Graphs, Numbers, Shape

ATOMS, FEATURES, KINDS = 5, 3, 2
SHAPE = Shape(Graphs(ATOMS, FEATURES, KINDS), Numbers((1,)))
MODEL = GraphConvolution(width=6, pooled=4, edge_hidden=5, hidden=32)
EDGES = [(0, 1, 0), (1, 2, 1), (2, 3, 0)]  # two atoms and the kind of their bond


def graph(edges, features, atoms=ATOMS):
    """Return a graph as an array, padded to `atoms`."""
    joined = np.zeros((atoms, KINDS, atoms), np.float32)
    for one, other, kind in edges:
        joined[one, kind, other] = joined[other, kind, one] = 1
    padded = np.concatenate([features, np.zeros((atoms - len(features), FEATURES), np.float32)])
    return np.concatenate([padded, joined.reshape(atoms, -1)], axis=1)


def answer(weights, graphs):
    inputs = np.stack(graphs)
    shape = Shape(Graphs(inputs.shape[1], FEATURES, KINDS), Numbers((1,)))
    return np.asarray(MODEL.outputs(weights, MODEL.arrange(inputs, shape), shape, matmul_dtype="float32"))[:, 0, 0]


@pytest.fixture
def weights():
    return MODEL.initialize(SHAPE, key=jax.random.key(0))


@pytest.fixture
def features():
    return np.random.default_rng(0).random((4, FEATURES)).astype(np.float32)


def by_hand(weights, features, edges):
    values = features
    for convolution in weights.convolutions:
        first, second = convolution.edge
        passed = values @ convolution.itself + convolution.bias[None]
        for one, other, kind in edges:
            hidden = np.maximum(np.eye(KINDS, dtype=np.float32)[kind] @ first.matrix + first.bias, 0)
            matrix = (hidden @ second.matrix + second.bias).reshape(convolution.itself.shape)
            passed = passed.at[one].add(values[other] @ matrix).at[other].add(values[one] @ matrix)
        values = np.maximum(passed, 0)
    first, second = weights.layers
    return float((np.maximum(values.sum(0) @ first.matrix + first.bias, 0) @ second.matrix + second.bias)[0])


def test_a_convolution_sums_over_edges(weights, features):
    got = answer(weights, [graph(EDGES, features)])[0]
    assert got == pytest.approx(by_hand(weights, features, EDGES), rel=1e-5)


def test_neither_padding_nor_the_order_of_atoms_matters(weights, features):
    turned = [3, 1, 0, 2]  # atom `old` is called `turned.index(old)`
    edges = [(turned.index(one), turned.index(other), kind) for one, other, kind in EDGES]
    same, tight = graph(edges, features[turned]), graph(EDGES, features, atoms=4)
    expected = answer(weights, [graph(EDGES, features)])[0]
    assert answer(weights, [same])[0] == pytest.approx(expected, rel=1e-5)
    assert answer(weights, [tight])[0] == pytest.approx(expected, rel=1e-5)
    other = [(0, 1, 1), *EDGES[1:]]
    assert answer(weights, [graph(other, features)])[0] != pytest.approx(expected, rel=1e-3)


def test_initial_weights_are_as_many_and_as_large_as_those_of_the_paper():
    drawn = GraphConvolution().initialize(Shape(Graphs(29, 11, 4), Numbers((1,))), key=jax.random.key(0))
    leaves = jax.tree.leaves(drawn)
    assert sum(leaf.size for leaf in leaves) == 30_321
    assert sum(float((leaf**2).sum()) for leaf in leaves) ** 0.5 == pytest.approx(18.7, rel=0.02)
