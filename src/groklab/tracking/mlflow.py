"""Runs of MLflow: in a database of its own folder, unless MLFLOW_TRACKING_URI says otherwise."""

import contextlib
import functools
import logging
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from groklab.tracking.base import PROJECT, Row, TrackedRun, Tracker, imported

TAG = "groklab.run"
METRICS, PARAMETERS, LONGEST = 1000, 100, 6000  # what a request may have, and the characters of a parameter


def tracker(folder: str) -> Tracker:
    """Return the tracker whose database lies in a folder, or that of MLFLOW_TRACKING_URI."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # it would tell its makers what is used
    return MLflow(folder)


class MLflow(Tracker):
    """An experiment of MLflow."""

    def __init__(self, folder: str) -> None:
        self._folder, self._entities = Path(folder).absolute(), imported("mlflow.entities")
        self._make_client = imported("mlflow").MlflowClient
        for name in ("mlflow", "alembic"):
            logging.getLogger(name).setLevel(logging.WARNING)

    def open(self, name: str, id: str, settings: Mapping[str, Any]) -> TrackedRun:
        """Return the run with the tag of this name, made where there is none."""
        client, experiment = self._place
        quoted = name.replace("\\", "\\\\").replace("'", "\\'")
        found = client.search_runs([experiment], f"tags.`{TAG}` = '{quoted}'", max_results=1)
        if found:
            client.update_run(found[0].info.run_id, status="RUNNING")
            return Logged(client, self._entities, found[0].info.run_id)
        run = client.create_run(experiment, run_name=name, tags={TAG: name}).info.run_id
        all = [self._entities.Param(key, str(value)[:LONGEST]) for key, value in settings.items()]
        for some in divided(all, PARAMETERS):
            client.log_batch(run, params=some)
        return Logged(client, self._entities, run)

    @functools.cached_property
    def _place(self) -> tuple[Any, str]:
        """The client of where runs are kept, and the id of the experiment; a server may keep one waiting."""
        uri, artifacts = os.environ.get("MLFLOW_TRACKING_URI"), None
        if uri is None:
            uri = f"sqlite:///{database(self._folder, self._make_client)}"
            artifacts = (self._folder / "artifacts").as_uri()
        client, name = self._make_client(uri), os.environ.get("MLFLOW_EXPERIMENT_NAME", PROJECT)
        found = client.get_experiment_by_name(name)
        made = found.experiment_id if found else client.create_experiment(name, artifact_location=artifacts)
        return client, made


class Logged(TrackedRun):
    """A run of MLflow."""

    def __init__(self, client: Any, entities: Any, id: str) -> None:
        self._client, self._entities, self._id = client, entities, id
        names = client.get_run(id).data.metrics
        histories = [client.get_metric_history(id, name) for name in names]
        self._last = max((metric.step for history in histories for metric in history), default=-1)

    def last_step(self) -> int:
        """Return the last step that any number was logged at."""
        return self._last

    def write(self, rows: Sequence[Row]) -> None:
        """Log rows, as many at once as a request may have."""
        now = int(1000 * time.time())
        metric = self._entities.Metric
        all = [metric(name, value, now, step) for step, numbers in rows for name, value in numbers.items()]
        for some in divided(all, METRICS):
            self._client.log_batch(self._id, metrics=some)
        self._last = rows[-1][0]

    def close(self, final: Mapping[str, int] | None) -> None:
        """Log the milestones at the last step, and say how the run ended."""
        if final:
            self.write([(self._last, {name: float(step) for name, step in final.items()})])
        self._client.set_terminated(self._id, "KILLED" if final is None else "FINISHED")


def database(folder: Path, client: Any) -> Path:
    """Return the database in a folder; where there is none it is made beside its place, and appears whole.

    MLflow makes its tables one after the other, and what is left of a database where that was cut off is of no use.
    """
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / "mlflow.db"
    if not place.exists():
        with tempfile.TemporaryDirectory(dir=folder) as beside:
            client(f"sqlite:///{beside}/raw.db")
            with contextlib.closing(sqlite3.connect(f"{beside}/raw.db")) as raw:
                raw.execute("VACUUM INTO ?", [f"{beside}/whole.db"])
            with contextlib.suppress(FileExistsError):  # another process was first
                os.link(f"{beside}/whole.db", place)
    return place


def divided(all: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Yield a sequence in parts of at most so many."""
    return (all[at : at + size] for at in range(0, len(all), size))
