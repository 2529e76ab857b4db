"""The paper's training step, written once more and plainly, from its description alone."""

import random

import jax
import jax.numpy as jnp
import numpy as np

from groklab.models.transformer.lens import to_lens
from groklab.tasks import BinaryTable, Modular
from groklab.training import Precision, Program, Seeds, prepare
from groklab.training.presets import MAINLINE

P, SEED, STEPS = 11, 3, 30
LEARNING_RATE, DECAY, B1, B2, EPSILON, WARMUP = 1e-3, 1.0, 0.9, 0.98, 1e-8, 10


def logits(weights, tokens):
    """Return the logits after the last of three tokens, for one example."""
    stream = weights["embed.W_E"][tokens] + weights["pos_embed.W_pos"]
    out = jnp.zeros_like(stream)
    for head in range(2):
        query, key, value, back = (weights[f"blocks.0.attn.W_{name}"][head] for name in "QKVO")
        scores = (stream @ query) @ (stream @ key).T / jnp.sqrt(jnp.asarray(query.shape[1], stream.dtype))
        seen = jnp.tril(jnp.ones((3, 3), bool))
        out = out + jax.nn.softmax(jnp.where(seen, scores, -1e10)) @ (stream @ value) @ back
    stream = stream + out
    neurons = jax.nn.relu(stream @ weights["blocks.0.mlp.W_in"] + weights["blocks.0.mlp.b_in"][None])
    stream = stream + neurons @ weights["blocks.0.mlp.W_out"] + weights["blocks.0.mlp.b_out"][None]
    return stream[-1] @ weights["unembed.W_U"]


@jax.jit
def loss(weights, pairs):
    """Return the mean cross-entropy, the sign = being one of the classes."""
    scores = jax.vmap(lambda pair: jax.nn.log_softmax(logits(weights, pair)))(pairs)
    return -jnp.mean(scores[jnp.arange(len(pairs)), pairs[:, :2].sum(1) % P])


@jax.jit
def adamw(weights, first, second, slope, step):
    """Make update number `step`, counted from 0, the learning rate of which is 0 at first."""
    rate = LEARNING_RATE * jnp.minimum(step / WARMUP, 1)
    first = jax.tree.map(lambda m, g: B1 * m + (1 - B1) * g, first, slope)
    second = jax.tree.map(lambda v, g: B2 * v + (1 - B2) * g * g, second, slope)

    def moved(w, m, v):
        return w - rate * (m / (1 - B1 ** (step + 1)) / (jnp.sqrt(v / (1 - B2 ** (step + 1))) + EPSILON) + DECAY * w)

    return jax.tree.map(moved, weights, first, second), first, second


def split(fraction):
    """Return the official split: all triples in order, shuffled by Python's generator."""
    triples = [(x, y, P) for x in range(P) for y in range(P)]
    random.Random(SEED).shuffle(triples)
    size = int(fraction * P * P)
    return jnp.asarray(triples[:size]), jnp.asarray(triples[size:])


def test_the_main_run_takes_the_steps_of_its_description():
    plan = MAINLINE.replace(
        task=BinaryTable(Modular("addition", P), fraction=0.4, profile="nanda"),
        model=MAINLINE.model.replace(width=8, heads=2, hidden=16),
        seeds=Seeds(init=1, split=SEED),
        precision=Precision("float64", "float64", "float64"),
    )
    setup, member, _ = prepare(plan)
    program = Program([setup], [member])
    state = program.start()
    arrays, _ = to_lens(setup.model, state.weights, setup.shape)
    with jax.enable_x64(True):
        weights = {
            name: jnp.asarray(array, jnp.float64)
            for name, array in arrays.items()
            if name.split(".")[-1] not in ("b_Q", "b_K", "b_V", "b_O", "b_U")  # zeros that the network does not have
        }
        zeros = jax.tree.map(jnp.zeros_like, weights)
        first, second = zeros, zeros
        train, test = split(0.4)
        at_first = float(loss(weights, train))
        for step in range(STEPS):
            seen = program.observe(state, step)[0]
            expected = [float(loss(weights, pairs)) for pairs in (train, test)]
            ours = [float(np.squeeze(seen[name])) for name in ("train_loss", "validation_loss")]
            np.testing.assert_allclose(ours, expected, rtol=1e-8)
            slope = jax.grad(loss)(weights, train)
            weights, first, second = adamw(weights, first, second, slope, jnp.asarray(float(step)))
            state = program.advance(state, step, step + 1)
    assert expected[0] < at_first - 0.01  # it is not a standstill that was compared
