"""Runs and numbers in words, from what the store holds."""

from typing import Any

from groklab.store import Run

DEFAULTS = {"fraction": 0.5, "seed": 0}


def number(value: Any) -> str:
    """Write a step or another number; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


def flat(plan: Any, prefix: str = "") -> dict[str, Any]:
    """Return a stored plan as dotted names and values, tables of the user's left out."""
    values: dict[str, Any] = {}
    for name, value in plan.items():
        if isinstance(value, dict):
            values |= flat(value, f"{prefix}{name}.")
        elif not isinstance(value, list) and name != "kind":
            values[f"{prefix}{name}"] = value
    return values


def of_run(run: Run) -> str:
    """Say in a few words which plan a run carried out."""
    plan = flat(run.plan()["plan"])
    seeds = {plan.get(f"seeds.{name}") for name in ("init", "split", "order")}
    seed = f"seed {seeds.pop()}" if len(seeds) == 1 else "seeds " + "/".join(sorted(map(str, seeds)))
    parts = [f"p={plan['task.operation.p']}"] if "task.operation.p" in plan else []
    parts += [f"fraction={plan['task.fraction']:g}"] if "task.fraction" in plan else []
    return ", ".join([*parts, f"weight_decay={plan.get('optimizer.weight_decay', 0):g}", seed])
