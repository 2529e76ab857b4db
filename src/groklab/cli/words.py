"""Runs and numbers in words, from what the store holds."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from groklab.store import Run

USUAL = ("task.operation.p", "task.fraction", "optimizer.weight_decay")
SEEDS = ("seeds.init", "seeds.split", "seeds.order")


def number(value: Any) -> str:
    """Write a step or another number; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


def flat(plan: Any, prefix: str = "") -> dict[str, Any]:
    """Return a stored plan as dotted names and values; a part is named by its kind, and long tables are left out."""
    values: dict[str, Any] = {}
    for name, value in plan.items():
        if isinstance(value, dict):
            values |= {f"{prefix}{name}": value.get("kind", ""), **flat(value, f"{prefix}{name}.")}
        elif not isinstance(value, list) and name != "kind":
            values[f"{prefix}{name}"] = value
    return values


def differing(runs: Sequence[Run]) -> list[str]:
    """Return the names of the usual settings, and of all in which the runs differ, seeds left out."""
    plans = [flat(run.plan()["plan"]) for run in runs]
    names = dict.fromkeys([*USUAL, *(name for plan in plans for name in plan)])
    differ = [name for name in names if len({repr(plan.get(name)) for plan in plans}) > 1]
    return [name for name in names if name in (*USUAL, *differ) and name not in SEEDS]


def of_run(run: Run, names: Sequence[str] = USUAL) -> str:
    """Say which plan a run carried out: the named settings, as far as it has them, and its seeds."""
    plan = flat(run.plan()["plan"])
    parts = [f"{name.rsplit('.', 1)[-1]}={_short(plan[name])}" for name in names if name in plan]
    seeds = [str(plan.get(name)) for name in SEEDS]
    return " ".join([*parts, f"seed={seeds[0]}" if len(set(seeds)) == 1 else f"seeds={'/'.join(seeds)}"])


def wide(console: Console) -> Console:
    """Return a console that does not fold names when its output goes to a file or another program."""
    return console if console.is_terminal else Console(width=200)


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
