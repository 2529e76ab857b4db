"""What the page relies on in a plan and a status: they may come from anywhere, with a valid seal."""

from collections.abc import Mapping
from typing import Any

from groklab.milestones import CROSSINGS

NUMBERS = ("step", "steps", "seconds", *CROSSINGS, "diverged_at", "train_accuracy", "validation_accuracy")
LARGEST = 2**53  # whole numbers beyond it are others in a browser
SCALARS = (str, bool, int, float, type(None))


class Odd(ValueError):
    """Raised where something is not what groklab writes."""


def check(about: Mapping[str, Any], settings: Mapping[str, Any], status: Mapping[str, Any]) -> None:
    """Raise `Odd`, in a few words, unless all that the page reads of a run has its kind."""
    plan, parent = about["plan"], about.get("parent")
    _require(isinstance(about["task"], str), "task is no word")
    for name in ("task", "record"):
        _require(isinstance(plan.get(name, {}), dict), f"{name} is no part of a plan")
    _require(_is_operation(plan["task"].get("operation")), "operation is no part of a plan")
    for name in ("memorized_from", "generalized_from"):
        _require(_is_number(plan.get("record", {}).get(name)), f"{name} is no number")
    for name in ("versions", "hardware"):
        _require(isinstance(about.get(name, {}), dict), f"{name} is no list of names")
    for name, value in settings.items():
        _require(isinstance(value, SCALARS), f"{name[:40]} is neither a number nor a word")
    for name in NUMBERS:
        _require(_is_number(status.get(name)), f"{name} is no number")
    _require(parent is None or _is_parent(parent), "parent is no run and its step")


def _require(is_so: bool, what: str) -> None:
    if not is_so:
        raise Odd(what)


def _is_operation(value: Any) -> bool:
    return value is None or (isinstance(value, dict) and _is_number(value.get("p")))


def _is_parent(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("run"), str) and _is_number(value.get("step"))


def _is_number(value: Any) -> bool:
    """Whether a value is a number, or none."""
    if value is None or isinstance(value, float):
        return True
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST
