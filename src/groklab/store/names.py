"""The names of a run's files. Nothing else is ever removed or written over."""

import re

PLAN, STATUS, STATE, METRICS, RECENT, TABLE = (
    "plan.json",
    "status.json",
    "state.safetensors",
    "metrics.parquet",
    "recent.parquet",
    "table.safetensors",
)
LOCK, PARTS, SNAPSHOTS = "lock", "metrics", "snapshots"
PART, SNAPSHOT, MEASURED = (
    re.compile(r"part-\d{5,}\.parquet"),
    re.compile(r"step-(\d{10})\.safetensors"),
    re.compile(r"measured-[0-9a-f]{12}\.parquet"),
)
FIGURE = re.compile(r"figure\.png")
HALF = re.compile(r"\.(.+)\.[0-9a-f]{8}")  # a file that is being written, beside its place
REPAIRED = (PLAN, STATUS, TABLE)  # what the command that trained a run can write again


def part(number: int) -> str:
    """Return the name of a part of the recorded numbers."""
    return f"part-{number:05d}.parquet"


def snapshot(step: int) -> str:
    """Return the name of the weights at a step."""
    return f"step-{step:010d}.safetensors"


def measured(name: str) -> str:
    """Return the name of what was worked out from a run."""
    return f"measured-{name}.parquet"


def is_file_of_run(name: str) -> bool:
    """Whether a run's folder has a file of this name."""
    kinds = (MEASURED, FIGURE, PART, SNAPSHOT)
    return name in (PLAN, STATUS, STATE, METRICS, RECENT, TABLE, LOCK) or any(kind.fullmatch(name) for kind in kinds)


def is_of_run(name: str) -> bool:
    """Whether a run's folder has a file or a folder of this name."""
    return name in (PARTS, SNAPSHOTS) or is_file_of_run(name)


def is_half_written(name: str) -> bool:
    """Whether this is what a writer that was killed left of one of a run's files."""
    found = HALF.fullmatch(name)
    return found is not None and is_file_of_run(found.group(1))


def is_part(name: str) -> bool:
    """Whether this is a part of the recorded numbers, be it half written."""
    return bool(PART.fullmatch(name)) or is_half_written(name)


def is_snapshot(name: str) -> bool:
    """Whether this holds the weights at a step, be it half written."""
    return bool(SNAPSHOT.fullmatch(name)) or is_half_written(name)
