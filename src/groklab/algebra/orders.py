"""Tables of orders: the larger or the smaller of two."""

import numpy as np
from jaxtyping import Int

from groklab.algebra.explanation import ORDER, Explanation, Labels, bits_of_order


def larger_of_two(table: Int[np.ndarray, "n n"], symbols: tuple[str, ...]) -> Explanation:
    """Return the order by which a table would be the larger of two symbols; -1 is a blank.

    The larger an element, the more often it is the answer in its own row and column.
    """
    n = len(table)
    own = np.arange(n)
    is_own = (table == own[:, None]).sum(1) + (table == own[None]).sum(0)
    ranks = np.argsort(np.argsort(is_own, kind="stable"))
    order = np.argsort(ranks)
    values = order[np.maximum(ranks[:, None], ranks[None])]
    words = tuple(map(str, ranks))
    shown = " < ".join(symbols[at] for at in order)
    return Explanation(
        ORDER, f"the larger of two, where {shown}", Labels.common(words), values, bits_of_order(n), "", "max(x, y)", 1
    )
