"""The Ray cluster that a sweep runs on: joined, or started and taken down."""

import contextlib
import logging
import os
import signal
import socket
import threading
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

import ray
from ray._private import services

from groklab.errors import InvalidSetting
from groklab.runner.describe import cores

KNOCK_SECONDS = 5.0


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
    given = os.environ.get("RAY_ADDRESS", "")
    where = f"at RAY_ADDRESS={given}" if given else "that was started on this machine"
    try:
        look: Any = services.canonicalize_bootstrap_address  # at RAY_ADDRESS, then for one on this machine
        address = given if "://" in given else look(None)
        if address is None:
            where = "of its own that it would start"
            quiet["num_cpus"] = cores()  # Ray would count those too that this process may not use
        elif "://" not in address:
            _knock(address)
        with warnings.catch_warnings():
            # JAX warns of any fork; those of Ray start other programs at once
            warnings.filterwarnings("ignore", r"os\.fork\(\) was called", RuntimeWarning)
            ray.init(**quiet)
    except (OSError, RuntimeError, ValueError) as error:
        words = " ".join(str(error).partition("\n")[0].split()).rstrip(".:")
        raise InvalidSetting(
            f"`engine` ray cannot join the cluster {where}: {words}. Is it running, with the same Python and Ray? "
            "If it asks for a token, set RAY_AUTH_MODE=token; to forget it, use `ray stop` or unset RAY_ADDRESS."
        ) from None


def _knock(address: str) -> None:
    """Raise an `OSError` where nothing listens: Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), KNOCK_SECONDS).close()
    except OSError as error:
        raise OSError(f"nothing answers at {address} ({error.strerror or error})") from None


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
