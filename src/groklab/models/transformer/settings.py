"""The decoder-only transformer; the defaults are the form that Power et al. 2022 released."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Shaped

from groklab.errors import InvalidSetting
from groklab.models.activations import ACTIVATIONS
from groklab.models.base import MAX_DEPTH, Model, ModelInputs, is_off, keep, normal, perturb, zeros
from groklab.models.cosine import cosines
from groklab.models.products import product
from groklab.models.transformer import plain, sequences, shared
from groklab.models.transformer.weights import Sizes, Weights, draw_block, drawing, identity_norm, sinusoidal
from groklab.settings import setting
from groklab.types import PRNGKey, Shape, Tokens


class Transformer(Model):
    """A causal transformer that reads tokens and answers at the scored positions."""

    reads = (Tokens,)
    depth: int = setting(2, "number of blocks", at_least=1, at_most=MAX_DEPTH)
    width: int = setting(128, "width of the residual stream", at_least=1)
    heads: int = setting(4, "attention heads of a block", at_least=1)
    head_width: int = setting(0, "width of a head; 0 means the width divided among the heads", at_least=0)
    feed_forward: bool = setting(True, "whether a block has a feed-forward layer after attention")
    hidden: int = setting(0, "width of the feed-forward layer; 0 means four times the width", at_least=0)
    norm: str = setting("post", "where layer normalization acts", choices=("post", "pre", "none"))
    positions: str = setting("sinusoidal", "positional encoding", choices=("sinusoidal", "learned", "none"))
    activation: str = setting("relu", "nonlinearity", choices=tuple(ACTIVATIONS))
    bias: str = setting("none", "which matrices have biases", choices=("none", "feed-forward", "all"))
    tied: bool = setting(False, "whether the head is the embedding, transposed")
    smeared: bool = setting(False, "whether each key is mixed with the one before it, by a trained share of each head")
    doubled: bool = setting(False, "whether attention adds to twice the residual stream (a slip of released code)")
    dropout: float = setting(0.0, "dropout rate in training", at_least=0, below=1)
    dropout_at: str = setting("both", "branches that dropout acts on", choices=("both", "mlp", "attention"))
    weight_noise: float = setting(0.0, "standard deviation of the noise on weights in training", at_least=0)
    cosine: float = setting(
        0.0,
        "factor on the cosines of features and class weights that are the logits; 0: plain products",
        at_least=0,
        is_later=True,
    )
    initial: str = setting(
        "uniform",
        "how matrices are drawn: uniform in ±1/√rows; normal with deviation 1/√width; the same, but 1/√head_width for"
        " queries, keys and values",
        choices=("uniform", "normal", "normal-heads"),
    )
    initial_scale: float = setting(1.0, "factor on all initial matrices", above=0)

    def validate(self) -> None:
        if not self.head_width and self.width % self.heads:
            raise InvalidSetting(
                f"`width` must be divisible by `heads`, got width {self.width} and {self.heads} heads. "
                f"Try width={self.width // self.heads * self.heads or self.heads}, or give head_width."
            )

    def arrange(self, inputs: Shaped[np.ndarray, "examples ..."], shape: Shape) -> ModelInputs:
        if self.smeared or self.doubled:
            return sequences.whole(jnp.asarray(inputs, jnp.int32))
        return sequences.arrange(inputs, shape)

    def read(self, inputs: Shaped[Array, "batch ..."]) -> ModelInputs:
        return sequences.whole(inputs)

    def initialize(self, shape: Shape, *, key: PRNGKey) -> Weights:
        vocabulary = shape.tokens.vocabulary
        if self.tied and vocabulary != shape.outputs:
            raise InvalidSetting(
                f"`tied` needs as many classes as tokens, got {shape.outputs} classes and {vocabulary} tokens. "
                "Set tied=false."
            )
        keys = jax.random.split(key, 3 + self.depth)
        sizes = self.sizes
        draw = drawing(self.initial, self.width, sizes.head_width, self.initial_scale)
        return Weights(
            embedding=draw.embedding(keys[0], vocabulary, self.width),
            positions=self._learned(shape, key=keys[1]) if self.positions == "learned" else None,
            blocks=tuple(draw_block(sizes, draw, key=block_key) for block_key in keys[3:]),
            final_norm=identity_norm(self.width) if self.norm == "pre" else None,
            head=None if self.tied else draw.head(keys[2], self.width, shape.outputs),
            head_bias=zeros(shape.outputs) if self.bias == "all" else None,
        )

    @property
    def sizes(self) -> Sizes:
        """The sizes and parts of every block."""
        head_width = self.head_width or self.width // self.heads
        hidden = (self.hidden or 4 * self.width) if self.feed_forward else 0
        return Sizes(self.width, self.heads, head_width, hidden, self.norm != "none", self.bias, self.smeared)

    def _learned(self, shape: Shape, *, key: PRNGKey) -> Float[Array, "inputs width"]:
        return normal(key, shape.tokens.length, self.width, self.initial_scale) / np.float32(self.width**0.5)

    def outputs(
        self, weights: Weights, batch: ModelInputs, shape: Shape, *, matmul_dtype: str, key: PRNGKey | None = None
    ) -> Float[Array, "batch scored outputs"]:
        if key is None:
            return self._logits(weights, batch, shape, matmul_dtype)
        noise_key, drop_key = jax.random.split(key)
        noisy = perturb(weights, self.weight_noise, key=noise_key)
        if is_off(self.dropout):
            return self._logits(noisy, batch, shape, matmul_dtype)
        tokens = sequences.tokens_of(batch)
        return self.plain_logits(
            noisy, tokens, shape, matmul_dtype=matmul_dtype, dropped=self._dropped(noisy, tokens, key=drop_key)
        )

    def plain_logits(
        self,
        weights: Weights,
        tokens: Int[Array, "batch inputs"],
        shape: Shape,
        *,
        matmul_dtype: str = "float32",
        hook: plain.Hook = plain.untouched,
        dropped: Sequence[tuple[plain.Factors, plain.Factors]] = (),
    ) -> Float[Array, "batch scored outputs"]:
        """Return the same logits by the textbook pass, in which nothing is shared and all can be looked at."""
        form, table = self._form(matmul_dtype), self._table(weights, shape)
        outputs = plain.forward(weights, table, tokens, form, hook=hook, dropped=dropped)
        return self._head(weights, outputs[:, jnp.asarray(shape.tokens.scored)], form)

    def inside(
        self, weights: Weights, batch: ModelInputs, shape: Shape, *, matmul_dtype: str
    ) -> tuple[Float[Array, "batch scored outputs"], dict[str, Float[Array, "..."]]]:
        seen: dict[str, Array] = {}

        def keep_it(name: str, value: Array) -> Array:
            seen[name] = value
            return value

        tokens = sequences.tokens_of(batch)
        return self.plain_logits(weights, tokens, shape, matmul_dtype=matmul_dtype, hook=keep_it), seen

    def _logits(self, weights: Weights, batch: ModelInputs, shape: Shape, matmul_dtype: str) -> Array:
        if batch.shared is None:
            return self.plain_logits(weights, batch.examples, shape, matmul_dtype=matmul_dtype)
        form = self._form(matmul_dtype)
        return self._head(
            weights, shared.forward(weights, self._table(weights, shape), batch, shape.tokens.scored, form), form
        )

    def _dropped(self, weights: Weights, tokens: Array, *, key: PRNGKey) -> list[tuple[plain.Factors, plain.Factors]]:
        """Draw the factors of dropout for the whole batch at once: drawing row by row takes most of a step."""
        drawn, dtype = (*tokens.shape, self.width), weights.embedding.dtype

        def factors(place: str, key: PRNGKey) -> plain.Factors:
            return keep(drawn, self.dropout, dtype, key=key) if self.dropout_at in ("both", place) else None

        pairs = [jax.random.split(block_key) for block_key in jax.random.split(key, self.depth)]
        return [(factors("attention", pair[0]), factors("mlp", pair[1])) for pair in pairs]

    def _form(self, matmul_dtype: str) -> shared.Form:
        return shared.Form(self.heads, self.norm, self.activation, matmul_dtype, self.doubled)

    def _table(self, weights: Weights, shape: Shape) -> Array | None:
        if self.positions == "sinusoidal":
            return jnp.asarray(sinusoidal(shape.tokens.length, self.width), weights.embedding.dtype)
        return weights.positions

    def _head(self, weights: Weights, outputs: Array, form: shared.Form) -> Array:
        size, scored, width = outputs.shape
        head = weights.embedding.T if weights.head is None else weights.head
        if not is_off(self.cosine):
            flat = cosines(outputs.reshape(size * scored, width), head, self.cosine, form.matmul_dtype)
            return flat.reshape(size, scored, -1)
        logits = product(outputs.reshape(size * scored, width), head, form.matmul_dtype)
        logits = logits if weights.head_bias is None else logits + weights.head_bias[None]
        return logits.reshape(size, scored, -1)
