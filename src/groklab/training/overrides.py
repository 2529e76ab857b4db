"""A plan with one setting changed, named by its dotted name or its last part alone."""

import dataclasses
import math
import types
import typing
from collections.abc import Iterator, Sequence
from typing import Any

from groklab import models, optimizers
from groklab.errors import InvalidSetting, unknown
from groklab.settings import Settings
from groklab.tasks import Modular, operation_named
from groklab.training.plan import Plan

SEED = "seed"  # stands for all three seeds
ALIASES = {"operation": "task.operation", "rule": "optimizer.rule"}
KIND_NAMES: dict[str, dict[str, Any]] = {
    "model": {kind.__name__.lower(): kind for kind in models.KINDS},
    "optimizer": dict(optimizers.PRESETS),
    "optimizer.rule": {"adam": optimizers.Adam, "momentum": optimizers.Momentum},
    "task.operation": {},  # any word for what fills the table
}


def override(plan: Plan, name: str, value: Any) -> Plan:
    """Return the plan with one setting changed, by a value or by its text.

    Raise `InvalidSetting` for an unknown name or an ill-typed value.
    """
    if name == SEED:
        for each in ("seeds.init", "seeds.split", "seeds.order"):
            plan = override(plan, each, value)
        return plan
    name = ALIASES.get(name, name)
    if isinstance(value, Settings):
        return _replaced(plan, name.split("."), value)
    if name in KIND_NAMES:
        return _replaced(plan, name.split("."), _kind(plan, name, value))
    path = full_name(plan, name)
    owner, field = _find(plan, path)
    annotation = typing.get_type_hints(type(owner))[field.name]
    return _replaced(plan, path.split("."), parse(name, value, annotation) if isinstance(value, str) else value)


def precedence(name: str, value: Any) -> float:
    """Return the place of a change among those of one plan: parts before plain settings, an owner before its parts."""
    path = ALIASES.get(name, name)
    if name == SEED:
        return 1  # between `seeds` and one of the three
    return path.count(".") if isinstance(value, Settings) or path in KIND_NAMES else math.inf


def _kind(plan: Plan, name: str, word: Any) -> Any:
    if name == ALIASES["operation"]:
        return _operation(plan, str(word))
    kinds = KIND_NAMES[name]
    if str(word).lower() not in kinds:
        raise InvalidSetting(unknown(name, str(word), kinds))
    return kinds[str(word).lower()]()


def _operation(plan: Plan, text: str) -> Any:
    """Return the operation that a word stands for; a formula keeps the modulus that the plan has."""
    wanted, present = operation_named(text), getattr(plan.task, "operation", None)
    return wanted.replace(p=present.p) if isinstance(wanted, Modular) and isinstance(present, Modular) else wanted


def full_name(plan: Plan, name: str) -> str:
    """Return the dotted name that `name`, or its last part alone, stands for."""
    known = dict(settings_of(plan))
    if name in known:
        return name
    found = [path for path in known if path.endswith(f".{name}")]
    if len(found) > 1:
        raise InvalidSetting(f"`{name}` could be {' or '.join(found)}: write one of them in full.")
    if not found:
        last_parts = {path.rsplit(".", 1)[-1] for path in known}
        raise InvalidSetting(unknown("setting", name, sorted({*last_parts, *KIND_NAMES, *ALIASES, SEED})))
    return found[0]


def settings_of(settings: Settings, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the dotted name and value of every setting that text can change."""
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if isinstance(value, Settings):
            yield from settings_of(value, f"{prefix}{field.name}.")
        elif not isinstance(value, tuple):
            yield f"{prefix}{field.name}", value


def parse(name: str, text: str, annotation: Any) -> Any:
    """Read a value of the declared type."""
    options = typing.get_args(annotation) if typing.get_origin(annotation) is types.UnionType else (annotation,)
    for kind in sorted(options, key=lambda kind: kind is str):
        try:
            return _boolean(text) if kind is bool else kind(text)
        except ValueError:
            continue
    words = {float: "a number", int: "a whole number", bool: "true or false"}
    wanted = " or ".join(words.get(kind, "a word") for kind in options)
    raise InvalidSetting(f"`{name}` must be {wanted}, got {text!r}.")


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError
    return text.lower() == "true"


def _find(settings: Settings, path: str) -> tuple[Settings, dataclasses.Field[Any]]:
    *owners, name = path.split(".")
    for owner in owners:
        settings = getattr(settings, owner)
    return settings, next(field for field in dataclasses.fields(settings) if field.name == name)


def _replaced(settings: Any, path: Sequence[str], value: Any) -> Any:
    name, *rest = path
    inner = _replaced(getattr(settings, name), rest, value) if rest else value
    return settings.replace(**{name: inner})
