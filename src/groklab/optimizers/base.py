"""What turns gradients into updates: a rule, and what every rule can be combined with."""

import abc

import jax.numpy as jnp
import optax
from jaxtyping import Array, Int

from groklab.optimizers import transforms
from groklab.optimizers.constraints import Constraint, Free
from groklab.optimizers.filters import Filter, Unfiltered
from groklab.settings import Settings, setting
from groklab.types import Scalar


class Rule(Settings):
    """How a gradient becomes a direction of descent."""

    @abc.abstractmethod
    def direction(self) -> optax.GradientTransformation:
        """Return the transformation of gradients into directions, before any learning rate."""

    @abc.abstractmethod
    def bias_correction(self, count: Int[Array, ""]) -> Scalar:
        """Return the factor by which the rule enlarges its step at update `count` (1 for the first)."""


class Adam(Rule):
    """Adam (Kingma and Ba 2015) with the betas of Power et al. 2022."""

    b1: float = setting(0.9, "decay rate of the first moment", at_least=0, below=1)
    b2: float = setting(0.98, "decay rate of the second moment", at_least=0, below=1)
    epsilon: float = setting(1e-8, "added to the root of the second moment", at_least=0)

    def direction(self) -> optax.GradientTransformation:
        return transforms.mixing_dtypes(optax.scale_by_adam(self.b1, self.b2, self.epsilon))

    def bias_correction(self, count: Int[Array, ""]) -> Scalar:
        return 1 / (1 - jnp.asarray(self.b1) ** count.astype(jnp.result_type(self.b1)))


class Momentum(Rule):
    """Gradient descent with momentum; plain gradient descent at 0."""

    momentum: float = setting(0.0, "share of the last direction that is kept", at_least=0, below=1)

    def direction(self) -> optax.GradientTransformation:
        is_plain = isinstance(self.momentum, float) and self.momentum == 0.0
        return optax.identity() if is_plain else optax.trace(self.momentum)

    def bias_correction(self, count: Int[Array, ""]) -> Scalar:
        return jnp.ones(())


class Optimizer(Settings):
    """A chain of filter, rule, noise, decay, rate and constraint; the defaults are AdamW as in Power et al. 2022."""

    rule: Rule = setting(Adam(), "how a gradient becomes a direction: adam, momentum, rmsprop or adagrad")
    learning_rate: float = setting(1e-3, "learning rate after warm-up", above=0)
    weight_decay: float = setting(1.0, "weight decay λ, on every weight", at_least=0)
    decay: str = setting(
        "origin",
        "decoupled towards the origin or the initial weights, or coupled (L2, through the rule)",
        choices=("origin", "initialization", "coupled"),
    )
    update_noise: float = setting(0.0, "standard deviation ν of the noise on normalized updates", at_least=0)
    noise_form: str = setting(
        "paper",
        "whether update noise is enlarged by the bias correction (official) or not",
        choices=("paper", "official"),
    )
    warmup: str = setting(
        "paper",
        "linear warm-up from 1/n of the rate (paper) or from rate 0 (official), or none",
        choices=("paper", "official", "none"),
    )
    warmup_steps: int = setting(10, "updates n until the full rate", at_least=1)

    filter: Filter = setting(Unfiltered(), "what gradients go through before the rule", is_later=True)
    constraint: Constraint = setting(Free(), "what weights are held to after every update", is_later=True)

    def build(self) -> optax.GradientTransformationExtraArgs:
        """Return the whole transformation; its `update` takes a `key` for the noise."""
        correction = self.rule.bias_correction if self.noise_form == "official" else None
        is_coupled = self.decay == "coupled"
        return optax.chain(
            *self.filter.transformations(),
            transforms.decay(self.weight_decay if is_coupled else 0.0, "origin"),
            self.rule.direction(),
            transforms.update_noise(self.update_noise, correction),
            transforms.decay(0.0 if is_coupled else self.weight_decay, self.decay),
            transforms.descend(self.learning_rate, self.warmup, self.warmup_steps),
            *self.constraint.transformations(),
        )


def adam(**changes: object) -> Optimizer:
    """Adam without weight decay: how Power et al. 2022 made their figure 1, left."""
    return Optimizer().replace(**{"weight_decay": 0.0, **changes})


def adamw(**changes: object) -> Optimizer:
    """AdamW with weight decay 1, the default of Power et al. 2022."""
    return Optimizer().replace(**changes)


def sgd(**changes: object) -> Optimizer:
    """Gradient descent without momentum, warm-up or weight decay, at learning rate 0.1."""
    return Optimizer().replace(
        **{"rule": Momentum(), "learning_rate": 0.1, "weight_decay": 0.0, "warmup": "none", **changes}
    )
