"""How much better a network tells the next token late in a sequence than early (Olsson et al. 2022)."""

from typing import Any

from jaxtyping import Array, Bool, PyTree

from groklab.errors import InvalidSetting
from groklab.measures.base import Measure, Observation
from groklab.measures.fit import average
from groklab.settings import setting
from groklab.types import Examples, Scalar


class InContext(Measure):
    """The in-context-learning score: mean loss in the last part of the sequence less that in the first.

    Negative where context helps, as in the paper, which takes the 500th and the 50th of 512 tokens; here the scored
    positions are divided into equal parts, and each is averaged over. On training and on validation examples.
    """

    parts: int = setting(3, "equal parts of the sequence, the last of which is compared with the first", at_least=2)

    def check(self, examples: Examples, weights: PyTree[Any]) -> None:
        if len(examples.shape.tokens.scored) < self.parts:
            raise InvalidSetting(
                f"`InContext` compares {self.parts} parts of a sequence, got {len(examples.shape.tokens.scored)} scored"
                " positions. Try the task repeats with scored=everything."
            )

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        count = seen.targets.shape[1] // self.parts
        is_scored = seen.asked
        among = {"train": seen.is_training, "validation": seen.is_validation}
        return {
            f"{name}_in_context": _mean(seen, is_scored & rows[:, None], slice(-count, None))
            - _mean(seen, is_scored & rows[:, None], slice(count))
            for name, rows in among.items()
        }


def _mean(seen: Observation, chosen: Bool[Array, "examples scored"], part: slice) -> Scalar:
    return average(seen.each.astype(seen.losses.dtype)[:, part].reshape(-1), chosen[:, part].reshape(-1))
