"""Event files for TensorBoard, a folder a run; written by TensorBoard's own package, without TensorFlow."""

import glob
import itertools
import os
import socket
import time
from collections.abc import Mapping, Sequence
from typing import Any

from groklab.tracking.base import Row, TrackedRun, Tracker, imported

FORM = "brain.Event:2"  # what every event file begins with
EVENTS, SUMMARIES = "tensorboard.compat.proto.event_pb2", "tensorboard.compat.proto.summary_pb2"
PARAMETERS, RECORDS = "tensorboard.plugins.hparams.summary_v2", "tensorboard.summary.writer.record_writer"
LOADER = "tensorboard.backend.event_processing.event_file_loader"
MODULES = (EVENTS, SUMMARIES, PARAMETERS, RECORDS, LOADER)
_files = itertools.count()  # of this process: two of one second must not have one name


def tracker(folder: str) -> Tracker:
    """Return the tracker whose event files lie in a folder."""
    return TensorBoard(folder)


class TensorBoard(Tracker):
    """Folders of event files."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        for module in MODULES:
            imported(module)

    def open(self, name: str, id: str, settings: Mapping[str, Any]) -> TrackedRun:
        """Return a run's folder."""
        return EventFiles(f"{self._folder}/{name}", settings)


class EventFiles(TrackedRun):
    """A run's event files: a new one whenever it goes on, as TensorBoard expects."""

    def __init__(self, folder: str, settings: Mapping[str, Any]) -> None:
        os.makedirs(folder, exist_ok=True)
        self._last = last_step(folder)
        self._proto = imported(EVENTS)
        self._summary = imported(SUMMARIES).Summary
        name = f"events.out.tfevents.{time.time():010.0f}.{socket.gethostname()}.{os.getpid()}.{next(_files)}"
        file = open(f"{folder}/{name}", "xb")  # noqa: SIM115 (until it is closed)
        self._records = imported(RECORDS).RecordWriter(file)
        self._add(file_version=FORM)
        if self._last < 0:
            parameters = imported(PARAMETERS)
            self._add(step=0, summary=parameters.hparams_pb(plain(settings), trial_id=os.path.basename(folder)))

    def last_step(self) -> int:
        """Return the last step in the files."""
        return self._last

    def write(self, rows: Sequence[Row]) -> None:
        """Add a scalar for each number."""
        for step, numbers in rows:
            values = [self._summary.Value(tag=name, simple_value=value) for name, value in numbers.items()]
            self._add(step=step, summary=self._summary(value=values))
            self._last = step
        self._records.flush()

    def close(self, final: Mapping[str, int] | None) -> None:
        """Add the milestones at the last step, and close the file."""
        if final:
            self.write([(self._last, {name: float(step) for name, step in final.items()})])
        self._records.close()

    def _add(self, **fields: Any) -> None:
        self._records.write(self._proto.Event(wall_time=time.time(), **fields).SerializeToString())


def last_step(folder: str) -> int:
    """Return the last step with a number in the event files of a folder, −1 where there is none."""
    loader = imported(LOADER).LegacyEventFileLoader
    events = (
        event for path in glob.glob(f"{glob.escape(folder)}/events.out.tfevents.*") for event in loader(path).Load()
    )
    return max(
        (
            event.step
            for event in events
            if any(not each.metadata.plugin_data.plugin_name for each in event.summary.value)
        ),
        default=-1,
    )


def plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as TensorBoard takes them: numbers, texts and whether."""
    return {
        name: value if isinstance(value, bool | int | float | str) else str(value) for name, value in settings.items()
    }
