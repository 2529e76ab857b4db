"""The vocabulary of the code that Power et al. released, one for all of its operations."""

import itertools

from groklab.tasks.cells import Operation
from groklab.tasks.group import FORMS, Group
from groklab.tasks.modular import OPERATIONS, Modular

END = "<|eos|>"
MODULUS = 97
GROUP = "S5"

# Three operations on lists have tokens there although they never ran.
_LIST_TOKENS = ("sort", "reverse", "copy")

VOCABULARY = (
    END,
    "=",
    *sorted(
        [*filter(None, (formula.token for formula in OPERATIONS.values()))]
        + [form.token for form in FORMS.values()]
        + [*_LIST_TOKENS]
    ),
    *map(str, range(MODULUS)),
    *map("".join, itertools.permutations("01234")),
)


def token(operation: Operation) -> str | None:
    """Return the operator token of an operation, or nothing where the official code has no such operation."""
    if isinstance(operation, Modular) and operation.p == MODULUS:
        return OPERATIONS[operation.operation].token or None
    if isinstance(operation, Group) and operation.group == GROUP:
        return FORMS[operation.form].token
    return None
