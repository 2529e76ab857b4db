"""A plan with some settings changed, named by their dotted names or their last parts alone."""

import dataclasses
import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from groklab import models, objectives, optimizers
from groklab.errors import InvalidSetting, unknown
from groklab.naming import word_of
from groklab.settings import Settings, annotations, check
from groklab.tasks import KINDS as TASK_KINDS
from groklab.tasks import OPERATION_KINDS, Modular, operation_named
from groklab.training.plan import Plan
from groklab.training.values import parse

SEED = "seed"  # stands for all three seeds
ALIASES = {
    "operation": "task.operation",
    "rule": "optimizer.rule",
    "filter": "optimizer.filter",
    "constraint": "optimizer.constraint",
}
# The parts that a word chooses, and what there is to choose from: a word for each class, from its name.
KINDS: dict[str, tuple[type[Settings], ...]] = {
    "model": models.KINDS,
    "objective": objectives.KINDS,
    "optimizer.rule": optimizers.RULES,
    "optimizer.filter": optimizers.FILTERS,
    "optimizer.constraint": optimizers.CONSTRAINTS,
    "task.operation": OPERATION_KINDS,
}
KIND_NAMES: dict[str, dict[str, Any]] = {
    **{part: {word_of(kind.__name__): kind for kind in kinds} for part, kinds in KINDS.items()},
    "optimizer": dict(optimizers.PRESETS),
    "task.operation": {},  # any word for what fills the table
}
ABBREVIATIONS = {
    **dict.fromkeys(("lr", "rate", "step_size"), "learning_rate"),
    **dict.fromkeys(("wd", "decay_rate", "lambda", "l2"), "weight_decay"),
    **dict.fromkeys(("bs", "batch", "batchsize"), "batch_size"),
    **dict.fromkeys(("epochs", "epoch", "iterations", "updates"), "steps"),
    **dict.fromkeys(("frac", "train_fraction", "train_frac"), "fraction"),
    **dict.fromkeys(("mod", "modulus", "prime"), "p"),
    **dict.fromkeys(("layers", "num_layers", "n_layers"), "depth"),
    **dict.fromkeys(("num_heads", "n_heads"), "heads"),
    **dict.fromkeys(("dim", "d_model"), "width"),
    **dict.fromkeys(("opt", "optim"), "optimizer"),
    **dict.fromkeys(("loss_function", "criterion", "loss_fn"), "objective"),
    **dict.fromkeys(("task", "op"), "operation"),
}


def overridden(plan: Plan, changes: Sequence[tuple[str, Any]]) -> Plan:
    """Return the plan with some settings changed, by values or by their text, in whatever order they come.

    Parts are chosen first: one that came later would undo the settings given with it. Plain settings are then changed
    at once, since some are valid only together. Of two changes of one setting the later holds. Raise `InvalidSetting`
    for an unknown name or an ill-typed value.
    """
    places = [precedence(*change) for change in changes]
    parts = [change for change, place in zip(changes, places, strict=True) if place < math.inf]
    plain = [change for change, place in zip(changes, places, strict=True) if place == math.inf]
    for name, value in sorted(parts, key=lambda change: precedence(*change)):
        plan = _with_part(plan, name, value)
    return _rebuilt(plan, dict(_read(plan, *change) for change in plain))


def _with_part(plan: Plan, name: str, value: Any) -> Plan:
    if name == SEED:
        return _seeded(plan, parse(name, value, int) if isinstance(value, str) else value)
    path = ALIASES.get(name, name)
    return _rebuilt(plan, {path: value if isinstance(value, Settings) else _kind(plan, path, value)})


def _read(plan: Plan, name: str, value: Any) -> tuple[str, Any]:
    """Return the dotted name of a plain setting, and its value."""
    path = full_name(plan, name)
    owner, field = _find(plan, path)
    return path, parse(name, value, annotations(type(owner))[field.name]) if isinstance(value, str) else value


