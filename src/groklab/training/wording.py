"""A plan as the words of a command: the reverse of reading it from them."""

import shlex
from collections.abc import Iterator
from typing import Any

from groklab.errors import InvalidSetting
from groklab.naming import SEEDS
from groklab.tasks import BinaryTable, Group, Modular
from groklab.training.overrides import KIND_NAMES, SEED, full_name, overridden, settings_of
from groklab.training.plan import MEASURES, Plan
from groklab.training.presets import PRESETS, plan_named

Changes = list[tuple[str, str]]


def command_of(plan: Plan) -> str | None:
    """Return the command that makes a plan, in the fewest settings; None where words cannot say it.

    They cannot for a table of the user's own, nor for a fork that changes no setting, or more than settings. What is
    measured at every step beside the usual is not a matter of words: the command leaves it out.
    """
    first, *later = [*(stage.plan for stage in plan.before), plan]
    words = words_of(first)
    if words is None or any(stage.reset or stage.scale != 1 for stage in plan.before):
        return None
    parts = ["groklab", "run", *words]
    for stage, before, after in zip(plan.before, [first, *later], later, strict=False):
        changes = _changes(after, before)
        if not changes:
            return None
        parts += ["--then", " ".join([str(stage.until), *_shortened(changes, after)])]
    return shlex.join(parts)


def words_of(plan: Plan) -> list[str] | None:
    """Return a task's word and the settings from which `sweep_from` makes a plan; None where there are none."""
    plan = plan.replace(measures=MEASURES, before=())
    found = [words for base in _bases(plan) if (words := _from_base(plan, *base)) is not None]
    return min(found, key=len, default=None)


def _bases(plan: Plan) -> Iterator[tuple[str, Plan]]:
    """Yield the words of tasks that a plan may begin with, and the plans that they stand for."""
    if isinstance(plan.task, BinaryTable):
        operation = plan.task.operation
        word = operation.operation if isinstance(operation, Modular) else operation.name
        if isinstance(operation, Modular | Group):
            yield word, plan_named(word)
    yield from ((word, preset) for word, preset in PRESETS.items() if type(preset.task) is type(plan.task))


def _from_base(plan: Plan, word: str, base: Plan) -> list[str] | None:
    base = base.replace(measures=MEASURES)
    changes = _changes(plan, base)
    return None if changes is None else [word, *_shortened(changes, plan)]


def _changes(plan: Plan, base: Plan) -> Changes | None:
    """Return what makes one plan of another, None where words do not."""
    parts = list(_parts(plan, base))
    try:
        changes = [*parts, *_differing(plan, overridden(base, parts))]
        made = overridden(base, changes).replace(measures=plan.measures, before=plan.before)
    except InvalidSetting:  # one has settings that the other lacks
        return None
    return changes if made == plan else None


def _parts(plan: Plan, base: Plan) -> Iterator[tuple[str, str]]:
    """Yield the parts that are of another kind."""
    for part, kinds in KIND_NAMES.items():
        wanted = type(_at(plan, part))
        words = [word for word, kind in kinds.items() if kind is wanted]
        if words and wanted is not type(_at(base, part)):
            yield part, words[0]


def _differing(plan: Plan, base: Plan) -> Iterator[tuple[str, str]]:
    known = dict(settings_of(base))
    for name, value in settings_of(plan):
        if name not in known or known[name] != value:
            yield name, _text(value)


def _shortened(changes: Changes, plan: Plan) -> list[str]:
    """Return changes as words, each setting by its last part where that is plain, and three like seeds as one."""
    seeds = [text for name, text in changes if name in SEEDS]
    if len(seeds) == len(SEEDS) and len(set(seeds)) == 1:
        changes = [*(change for change in changes if change[0] not in SEEDS), (SEED, seeds[0])]
    return [f"{_short(name, plan)}={text}" for name, text in changes]


def _short(name: str, plan: Plan) -> str:
    last = name.rsplit(".", 1)[-1]
    try:
        return last if full_name(plan, last) == name else name
    except InvalidSetting:  # a part, or a name that several settings have
        return name


def _at(plan: Any, path: str) -> Any:
    for name in path.split("."):
        plan = getattr(plan, name, None)
    return plan


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}" if float(f"{value:g}") == value else repr(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
