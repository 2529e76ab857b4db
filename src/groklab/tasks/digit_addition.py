"""Adding two numbers digit by digit (Nanda and Lieberum 2022): a phase change for each digit of the sum."""

import jax
import jax.numpy as jnp

from groklab.settings import setting
from groklab.tasks.stream import Inputs, Stream, Targets
from groklab.types import Classes, PRNGKey, Shape, Tokens

BASE, PLUS, EQUALS = 10, 10, 11


class DigitAddition(Stream):
    """Reads `x + y =` and the sum so far, answers its digits, the final carry first.

    Each number has `digits` digits, most significant first, drawn uniformly, zeros in front included.
    """

    digits: int = setting(5, "digits of each number", at_least=1, at_most=18)

    @property
    def name(self) -> str:
        return "digits"

    @property
    def shape(self) -> Shape:
        asked = 2 * self.digits + 1  # the place of `=`, where the first digit is predicted
        return Shape(Tokens(3 * self.digits + 2, BASE + 2, tuple(range(asked, asked + self.digits + 1))), Classes(BASE))

    def draw(self, count: int, *, key: PRNGKey) -> tuple[Inputs, Targets]:
        x, y = jax.random.randint(key, (2, count, self.digits), 0, BASE, jnp.int32)
        carry, sums = jnp.zeros(count, jnp.int32), []
        for place in reversed(range(self.digits)):
            total = x[:, place] + y[:, place] + carry
            carry = total // BASE
            sums.append(total % BASE)
        answer = jnp.stack([carry, *reversed(sums)], axis=1)
        sign, equals = (jnp.full((count, 1), token, jnp.int32) for token in (PLUS, EQUALS))
        return jnp.concatenate([x, sign, y, equals, answer[:, :-1]], axis=1), answer
