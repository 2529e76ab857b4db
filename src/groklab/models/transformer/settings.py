"""The decoder-only transformer; the defaults are the form that Power et al. 2022 released."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from groklab.errors import InvalidSetting
from groklab.models.base import Arranged, Model, is_off, keep, normal, perturb, uniform, zeros
from groklab.models.products import product
from groklab.models.transformer import plain, sequences, shared
from groklab.models.transformer.weights import Weights, draw_block, identity_norm, sinusoidal
from groklab.settings import setting
from groklab.types import PRNGKey, Shape


class Transformer(Model):
    """A causal transformer that reads tokens and answers at the scored positions."""

    depth: int = setting(2, "number of blocks", at_least=1)
    width: int = setting(128, "width of the residual stream", at_least=1)
    heads: int = setting(4, "attention heads of a block; must divide the width", at_least=1)
    hidden: int = setting(0, "width of the feed-forward layer; 0 means four times the width", at_least=0)
    norm: str = setting("post", "where layer normalization acts", choices=("post", "pre", "none"))
    positions: str = setting("sinusoidal", "positional encoding", choices=("sinusoidal", "learned", "none"))
    activation: str = setting("relu", "nonlinearity", choices=("relu", "gelu", "quadratic"))
    bias: bool = setting(False, "whether matrices have biases")
    tied: bool = setting(False, "whether the head is the embedding, transposed")
    dropout: float = setting(0.0, "dropout rate in training", at_least=0, below=1)
    dropout_at: str = setting("both", "branches that dropout acts on", choices=("both", "mlp", "attention"))
    weight_noise: float = setting(0.0, "standard deviation of the noise on weights in training", at_least=0)
    initial_scale: float = setting(1.0, "factor on all initial matrices", above=0)

    def validate(self) -> None:
        if self.width % self.heads:
            raise InvalidSetting(
                f"`width` must be divisible by `heads`, got width {self.width} and {self.heads} heads. "
                f"Try width={self.width // self.heads * self.heads or self.heads}."
            )

    def arrange(self, inputs: Int[np.ndarray, "examples inputs"], shape: Shape) -> Arranged:
        return sequences.arrange(inputs, shape)

    def initialize(self, shape: Shape, *, key: PRNGKey) -> Weights:
        if self.tied and shape.vocabulary != shape.classes:
            raise InvalidSetting(
                f"`tied` needs as many classes as tokens, got {shape.classes} classes and {shape.vocabulary} tokens. "
                "Set tied=false."
            )
        keys = jax.random.split(key, 3 + self.depth)
        hidden = self.hidden or 4 * self.width
        scale, normed = self.initial_scale, self.norm != "none"
        return Weights(
            embedding=normal(keys[0], shape.vocabulary, self.width, scale),
            positions=self._learned(shape, key=keys[1]) if self.positions == "learned" else None,
            blocks=tuple(
                draw_block(self.width, hidden, norm=normed, bias=self.bias, scale=scale, key=block_key)
                for block_key in keys[3:]
            ),
            final_norm=identity_norm(self.width) if self.norm == "pre" else None,
            head=None if self.tied else uniform(keys[2], self.width, shape.classes, scale),
            head_bias=zeros(shape.classes) if self.bias else None,
        )

    def _learned(self, shape: Shape, *, key: PRNGKey) -> Float[Array, "inputs width"]:
        return normal(key, shape.inputs, self.width, self.initial_scale) / np.float32(self.width**0.5)

    def logits(
        self, weights: Weights, batch: Arranged, shape: Shape, *, products: str, key: PRNGKey | None = None
    ) -> Float[Array, "batch scored classes"]:
        form = shared.Form(self.heads, self.norm, self.activation, products)
        if key is None:
            outputs = shared.forward(weights, self._table(weights, shape), batch, shape.scored, form)
            return self._head(weights, outputs, form)
        noise_key, drop_key = jax.random.split(key)
        noisy = perturb(weights, self.weight_noise, key=noise_key)
        if is_off(self.dropout):
            outputs = shared.forward(noisy, self._table(noisy, shape), batch, shape.scored, form)
        else:
            outputs = self._with_dropout(noisy, batch, shape, form, key=drop_key)
        return self._head(noisy, outputs, form)

    def plain_logits(
        self, weights: Weights, tokens: Int[Array, "batch inputs"], shape: Shape, *, products: str = "float32"
    ) -> Float[Array, "batch scored classes"]:
        """Return the same logits by the textbook pass, in which nothing is shared."""
        form = shared.Form(self.heads, self.norm, self.activation, products)
        table = self._table(weights, shape)
        outputs = jax.vmap(lambda row: plain.forward(weights, table, row, form))(tokens)
        return self._head(weights, outputs[:, jnp.asarray(shape.scored)], form)

    def _with_dropout(
        self, weights: Weights, batch: Arranged, shape: Shape, form: shared.Form, *, key: PRNGKey
    ) -> Array:
        tokens = sequences.tokens_of(batch)
        table = self._table(weights, shape)
        # Drawn for the whole batch at once: drawing row by row takes most of a step.
        drawn = (*tokens.shape, self.width)
        factors = [
            tuple(
                keep(drawn, self.dropout, weights.embedding.dtype, key=branch_key)
                if self.dropout_at in ("both", place)
                else None
                for place, branch_key in zip(("attention", "mlp"), jax.random.split(block_key), strict=True)
            )
            for block_key in jax.random.split(key, self.depth)
        ]

        def one(row: Array, factors: Any) -> Array:
            return plain.forward(weights, table, row, form, dropped=factors)

        return jax.vmap(one)(tokens, factors)[:, jnp.asarray(shape.scored)]

    def _table(self, weights: Weights, shape: Shape) -> Array | None:
        if self.positions == "sinusoidal":
            return jnp.asarray(sinusoidal(shape.inputs, self.width), weights.embedding.dtype)
        return weights.positions

    def _head(self, weights: Weights, outputs: Array, form: shared.Form) -> Array:
        size, scored, width = outputs.shape
        head = weights.embedding.T if weights.head is None else weights.head
        logits = product(outputs.reshape(size * scored, width), head, form.products)
        logits = logits if weights.head_bias is None else logits + weights.head_bias[None]
        return logits.reshape(size, scored, -1)
