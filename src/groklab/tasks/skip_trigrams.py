"""Skip trigrams (Nanda and Lieberum 2022): one token somewhere before decides the answer at the end."""

import jax
import jax.numpy as jnp

from groklab.settings import setting
from groklab.tasks.stream import Inputs, Stream, Targets
from groklab.types import Classes, PRNGKey, Shape, Tokens

START, END, FIRST = 0, 1, 2


class SkipTrigrams(Stream):
    """Reads a start token, noise in which one trigger hides, and an end token; answers which trigger it was."""

    trigrams: int = setting(10, "different triggers, each with an answer of its own", at_least=2)
    noise: int = setting(10, "different tokens of noise", at_least=1)
    length: int = setting(40, "tokens between start and end, one of which is the trigger", at_least=1)

    @property
    def name(self) -> str:
        return "skip-trigrams"

    @property
    def shape(self) -> Shape:
        reads = Tokens(self.length + 2, FIRST + self.noise + self.trigrams, (self.length + 1,))
        return Shape(reads, Classes(self.trigrams))

    def draw(self, count: int, *, key: PRNGKey) -> tuple[Inputs, Targets]:
        noise_key, answer_key, place_key = jax.random.split(key, 3)
        noise = jax.random.randint(noise_key, (count, self.length), FIRST, FIRST + self.noise, jnp.int32)
        answer = jax.random.randint(answer_key, (count, 1), 0, self.trigrams, jnp.int32)
        place = jax.random.randint(place_key, (count, 1), 0, self.length, jnp.int32)
        is_trigger = jnp.arange(self.length, dtype=jnp.int32)[None] == place
        middle = jnp.where(is_trigger, FIRST + self.noise + answer, noise)
        start, end = (jnp.full((count, 1), token, jnp.int32) for token in (START, END))
        return jnp.concatenate([start, middle, end], axis=1), answer
