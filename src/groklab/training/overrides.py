"""Plans from text: `fraction=0.4 optimizer.weight_decay=0.3,1,3 seed=0..4`."""

import dataclasses
import itertools
import types
import typing
from collections.abc import Iterator, Sequence
from typing import Any

from groklab import models, optimizers
from groklab.errors import InvalidSetting
from groklab.settings import Settings, unknown
from groklab.tasks import BinaryTable, operation_named
from groklab.training.plan import Plan

SEED = "seed"  # stands for all three seeds
KIND_NAMES: dict[str, dict[str, Any]] = {
    "model": {kind.__name__.lower(): kind for kind in models.KINDS},
    "optimizer": dict(optimizers.PRESETS),
    "optimizer.rule": {"adam": optimizers.Adam, "momentum": optimizers.Momentum},
}


def plans_from(task: str | None, overrides: Sequence[str]) -> list[Plan]:
    """Return the plans that a task's name and `name=value` overrides describe; several values make several plans."""
    plan = Plan() if task is None else Plan(task=BinaryTable(operation_named(task)))
    axes = [axis(text) for text in overrides]
    axes = [("optimizer.rule" if name == "rule" else name, values) for name, values in axes]
    # Kinds first: their settings exist only once they are chosen.
    axes.sort(key=lambda named: 0 if named[0] in KIND_NAMES else 1)
    plans = []
    for values in itertools.product(*(values for _, values in axes)):
        changed = plan
        for (name, _), value in zip(axes, values, strict=True):
            changed = override(changed, name, value)
        plans.append(changed)
    return plans


def axis(text: str) -> tuple[str, list[str]]:
    """Split `name=a,b` or `name=0..4` into the name and its values, still as text."""
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise InvalidSetting(f"`{text}` must have the form name=value, for example fraction=0.4.")
    return name, [each for piece in value.split(",") for each in _values(name, piece)]


def _values(name: str, text: str) -> list[str]:
    first, dots, last = text.partition("..")
    if not (dots and first.isdigit() and last.isdigit()):
        return [text]
    if int(last) < int(first):
        raise InvalidSetting(f"`{name}` must range upwards, got {text}. Try {last}..{first}.")
    return [str(number) for number in range(int(first), int(last) + 1)]


def override(plan: Plan, name: str, text: str) -> Plan:
    """Return the plan with one setting changed; raise `InvalidSetting` for an unknown name or an ill-typed value."""
    if name == SEED:
        for each in ("seeds.init", "seeds.split", "seeds.order"):
            plan = override(plan, each, text)
        return plan
    if name in KIND_NAMES:
        kinds = KIND_NAMES[name]
        if text.lower() not in kinds:
            raise InvalidSetting(unknown(name, text, kinds))
        return _replaced(plan, name.split("."), kinds[text.lower()]())
    path = full_name(plan, name)
    owner, field = _find(plan, path)
    annotation = typing.get_type_hints(type(owner))[field.name]
    return _replaced(plan, path.split("."), parse(name, text, annotation))


def full_name(plan: Plan, name: str) -> str:
    """Return the dotted name that `name`, or its last part alone, stands for."""
    known = dict(settings_of(plan))
    if name in known:
        return name
    found = [path for path in known if path.endswith(f".{name}")]
    if len(found) > 1:
        raise InvalidSetting(f"`{name}` could be {' or '.join(found)}: write one of them in full.")
    if not found:
        raise InvalidSetting(
            unknown("setting", name, sorted({*(path.rsplit(".", 1)[-1] for path in known), *KIND_NAMES, SEED}))
        )
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
