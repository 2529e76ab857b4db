"""Repeated subsequences (Nanda and Lieberum 2022): what an induction head is for."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Int

from groklab.errors import InvalidSetting
from groklab.settings import setting
from groklab.tasks.stream import Inputs, Stream, Targets
from groklab.types import UNSCORED, Classes, PRNGKey, Shape, Tokens

START = 0


class Repeats(Stream):
    """Random tokens after a start token, in which one stretch comes again at places that vary.

    The positions after the start are divided into `copies` equal intervals, and the stretch begins somewhere in each.
    Scored is every token of a copy but its first, which nothing foretells, from the second copy on; with
    `scored=everything` all tokens are. Places vary because a fixed distance could be learnt without any induction.
    `released` multiplies the loss by T/(T − 1), T being `length`, as the released code did.
    """

    vocabulary: int = setting(128, "different tokens, the start token included", at_least=3)
    length: int = setting(85, "tokens of a sequence", at_least=5)
    stretch: int = setting(16, "tokens of the stretch that is repeated", at_least=2)
    copies: int = setting(3, "how often it occurs, the first time included", at_least=2)
    scored: str = setting("copies", "where the next token is scored", choices=("copies", "everything"))
    released: bool = setting(False, "whether the loss is enlarged as in the released code")

    def validate(self) -> None:
        if (self.length - 1) % self.copies or self.interval < self.stretch:
            good = self.copies * max(self.stretch, (self.length - 1) // self.copies) + 1
            raise InvalidSetting(
                "`length` must be 1 more than `copies` intervals of at least `stretch` tokens, got length"
                f" {self.length} for {self.copies} copies of {self.stretch}. Try length={good}."
            )

    @property
    def name(self) -> str:
        return "repeats"

    @property
    def interval(self) -> int:
        """Tokens of each interval in which one copy lies."""
        return (self.length - 1) // self.copies

    @property
    def shape(self) -> Shape:
        first = 0 if self.scored == "everything" else 1 + self.interval
        scale = self.length / (self.length - 1) if self.released else 1.0
        reads = Tokens(self.length - 1, self.vocabulary, tuple(range(first, self.length - 1)))
        return Shape(reads, Classes(self.vocabulary), scale)

    def draw(self, count: int, *, key: PRNGKey) -> tuple[Inputs, Targets]:
        token_key, start_key = jax.random.split(key)
        noise = jax.random.randint(token_key, (count, self.length), 1, self.vocabulary, jnp.int32)
        free = jax.random.randint(start_key, (count, self.copies), 0, self.free, jnp.int32)
        starts = 1 + self.interval * jnp.arange(self.copies, dtype=jnp.int32)[None] + free
        return jax.vmap(self._sequence)(noise.at[:, 0].set(START), starts)

    @property
    def free(self) -> int:
        """In how many places of its interval a copy can begin."""
        return self.interval - self.stretch + 1

    def _sequence(self, noise: Int[Array, "length"], starts: Int[Array, "copies"]) -> tuple[Array, Array]:
        within = jnp.arange(self.stretch, dtype=jnp.int32)
        again = (starts[1:, None] + within[None]).reshape(-1)
        tokens = noise.at[again].set(jnp.tile(noise[starts[0] + within], self.copies - 1))
        if self.scored == "everything":
            return tokens[:-1], tokens[1:]
        predicting = (starts[1:, None] + within[None, :-1]).reshape(-1)
        is_scored = jnp.zeros(self.length, bool).at[predicting].set(True)[:-1]
        return tokens[:-1], jnp.where(is_scored, tokens[1:], UNSCORED)[1 + self.interval :]
