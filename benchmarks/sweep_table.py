"""What `sweep_throughput.py` prints and writes: where it ran, rates, ratios, and the time of a whole grid."""

import importlib.metadata
import importlib.util
import math
import os
import platform
import statistics
from pathlib import Path
from typing import Any

import jax
from rich.console import Console
from rich.table import Table
from sweep_contenders import Contender, Size

import groklab
from groklab.runner.describe import commit, cores

GRID_MEMBERS, GRID_STEPS = 390, 100_000  # of figure 2 right at the paper's scale
COLUMNS = ("", "member-steps/s", "range", "against one alone", "against PyTorch", "compile s")


def about(size: Size, torch: str) -> dict[str, Any]:
    """Return what was trained, on what, with which versions; `torch` tells where the PyTorch loop runs."""
    plan, device = size.plan, jax.devices()[0]
    model, operation = plan.model, plan.task.operation
    batch_size = plan.batch_of(plan.task.examples(seed=0).train_size)
    return {
        "task": f"{operation.name} mod {operation.p}, fractions {', '.join(f'{each:g}' for each in size.fractions)}",
        "model": f"depth {model.depth}, width {model.width}, batch {batch_size}",
        "products": plan.precision.products,
        "device": f"{device.platform}: {device.device_kind}",
        "processor": f"{processor()}, {cores()} cores",
        "pytorch": torch,
        "load": [round(each, 1) for each in os.getloadavg()] if hasattr(os, "getloadavg") else [],
        "versions": versions(),
    }


def processor() -> str:
    """Return the processor's name, where the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def versions() -> dict[str, str]:
    """Return versions; groklab's is followed by the commit of its sources."""
    packages = ("jax", "jaxlib", "equinox", "optax", "numpy", "torch")
    ours = {"groklab": f"{groklab.__version__} {commit()}".strip(), "python": platform.python_version()}
    return ours | {name: importlib.metadata.version(name) for name in packages if importlib.util.find_spec(name)}


def results_of(timed: list[Contender], seconds: dict[str, list[float]]) -> dict[str, Any]:
    """Return a row for each contender, and what follows for the grid; whoever ran out of memory late has no row."""
    whole = [each for each in timed if all(map(math.isfinite, seconds[each.name]))]
    rates = {each.name: [each.members / one for one in seconds[each.name]] for each in whole}
    slow_to_fast = sorted(whole, key=lambda each: statistics.median(rates[each.name]))
    fastest = {each.kind: rates[each.name] for each in slow_to_fast}  # the fastest of each kind
    rows = [row(each, rates[each.name], fastest) for each in whole]
    best = max((row for row in rows if row["kind"] == "sweep"), key=lambda row: row["rate"], default=rows[0])
    grid = {"members": GRID_MEMBERS, "steps": GRID_STEPS, "seconds": GRID_MEMBERS * GRID_STEPS / best["rate"]}
    return {"rows": rows, "best": best["name"], "grid": grid}


def row(each: Contender, rates: list[float], fastest: dict[str, list[float]]) -> dict[str, Any]:
    """Return what is told of a contender: rates in member-steps per second."""
    return {
        "name": each.name,
        "kind": each.kind,
        "members": each.members,
        "steps_of_a_turn": each.steps,
        "rate": statistics.median(rates),
        "rates": rates,
        "against_alone": ratio(rates, fastest.get("alone")),
        "against_pytorch": ratio(rates, fastest.get("PyTorch")),
        "compile_seconds": each.first_seconds,
    }


def ratio(rates: list[float], reference: list[float] | None) -> float | None:
    """Return the median of the ratios within each round."""
    return statistics.median(one / other for one, other in zip(rates, reference, strict=True)) if reference else None


def show(results: dict[str, Any]) -> None:
    """Print the table, and the time of the grid."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in COLUMNS:
        table.add_column(name, justify="right" if name else "left", no_wrap=True)
    for each in results["rows"]:
        spread = f"{min(each['rates']):,.0f}–{max(each['rates']):,.0f}"
        ratios = (f"{each[name]:.2f}" if each[name] else "–" for name in ("against_alone", "against_pytorch"))
        table.add_row(each["name"], f"{each['rate']:,.0f}", spread, *ratios, f"{each['compile_seconds']:.1f}")
    console = Console()
    console = console if console.is_terminal else Console(width=120)
    console.print(table)
    grid = results["grid"]
    console.print(
        f"{grid['members']} members × {grid['steps']:,} steps of this size, as at the best ({results['best']}): "
        f"{grid['seconds']:,.0f} s of training",
        highlight=False,
    )


def warnings(facts: dict[str, Any]) -> list[str]:
    """Return what keeps the numbers from being fair."""
    found = []
    if facts["pytorch"] == "cpu" and not facts["device"].startswith("cpu"):
        found.append("PyTorch ran on the CPU and JAX did not: the ratios against PyTorch are of two devices.")
    if facts["load"] and facts["load"][0] > cores() / 2:
        load = f"load {facts['load'][0]} on {cores()} cores"
        found.append(f"The machine was busy at the start, {load}: measure again on a quiet one.")
    return found
