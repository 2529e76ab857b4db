"""Runs in words: their settings, as their stored plans say, and what tells them apart."""

import contextlib
import json
from collections.abc import Sequence
from typing import Any

from groklab.errors import StoreError
from groklab.milestones import THRESHOLD
from groklab.naming import SEEDS
from groklab.store.run import Run

USUAL = ("task.operation.p", "task.fraction", "optimizer.weight_decay")
OPERATION = "task.operation"


def flat(plan: Any, prefix: str = "") -> dict[str, Any]:
    """Return a stored plan as dotted names and values; a part is named by its kind, and long tables are left out."""
    values: dict[str, Any] = {}
    for name, value in plan.items():
        if isinstance(value, dict):
            values |= {f"{prefix}{name}": value.get("kind", ""), **flat(value, f"{prefix}{name}.")}
        elif not isinstance(value, list) and name != "kind":
            values[f"{prefix}{name}"] = value
    return values


def settings(run: Run) -> dict[str, Any]:
    """Return the settings of a run as dotted names and values; those of a fork begin with where it was forked."""
    return settings_of(run.plan())


def settings_of(about: dict[str, Any]) -> dict[str, Any]:
    """Return the settings in what `Run.plan` returns."""
    plan = about.get("plan", {})
    return {f"fork.{name}": value for name, value in _forked(plan).items()} | flat(plan)


def _forked(plan: dict[str, Any]) -> dict[str, Any]:
    """Return at which step a fork was forked, and what was done to the state there."""
    if not plan.get("before"):
        return {}
    last = plan["before"][-1]
    changed = {name: last[name] for name, usual in (("reset", False), ("scale", 1)) if last[name] != usual}
    return {"at": last["until"], **changed}


def parent_of(run: Run) -> dict[str, Any] | None:
    """Return which run a fork is from (`run`) and at which `step`; None for what is no fork."""
    return run.plan().get("parent")


def grouped(runs: Sequence[Run]) -> list[list[Run]]:
    """Group the runs whose plans differ in their seeds alone; a run that is named twice counts once."""
    groups: dict[str, list[Run]] = {}
    for run in dict.fromkeys(runs):
        groups.setdefault(json.dumps(without_seeds(run.plan()["plan"]), sort_keys=True), []).append(run)
    return list(groups.values())


def without_seeds(plan: dict[str, Any]) -> dict[str, Any]:
    """Return a stored plan without its seeds, and those of the runs that it goes on from."""
    before = [{**stage, "plan": without_seeds(stage["plan"])} for stage in plan.get("before", [])]
    return {name: value for name, value in plan.items() if name != "seeds"} | {"before": before}


def labels(runs: Sequence[Run]) -> list[str]:
    """Name each run by the settings in which it differs from the others, seeds left out."""
    plans = [settings(run) | {OPERATION: run.plan()["task"]} for run in runs]
    shared = [name for name in plans[0] if name not in SEEDS and all(name in plan for plan in plans)]
    differ = [name for name in shared if len({repr(plan[name]) for plan in plans}) > 1]
    found = [", ".join(_pairs(plan, differ)) for plan in plans]
    if len(set(found)) == len(found):
        return found
    return [f"{words} ({run.name})".strip() for words, run in zip(found, runs, strict=True)]  # long tables differ


def differing(runs: Sequence[Run]) -> list[str]:
    """Return the names of the usual settings, and of all in which the runs differ, seeds and damaged plans left out."""
    plans = [settings(run) for run in runs if _is_readable(run)]
    names = dict.fromkeys([*USUAL, *(name for plan in plans for name in plan)])
    differ = [name for name in names if len({repr(plan.get(name)) for plan in plans}) > 1]
    return [name for name in names if name in (*USUAL, *differ) and name not in SEEDS]


def _is_readable(run: Run) -> bool:
    with contextlib.suppress(StoreError):
        return bool(run.plan())
    return False


def of_run(run: Run, names: Sequence[str] = USUAL) -> str:
    """Say which plan a run carried out: the named settings, as far as it has them, and its seeds."""
    plan = settings(run)
    parts = [f"{name.rsplit('.', 1)[-1]}={_short(plan[name])}" for name in names if name in plan]
    return " ".join([*parts, seeds_of(run).replace(" ", "=")])


def seeds_of(run: Run) -> str:
    """Say which seeds a run has: `seed 0`, or all three where they differ, as `seeds 0/1/2`."""
    plan = settings(run)
    seeds = [str(plan.get(name)) for name in SEEDS]
    return f"seed {seeds[0]}" if len(set(seeds)) == 1 else f"seeds {'/'.join(seeds)}"


def thresholds(run: Run) -> dict[str, float]:
    """Return the accuracies from which on a run counts as having memorized and generalized."""
    record = run.plan().get("plan", {}).get("record", {})
    return {name: record.get(name, THRESHOLD) for name in ("memorized_from", "generalized_from")}


def unit(run: Run) -> str:
    """Return the unit of a run's loss."""
    return run.plan().get("unit", "nats")


def percent(share: float, digits: int = 0) -> str:
    """Write a share as a percentage."""
    return f"{100 * share:.{digits}f} %"


def _pairs(plan: dict[str, Any], names: Sequence[str]) -> list[str]:
    last_parts = {name.rsplit(".", 1)[-1]: plan[name] for name in names}  # an operation of an operation: once
    return [f"{name} = {_short(value)}" for name, value in last_parts.items()]


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
