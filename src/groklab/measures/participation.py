"""How few frequencies each unit of a quadratic network has, and how well its phases fit (Gromov 2023)."""

from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Float, PyTree

from groklab.errors import InvalidSetting
from groklab.measures.base import Measure, Observation
from groklab.measures.circuits.base import modulus
from groklab.types import Examples, Scalar

LAYERS = ("left", "right", "output")


class Participation(Measure):
    """The inverse participation ratio Σ|ŵ|⁴ / (Σ|ŵ|²)² of the units' spectra, the mean over units, of each layer.

    1 for a single frequency, about 4/p for noise; the constant part is left out. `phase_fit` is the mean over units of
    cos(φ₁ + φ₂ − φ₃) at the unit's frequency, 1 for weights that add modulo p and 0 for noise.
    """

    def check(self, examples: Examples, weights: PyTree[Any]) -> None:
        if not all(hasattr(weights, name) for name in LAYERS):
            raise InvalidSetting("`measures` participation looks at a quadratic network. Use model=quadratic.")

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        p = modulus(seen)
        rows = (seen.weights.left[:p], seen.weights.right[:p], seen.weights.output[:, :p].T)
        spectra = [jnp.fft.rfft(each, axis=0)[1:] for each in rows]
        powers = [jnp.square(jnp.abs(each)) for each in spectra]
        own = (powers[0] * powers[1] * powers[2]).argmax(0)
        angles = [jnp.angle(jnp.take_along_axis(each, own[None], axis=0)[0]) for each in spectra]
        return {
            "participation.input": (_ratio(powers[0]) + _ratio(powers[1])) / 2,
            "participation.output": _ratio(powers[2]),
            "phase_fit": jnp.cos(angles[0] + angles[1] - angles[2]).mean(),
        }


def _ratio(power: Float[Array, "frequencies units"]) -> Scalar:
    return (jnp.square(power).sum(0) / jnp.square(power.sum(0))).mean()
