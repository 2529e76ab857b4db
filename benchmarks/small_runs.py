"""Whole small runs, recordings included: groklab, its steps alone, and the PyTorch loop that a user would write.

    mlp         x + y mod 23, a multilayer perceptron of width 128 and 256, 2,000 steps
    laptop      x / y mod 31, the transformer of power2022 at laptop scale, 1,500 steps
    regression  a 5-100-100-5 tanh network, full batches of 100, 5,000 steps (teacher-student)

All of a row are timed in turn in one process, compiled before; the table shows medians over the rounds, and medians of
the ratios within a round. The PyTorch loop records the same numbers at the same steps: losses and accuracies on all
examples, the norms of all tensors, and of the update. Then 1, 2 and 16 seeds are trained into a store, and one seed by
a process that may use one core only: the gain of two cores is how much more they do with two seeds.

    python benchmarks/small_runs.py              needs PyTorch (CPU) for its column: pip install torch
    python benchmarks/small_runs.py --no-seeds   without the seeds
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import jax
from rich.console import Console
from rich.table import Table

from groklab.runner import execute
from groklab.store import Store
from groklab.training import Plan, Program, Seeds, prepare, sweep_from, train

CASES = {
    "mlp": ("addition", ["p=23", "model=mlp", "learning_rate=0.003"], 2000),
    "laptop": (
        "division",
        ["p=31", "fraction=0.65", "width=64", "depth=1", "learning_rate=3e-3", "batch_size=320", "growth=1.07"],
        1500,
    ),
    "regression": ("teacher-student", [], 5000),
}
SEEDS = (1, 2, 16)


def plan_of(name: str) -> Plan:
    """Return the plan of a case."""
    task, settings, steps = CASES[name]
    return sweep_from(task, [*settings, f"steps={steps}"]).first


def steps_alone(plan: Plan) -> Callable[[], object]:
    """Return a function that makes the steps of a plan and records nothing."""
    setup, member, _ = prepare(plan)
    program = Program([setup], [member])
    state = program.start()
    return lambda: jax.block_until_ready(program.advance(state, 0, plan.steps))


def pytorch(plan: Plan) -> Callable[[], object] | None:
    """Return the whole run as a loop in PyTorch, None where that is not installed."""
    try:
        from pytorch_run import torch_run
    except ImportError:
        return None
    return torch_run(plan)


def measured(name: str, rounds: int) -> dict[str, list[float]]:
    """Return the seconds of each contender of a case, round by round."""
    plan = plan_of(name)
    found = {"steps": steps_alone(plan), "run": lambda: train(plan), "PyTorch": pytorch(plan)}
    contenders = {word: run for word, run in found.items() if run is not None}
    for run in contenders.values():
        run()
    seconds: dict[str, list[float]] = {word: [] for word in contenders}
    for _ in range(rounds):
        for word, run in contenders.items():
            seconds[word].append(_seconds(run))
    return seconds


def seeds_of(name: str, count: int) -> float:
    """Return the seconds that so many seeds of a case take, saved into a store, with all compiled."""
    plans = [plan_of(name).replace(seeds=Seeds(seed, seed, seed)) for seed in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        return _seconds(lambda: execute(plans, Store(folder)))


def on_one_core(name: str) -> float:
    """Return the seconds of one seed in a process that may use one core."""
    command = [sys.executable, __file__, "--one-core", name]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def _seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def ratio(seconds: dict[str, list[float]], above: str, below: str) -> str:
    """Return the median over the rounds of one contender's time to another's."""
    if above not in seconds:
        return "–"
    return f"{statistics.median(a / b for a, b in zip(seconds[above], seconds[below], strict=True)):.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Time whole small runs against their steps and against PyTorch.")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of all contenders (default 7)")
    parser.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES), help="which runs (default all)")
    parser.add_argument("--no-seeds", action="store_true", help="leave out 1, 2 and 16 seeds")
    parser.add_argument("--one-core", choices=CASES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one_core:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # before JAX looks how many there are
        seeds_of(options.one_core, 1)
        print(statistics.median(seeds_of(options.one_core, 1) for _ in range(3)))
        return
    columns = ["", "steps alone", "whole run", "run / steps", "PyTorch", "PyTorch / run"]
    seeds = () if options.no_seeds else SEEDS
    columns += [f"{count} seeds" for count in seeds] + (["one core", "gain of two"] if seeds else [])
    table = Table(*columns, title="whole small runs, seconds", box=None)
    for name in options.cases:
        seconds = measured(name, options.rounds)
        middle = {word: f"{statistics.median(each):.2f}" for word, each in seconds.items()}
        taken = [statistics.median(seeds_of(name, count) for _ in range(5 if count < 3 else 1)) for count in seeds]
        row = [name, middle["steps"], middle["run"], ratio(seconds, "run", "steps"), middle.get("PyTorch", "–")]
        alone = on_one_core(name) if seeds else 0.0
        gain = [f"{alone:.2f}", f"{2 * alone / taken[1]:.2f}"] if seeds else []
        table.add_row(*row, ratio(seconds, "PyTorch", "run"), *(f"{each:.2f}" for each in taken), *gain)
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
