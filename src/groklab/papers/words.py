"""What a figure's runs learn from, in words and numbers, as their plans say: these may be changed."""

from groklab.errors import InvalidSetting
from groklab.tasks import BinaryTable, Modular
from groklab.training import Plan

SIGNS = {"+": "x + y", "-": "x − y", "*": "x · y", "/": "x / y"}


def modulus(plan: Plan) -> int:
    """Return p. Raises `InvalidSetting` where a plan has no arithmetic modulo p."""
    operation = plan.task.operation if isinstance(plan.task, BinaryTable) else None
    if not isinstance(operation, Modular):
        raise InvalidSetting(f"`operation` must be arithmetic modulo p, got {plan.task.name}. Try addition.")
    return operation.p


def answers(plan: Plan) -> int:
    """Return how many answers a table has: guessing is right once in as many cells."""
    assert isinstance(plan.task, BinaryTable)
    return len(plan.task.operation.cells().answers)


def table(plan: Plan) -> str:
    """Say which table is learnt, and how much of it is shown: `x + y mod 113, 40 % of the table`."""
    assert isinstance(plan.task, BinaryTable)
    return f"{formula(plan)}, {100 * float(plan.task.fraction):.3g} % of the table"


def formula(plan: Plan) -> str:
    """Write a table's operation: `x + y mod 113`."""
    assert isinstance(plan.task, BinaryTable)
    operation = plan.task.operation
    if not isinstance(operation, Modular):
        return operation.name
    sign = operation.cells().sign
    return f"{SIGNS.get(sign, sign if 'x' in sign else operation.name)} mod {operation.p}"


def examples(plan: Plan) -> str:
    """Say whether the examples are endless, or how many there are."""
    size = getattr(plan.task, "size", 0)
    return counted(size, "example") if size else "endless examples"


def counted(count: int, noun: str) -> str:
    """Write a number of things: `1 seed`, `3 seeds`."""
    return f"{count:,} {noun}{'s' if count != 1 else ''}"
