"""What a run's folder says of itself: the plan and what it ran on, and the table it learns."""

import functools
import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

import jax
import numpy as np

from groklab.errors import RunDamaged
from groklab.store import Run
from groklab.tasks import BinaryTable
from groklab.training import Plan, encode
from groklab.types import Examples

PACKAGES = ("groklab", "jax", "jaxlib", "equinox", "optax", "numpy")


def describe(plan: Plan, parent: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the plan, its id, its parent if it is a fork, and the versions and hardware at hand, as JSON values."""
    return {
        "id": plan.id,
        "task": plan.task.name,
        "plan": encode(plan),
        "unit": plan.objective.unit,
        **({"parent": parent} if parent else {}),
        **origin(),
    }


def origin() -> dict[str, Any]:
    """Return the commit, versions and hardware at hand, as JSON values."""
    device = jax.devices()[0]
    return {
        "commit": commit(),
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}},
        "hardware": {
            "platform": device.platform,
            "device": device.device_kind,
            "processor": platform.machine(),
            "cores": cores(),
        },
    }


def describe_table(plan: Plan, run: Run, examples: Examples) -> None:
    """Write a table task's cells, right answers and withheld cells, for the figures."""
    if not isinstance(plan.task, BinaryTable):
        return
    layout = plan.task.layout(examples)
    words = plan.task.vocabulary()
    truth = np.where(layout.row >= 0, examples.targets[layout.row, 0], -1)
    is_known = np.isin(layout.row, examples.order[: examples.known_size])
    arrays = {
        "row": layout.row.astype(np.int32),
        "truth": np.where(is_known, truth, -1).astype(np.int32),
        "withheld": layout.withheld,
    }
    about = {"left": layout.left, "right": layout.right, "sign": layout.sign, "words": words}
    run.write_table(arrays, about)


def has_table(plan: Plan, run: Run) -> bool:
    """Whether the table is there as it was written, if the plan's task has one."""
    if not isinstance(plan.task, BinaryTable):
        return True
    try:
        return run.table() is not None
    except RunDamaged:
        return False


def other_cores(run: Run) -> list[str]:
    """Warn where a run on a CPU goes on with another number of cores than it began with."""
    before, now = run.plan()["hardware"], {"platform": jax.devices()[0].platform, "cores": cores()}
    if before.get("platform") != now["platform"] or now["platform"] != "cpu" or before.get("cores") == now["cores"]:
        return []
    return [
        f"{run.name} was begun on {before.get('cores')} cores and goes on with {now['cores']}: sums are taken in "
        "another order, and its last bits are not those of an uncut run"
    ]


def cores() -> int:
    """Return the number of processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@functools.cache
def commit() -> str:
    """Return the commit of the sources, with a + where they were changed since; nothing outside a repository."""
    command = (
        "git",
        "-C",
        str(Path(__file__).parent),
        "describe",
        "--always",
        "--abbrev=10",
        "--dirty=+",
        "--exclude=*",
    )
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
