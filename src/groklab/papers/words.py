"""What a figure's runs are, in words and numbers, as their plans say: these may be changed."""

from collections.abc import Sequence
from typing import Any

from groklab.errors import InvalidSetting
from groklab.milestones import THRESHOLD
from groklab.models import MLP, Transformer
from groklab.tasks import BinaryTable, Modular
from groklab.training import Plan

SIGNS = {"+": "x + y", "-": "x − y", "*": "x · y", "/": "x / y"}
LISTED = 3  # tasks or networks that are named; more are counted
FORMS = {
    "task": "{}",
    "share": "{} % of the table",
    "examples": "{}",
    "network": "{}",
    "alpha": "α = {}",
    "rate": "rate {}",
    "decay": "λ = {}",
    "memorized": "memorized from {} %",
    "generalized": "generalized from {} %",
}
USUAL = {"alpha": 1.0, "memorized": 100 * THRESHOLD, "generalized": 100 * THRESHOLD}  # goes without saying
Fact = str | float


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


def described(*plans: Plan) -> str:
    """Say which task, network, rate and decay runs have; where these differ, between which ends, or how many.

    Such as `x + y mod 113, 40 to 95 % of the table, 1 block of width 128 without norm, rate 0.001, λ = 1`.
    """
    every = [_facts(plan) for plan in plans]
    said = {name: [each[name] for each in every if name in each] for name in FORMS}
    told = {name: values for name, values in said.items() if set(values) - {USUAL.get(name)}}
    return ", ".join(FORMS[name].format(_span(values)) for name, values in told.items())


def table(plan: Plan) -> str:
    """Say which table is learnt, and how much of it is shown: `x + y mod 113, 40 % of the table`."""
    assert isinstance(plan.task, BinaryTable)
    return f"{formula(plan)}, {100 * float(plan.task.fraction):.3g} % of the table"


def formula(plan: Plan) -> str:
    """Name a task: a table by its operation, `x + y mod 113`."""
    operation = plan.task.operation if isinstance(plan.task, BinaryTable) else None
    if not isinstance(operation, Modular):
        return operation.name if operation else plan.task.name
    sign = operation.cells().sign
    return f"{SIGNS.get(sign, sign if 'x' in sign else operation.name)} mod {operation.p}"


def examples(plan: Plan) -> str:
    """Say whether the examples are endless, or how many there are."""
    size = getattr(plan.task, "size", 0)
    return counted(size, "example") if size else "endless examples"


def counted(count: int, noun: str) -> str:
    """Write a number of things: `1 seed`, `3 seeds`."""
    return f"{count:,} {noun}{'s' if count != 1 else ''}"


def _facts(plan: Plan) -> dict[str, Fact]:
    """Return what is said of a run: a part of `FORMS`."""
    share = getattr(plan.task, "fraction", None)  # a table's
    return {
        "task": formula(plan),
        **({"examples": examples(plan)} if share is None else {"share": 100 * float(share)}),
        "network": _network(plan.model),
        "alpha": float(plan.alpha),
        "rate": float(plan.optimizer.learning_rate),
        "decay": float(plan.optimizer.weight_decay),
        "memorized": 100 * float(plan.record.memorized_from),
        "generalized": 100 * float(plan.record.generalized_from),
    }


def _network(model: Any) -> str:
    if isinstance(model, MLP):
        return f"MLP, {counted(model.depth, 'hidden layer')} of {model.hidden}"
    if not isinstance(model, Transformer):
        return type(model).__name__
    blocks = f"{counted(model.depth, 'block')}{'' if model.feed_forward else ' of attention'}"
    return f"{blocks} of width {model.width}{' without norm' if model.norm == 'none' else ''}"


def _span(values: Sequence[Fact]) -> str:
    """Say one value, or between which numbers, or which words several lie."""
    found = list(dict.fromkeys(values))
    numbers = [value for value in found if not isinstance(value, str)]
    if numbers:
        return " to ".join(f"{end:.3g}" for end in sorted({min(numbers), max(numbers)}))
    return " or ".join(map(str, found)) if len(found) <= LISTED else f"{found[0]} and {len(found) - 1} others"
