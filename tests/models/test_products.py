"""Every hand-written gradient against the one that autodiff derives."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from groklab.models.products import attend, lookup, normalize, product


def same_gradient(function, reference, arguments, weights):
    def gradient(each):
        every = tuple(range(len(arguments)))
        return jax.jit(jax.grad(lambda *a: (each(*a) * weights).sum(), argnums=every))(*arguments)

    np.testing.assert_allclose(function(*arguments), reference(*arguments), rtol=1e-5, atol=1e-5)
    jax.tree.map(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5), gradient(function), gradient(reference)
    )


def test_product(getkey):
    left, right = jax.random.normal(getkey(), (3, 4)), jax.random.normal(getkey(), (4, 5))
    weights = jax.random.normal(getkey(), (3, 5))
    same_gradient(lambda *a: product(*a, "float32"), jnp.matmul, (left, right), weights)


def test_product_with_short_operands_accumulates_in_full(getkey):
    left, right = jax.random.normal(getkey(), (3, 400)), jax.random.normal(getkey(), (400, 5))
    short = product(left, right, "bfloat16")
    assert short.dtype == jnp.float32
    rounded = [np.asarray(each.astype(jnp.bfloat16).astype(jnp.float32)) for each in (left, right)]
    np.testing.assert_allclose(short, rounded[0] @ rounded[1], rtol=1e-4, atol=1e-4)


def test_lookup_is_indexing_in_value_and_gradient(getkey):
    table, index = jax.random.normal(getkey(), (5, 3)), jnp.array([0, 4, 4, 2])
    weights = jax.random.normal(getkey(), (4, 3))
    assert jnp.array_equal(lookup(table, index), table[index])
    by_hand = jax.grad(lambda t: (lookup(t, index) * weights).sum())(table)
    derived = jax.grad(lambda t: (t[index] * weights).sum())(table)
    np.testing.assert_allclose(by_hand, derived, rtol=1e-6)


def test_normalize_has_mean_zero_and_deviation_one(getkey):
    rows = normalize(jax.random.normal(getkey(), (4, 64)) * 3 + 1, jnp.ones(64), jnp.zeros(64))
    np.testing.assert_allclose(rows.mean(-1), 0, atol=1e-6)
    np.testing.assert_allclose(rows.std(-1), 1, rtol=1e-4)


def test_normalize_gradient(getkey):
    def plain(values, scale, shift):
        centered = values - values.mean(-1, keepdims=True)
        return centered / jnp.sqrt(jnp.square(centered).mean(-1, keepdims=True) + 1e-5) * scale[None] + shift[None]

    arguments = tuple(jax.random.normal(getkey(), shape) for shape in ((4, 8), (8,), (8,)))
    same_gradient(normalize, plain, arguments, jax.random.normal(getkey(), (4, 8)))


def reference(query, keys, values, heads):
    rows = max(each.shape[0] for each in (query, *keys))
    split = lambda x: jnp.broadcast_to(x, (rows, x.shape[1])).reshape(rows, heads, -1)  # noqa: E731
    key, value = (jnp.stack([split(x) for x in each], 1) for each in (keys, values))
    scores = jnp.einsum("rhd,rkhd->rhk", split(query), key) / jnp.sqrt(key.shape[-1])
    return jnp.einsum("rhk,rkhd->rhd", jax.nn.softmax(scores, -1), value).reshape(rows, -1)


@pytest.mark.parametrize("rows", [(5, 5, 5), (1, 5, 5), (5, 1, 5), (1, 5, 1)])
def test_attend_is_attention_also_where_a_row_stands_for_all(getkey, rows):
    query, *keys = (jax.random.normal(getkey(), (size, 8)) for size in rows)
    values = tuple(jax.random.normal(getkey(), key.shape) for key in keys)
    weights = jax.random.normal(getkey(), (5, 8))
    arguments = (query, tuple(keys), values)
    same_gradient(lambda *a: attend(*a, 2), lambda *a: reference(*a, 2), arguments, weights)
