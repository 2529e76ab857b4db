"""The two-dimensional Fourier transform of a network's logits over both operands."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from groklab.measures.circuits import fourier
from groklab.papers.words import modulus
from groklab.runner import weights_at
from groklab.store import Run
from groklab.training import Plan, prepare


@functools.cache
def spectrum(plan: Plan, run: Run) -> Float[np.ndarray, "p p"]:
    """Return the norm over all answers of each component of the finished network's logits, a's down, b's across."""
    p = modulus(plan)
    setup, member, _ = prepare(plan)
    weights = jax.tree.map(jnp.asarray, weights_at(run))
    logits = setup.model.outputs(weights, member.inputs, setup.shape, matmul_dtype=setup.precision.products)
    table = np.asarray(logits)[:, 0, :p].reshape(p, p, p)
    table = table - table.mean(2, keepdims=True)
    rows = fourier.basis(p)
    return np.linalg.norm(np.einsum("ia,jb,abc->ijc", rows, rows, table, optimize=True), axis=2)
