"""Addition of digits whose sums are random vectors (Liu et al. 2023, section 5.1 and appendix D)."""

import numpy as np

from groklab.errors import InvalidSetting
from groklab.settings import setting
from groklab.tasks.base import Task
from groklab.types import Examples, Numbers, Shape, Tokens


class VectorAddition(Task):
    """Unordered pairs i ≤ j of digits; the answer is the vector of their sum, drawn once from N(0, I).

    `seeds.split` draws which pairs are trained on, nested over sizes, and the vectors. A tolerance of 0.5 on the mean
    squared error is about that of naming the nearest vector: two of them lie 2 apart.
    """

    digits: int = setting(10, "p, how many digits there are", at_least=2)
    size: int = setting(45, "pairs to train on, of p (p + 1) / 2", at_least=1)
    sums: str = setting(
        "modular", "modulo p as in the released code, or plain as in the paper", choices=("modular", "plain")
    )
    width: int = setting(30, "numbers of an answer", at_least=1)

    @property
    def name(self) -> str:
        return "vector-addition"

    def validate(self) -> None:
        if self.size >= (pairs := self.digits * (self.digits + 1) // 2):
            raise InvalidSetting(f"`size` must be below the number of pairs, {pairs}, got {self.size}.")

    def examples(self, *, seed: int) -> Examples:
        """Return all pairs in order, and a random part of them for training."""
        chance = np.random.default_rng(seed)
        pairs = np.stack(np.triu_indices(self.digits), axis=1).astype(np.int32)
        sums = pairs.sum(1) % self.digits if self.sums == "modular" else pairs.sum(1)
        vectors = chance.standard_normal((sums.max() + 1, self.width))
        order = chance.permutation(len(pairs)).astype(np.int32)
        shape = Shape(Tokens(2, self.digits, (1,)), Numbers((self.width,)))
        return Examples(pairs, vectors[sums][:, None], order, self.size, len(pairs), shape)
