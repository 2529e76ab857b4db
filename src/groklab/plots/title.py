"""What a figure is of, in a line."""

from collections.abc import Sequence

from groklab.store import Run


def title_of(runs: Sequence[Run]) -> str:
    """Name the task, the data, the model and the optimizer of a plan, and the number of seeds."""
    plan = runs[0].plan()["plan"]
    task, model, optimizer = plan["task"], plan["model"], plan["optimizer"]
    operation = task.get("operation", {})
    parts = [runs[0].plan()["task"] + (f" mod {operation['p']}" if "p" in operation else "")]
    parts += [f"{task['fraction']:.0%} of the table"] if "fraction" in task else []
    parts += [model["kind"].lower() + (f", width {model['width']}" if "width" in model else "")]
    parts += [f"{optimizer['rule']['kind']}, λ = {optimizer['weight_decay']:g}"]
    seeds = f"{len(runs)} seeds: median and range" if len(runs) > 1 else f"seed {plan['seeds']['init']}"
    return ", ".join([*parts, seeds])
