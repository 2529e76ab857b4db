"""Other rules that divide a gradient by its usual size: RMSProp as PyTorch has it, and Adagrad."""

import jax.numpy as jnp
import optax
from jaxtyping import Array, Int

from groklab.optimizers.base import Rule
from groklab.optimizers.transforms import mixing_dtypes
from groklab.settings import setting
from groklab.types import Scalar


class RMSProp(Rule):
    """Divides by the root of a running mean of squared gradients; no momentum (Tieleman and Hinton 2012)."""

    decay: float = setting(0.99, "decay rate of the mean of squares", at_least=0, below=1)
    epsilon: float = setting(1e-8, "added to the root", at_least=0)

    def direction(self) -> optax.GradientTransformation:
        return mixing_dtypes(optax.scale_by_rms(self.decay, self.epsilon, eps_in_sqrt=False))

    def bias_correction(self, count: Int[Array, ""]) -> Scalar:
        return jnp.ones(())


class Adagrad(Rule):
    """Divides by the root of the sum of all squared gradients so far (Duchi, Hazan and Singer 2011)."""

    epsilon: float = setting(1e-20, "added to the sum", at_least=0)

    def direction(self) -> optax.GradientTransformation:
        return mixing_dtypes(optax.scale_by_rss(0.0, self.epsilon))

    def bias_correction(self, count: Int[Array, ""]) -> Scalar:
        return jnp.ones(())
