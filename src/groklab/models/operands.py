"""The two operands of a table's cells, for models that read nothing else."""

import numpy as np
from jaxtyping import Int, Shaped

from groklab.errors import InvalidSetting
from groklab.types import Shape

OPERANDS = 2


def operands(inputs: Shaped[np.ndarray, "examples length"], shape: Shape, model: str) -> Int[np.ndarray, "examples 2"]:
    """Return the tokens of both operands; raise `InvalidSetting` for a task that does not have just these."""
    if len(shape.tokens.scored) != 1:
        raise InvalidSetting(
            f"`model` {model} answers at one position, but the task scores {len(shape.tokens.scored)}. "
            "Use profile=paper, or model=transformer."
        )
    varies = [column for column in range(shape.tokens.length) if len(np.unique(inputs[:, column])) > 1]
    if len(varies) != OPERANDS:
        raise InvalidSetting(
            f"`model` {model} reads {OPERANDS} operands, but {len(varies)} positions of this task vary. "
            "Use model=transformer."
        )
    return np.asarray(inputs[:, varies], np.int32)
