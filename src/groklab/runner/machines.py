"""The Ray cluster that a sweep runs on: joined, or started and taken down."""

import contextlib
import logging
import os
import signal
import threading
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

import ray

from groklab.errors import InvalidSetting
from groklab.runner.local import cores


class Machines(NamedTuple):
    """What a cluster has at the moment."""

    nodes: int
    cores: int
    gpus: int

    @property
    def slots(self) -> int:
        """How many tasks are trained at once: where there are GPUs, on them alone."""
        return self.gpus or self.cores

    def __str__(self) -> str:
        return f"ray: {_count(self.nodes, 'node')}, {_count(self.cores, 'core')}, {_count(self.gpus, 'GPU')}"


def machines() -> Machines:
    """Return what the cluster has."""
    has = ray.cluster_resources()
    return Machines(sum(node["Alive"] for node in ray.nodes()), int(has.get("CPU", 0)), int(has.get("GPU", 0)))


@contextlib.contextmanager
def connected() -> Iterator[None]:
    """Join the cluster at RAY_ADDRESS or on this machine, or start one and take it down at the end.

    A connection that the user has made is used and kept. Raise `InvalidSetting` where the cluster cannot be joined.
    """
    if ray.is_initialized():
        yield
        return
    log = logging.getLogger("ray")
    level, handler = log.level, signal.getsignal(signal.SIGTERM)
    try:
        _join()
        yield
    finally:
        ray.shutdown()
        log.setLevel(level)
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, handler)  # Ray puts its own there


def _join() -> None:
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR, "include_dashboard": False}
    try:
        with warnings.catch_warnings():
            # JAX warns of any fork; those of Ray start other programs at once
            warnings.filterwarnings("ignore", r"os\.fork\(\) was called", RuntimeWarning)
            try:
                ray.init(num_cpus=cores(), **quiet)
            except ValueError:  # a cluster that exists has the cores it has
                ray.init(**quiet)
    except (ConnectionError, RuntimeError, ValueError) as error:
        address = os.environ.get("RAY_ADDRESS")
        where = f"at RAY_ADDRESS={address}" if address else "that was started on this machine"
        words = " ".join(str(error).partition("\n")[0].split()).rstrip(".:")
        raise InvalidSetting(
            f"`engine` ray cannot join the cluster {where}: {words}. Is it running, with the same versions of Python "
            "and Ray? One that crashed is forgotten by: ray stop"
        ) from None


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