def _seeded(plan: Plan, seed: Any) -> Plan:
    fields = dataclasses.fields(plan.seeds)
    check(fields[0], seed, int, name=SEED)  # its words would name `init`, which the user did not write
    return plan.replace(seeds=plan.seeds.replace(**{field.name: seed for field in fields}))


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
    kind = kinds[str(word).lower()]
    present = functools.reduce(getattr, name.split("."), plan)
    return present if isinstance(kind, type) and isinstance(present, kind) else kind()


def _operation(plan: Plan, text: str) -> Any:
    """Return the operation that a word stands for; a formula keeps the modulus that the plan has."""
    wanted, present = operation_named(text), getattr(plan.task, "operation", None)
    return wanted.replace(p=present.p) if isinstance(wanted, Modular) and isinstance(present, Modular) else wanted


def canonical(plan: Plan, name: str) -> str:
    """Return the one dotted name of a setting, or of a part that is chosen by a word; `seed` is its own."""
    name = ALIASES.get(name, name)
    return name if name == SEED or name in KIND_NAMES else full_name(plan, name)


def full_name(plan: Plan, name: str) -> str:
    """Return the dotted name that `name`, or its last part alone, stands for."""
    known = dict(settings_of(plan))
    if name in known:
        return name
    found = [path for path in known if path.endswith(f".{name}")]
    if len(found) > 1:
        raise InvalidSetting(f"`{name}` could be {' or '.join(found)}: write one of them in full.")
    if not found:
        raise InvalidSetting(_refusal(plan, name, known))
    return found[0]


def _refusal(plan: Plan, name: str, known: Mapping[str, Any]) -> str:
    """Say that a name is no setting, and what was probably meant."""
    if name.lower() in ABBREVIATIONS:
        return f"`{name}` is not a setting. Did you mean `{ABBREVIATIONS[name.lower()]}`?"
    for part, kinds in KINDS.items():
        present = type(functools.reduce(lambda owner, each: getattr(owner, each, None), part.split("."), plan))
        others = [kind for kind in kinds if name.rsplit(".", 1)[-1] in annotations(kind)]
        if others and issubclass(present, Settings) and present not in others:
            only = " and ".join(kind.__name__ for kind in others)
            return (
                f"`{name}` is not a setting of {present.__name__}, only of {only}. Leave it out, or choose another"
                f" `{part}`."
            )
    last = name.rsplit(".", 1)[-1]
    owners = [kind.__name__ for kind in (*TASK_KINDS, *OPERATION_KINDS) if last in annotations(kind)]
    present = {type(plan.task).__name__, type(getattr(plan.task, "operation", None)).__name__}
    if owners and not present & set(owners):
        return (
            f"`{name}` is not a setting of {type(plan.task).__name__}, only of {', '.join(owners)}. Leave it out, or"
            " choose another task."
        )
    last_parts = {path.rsplit(".", 1)[-1] for path in known}
    return unknown("setting", name, sorted({*last_parts, *KIND_NAMES, *ALIASES, SEED}))


def settings_of(settings: Settings, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the dotted name and value of every setting that text can change."""
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if isinstance(value, Settings):
            yield from settings_of(value, f"{prefix}{field.name}.")
        elif not isinstance(value, tuple):
            yield f"{prefix}{field.name}", value


def _find(settings: Settings, path: str) -> tuple[Settings, dataclasses.Field[Any]]:
    *owners, name = path.split(".")
    for owner in owners:
        settings = getattr(settings, owner)
    return settings, next(field for field in dataclasses.fields(settings) if field.name == name)


def _rebuilt(settings: Any, values: Mapping[str, Any]) -> Any:
    """Return settings with values, given by dotted names, replaced at once: each part is checked with all its own."""
    own = {path: value for path, value in values.items() if "." not in path}
    within: dict[str, dict[str, Any]] = {}
    for path, value in values.items():
        part, dot, rest = path.partition(".")
        if dot:
            within.setdefault(part, {})[rest] = value
    parts = {name: _rebuilt(getattr(settings, name), inner) for name, inner in within.items()}
    return settings.replace(**own, **parts) if values else settings
