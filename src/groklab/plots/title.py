"""What a figure is of, in a line."""

from collections.abc import Sequence
from typing import Any

from groklab.naming import word_of
from groklab.plots.literal import literal
from groklab.store import Run
from groklab.store.words import percent, seeds_of


def title_of(groups: Sequence[Sequence[Run]]) -> str:
    """Name the task, the data, the model and the optimizer, as far as all groups share them, and the seeds."""
    parts = [_parts(runs[0]) for runs in groups]
    shared = [part for part in parts[0] if all(part in other for other in parts)]
    return literal(", ".join([*shared, *_seeds(groups)]))


def _parts(run: Run) -> list[str]:
    about = run.plan()
    task, model, optimizer = (about["plan"][name] for name in ("task", "model", "optimizer"))
    operation = task.get("operation", {})
    parts = [about["task"] + (f" mod {operation['p']}" if "p" in operation else "")]
    parts += [f"{percent(task['fraction'])} of the {_cells(operation)}"] if "fraction" in task else []
    parts += [model["kind"] if model["kind"].isupper() else word_of(model["kind"])]
    return [*parts, *_size(model, has_operands="operation" in task), _rule(optimizer), _decay(optimizer), *_scale(run)]


def _size(model: dict[str, Any], *, has_operands: bool) -> list[str]:
    """Name the width that tells how large a network is: of one that reads numbers, its hidden layers'."""
    if model["kind"] == "MLP" and not has_operands:
        return [f"hidden {model['hidden']}"]
    return [f"{name} {model[name]}" for name in ("width", "features") if name in model]


def _scale(run: Run) -> list[str]:
    alpha = run.plan()["plan"].get("alpha", 1)
    return [] if alpha == 1 else [f"α = {alpha:g}"]


def _cells(operation: dict[str, Any]) -> str:
    has_blanks = any(value == -1 for row in operation.get("values", []) for value in row)
    return "known cells" if has_blanks else "table"


def _rule(optimizer: dict[str, Any]) -> str:
    """Name the rule as papers do: Adam with decoupled decay is AdamW, momentum without momentum is SGD."""
    rule = optimizer["rule"]
    if rule["kind"] == "Adam":
        return "AdamW" if optimizer["weight_decay"] and optimizer["decay"] != "coupled" else "Adam"
    if rule["kind"] == "Momentum":
        return f"SGD with momentum {rule['momentum']:g}" if rule["momentum"] else "SGD"
    return rule["kind"]


def _decay(optimizer: dict[str, Any]) -> str:
    forms = {"coupled": " (L2)", "initialization": " (towards the initial weights)"}
    form = forms.get(optimizer["decay"], "") if optimizer["weight_decay"] else ""
    return f"λ = {optimizer['weight_decay']:g}{form}"


def _seeds(groups: Sequence[Sequence[Run]]) -> list[str]:
    counts = {len(runs) for runs in groups}
    if counts != {1}:
        count = f"{counts.pop()} seeds" if len(counts) == 1 else "seeds"
        return [f"median and range of {count}"]
    seeds = {seeds_of(runs[0]) for runs in groups}
    return list(seeds) if len(seeds) == 1 else []
