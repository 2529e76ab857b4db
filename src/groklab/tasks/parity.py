"""Sparse parity (Barak et al. 2022, Merrill et al. 2023): a few bits of many decide."""

import jax
import jax.numpy as jnp

from groklab.errors import InvalidSetting
from groklab.settings import setting
from groklab.tasks.stream import Inputs, Stream, Targets
from groklab.types import Classes, Numbers, PRNGKey, Shape


class Parity(Stream):
    """Strings of bits, read as −1 and 1; class 1 where the product of the first few is 1, else class 0."""

    bits: int = setting(40, "length of a string", at_least=1)
    relevant: int = setting(3, "how many bits decide, the first of the string", at_least=1)

    def validate(self) -> None:
        if self.relevant > self.bits:
            raise InvalidSetting(
                f"`relevant` must be at most the {self.bits} bits of a string, got {self.relevant}. Try more bits."
            )

    @property
    def name(self) -> str:
        return "parity"

    @property
    def shape(self) -> Shape:
        return Shape(Numbers((self.bits,)), Classes(2))

    def draw(self, count: int, *, key: PRNGKey) -> tuple[Inputs, Targets]:
        bits = jax.random.rademacher(key, (count, self.bits), jnp.float32)
        is_one = bits[:, : self.relevant].prod(axis=1, keepdims=True) > 0
        return bits, is_one.astype(jnp.int32)
