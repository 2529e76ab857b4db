"""The real trackers, each read back by its own reader: of a run that was cut off no row is missing, and none double."""

import glob
import importlib
import json
import math
import os
import re
import shutil
import sqlite3
import struct
from pathlib import Path

import pytest
from stored import stored

from groklab.store import Store
from groklab.tracking import TRACKERS
from groklab.tracking.kinds import tracker
from groklab.tracking.mlflow import database as database_in
from groklab.tracking.wandb import is_logged_in

pytestmark = [pytest.mark.trackers, pytest.mark.filterwarnings("default")]
PAGE = Path(__file__).parents[2] / "docs/trackers.md"
ROWS = [(step, {"train_loss": 1 / (step + 1), "validation_accuracy": step / 16}) for step in (0, 1, 2, 5, 10)]
ROWS += [(16, {"train_loss": math.nan, "validation_accuracy": 1.0})]
NAME, ID, SETTINGS = "addition-0123456789ab", "0123456789ab", {"task.fraction": 0.5, "task": "BinaryTable", "x": None}


@pytest.fixture(params=TRACKERS)
def name(request, monkeypatch, tmp_path_factory):
    """Give the name of a tracker that is installed, and whose files stay where the test is."""
    pytest.importorskip(request.param, reason=f"{request.param} is not installed")
    before = dict(os.environ)
    for variable in ("WANDB_MODE", "WANDB_API_KEY", "WANDB_DIR", "MLFLOW_TRACKING_URI", "TRACKIO_SPACE_ID"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path_factory.mktemp("home") / "netrc"))
    if request.param == "trackio":  # it reads where its files are to be when it is imported, and never again
        from trackio import utils

        for module in (utils, importlib.import_module("trackio.sqlite_storage")):
            monkeypatch.setattr(module, "TRACKIO_DIR", tmp_path_factory.mktemp("trackio"))
    yield request.param
    os.environ.clear()  # of what trackers put there
    os.environ.update(before)


@pytest.fixture
def folder(name, tmp_path, request):
    """Return the folder of a tracker's files; MLflow finds an empty database there."""
    if name == "mlflow":
        shutil.copy(request.getfixturevalue("database"), tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def database(tmp_path_factory):
    """Return an empty database of MLflow: it takes seconds to make its tables."""
    folder = tmp_path_factory.mktemp("mlflow")
    database_in(folder, importlib.import_module("mlflow").MlflowClient)
    return folder / "mlflow.db"


def from_tensorboard(folder, run):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(f"{folder}/{run}", size_guidance={"scalars": 0})
    events.Reload()
    return [(each.step, tag, each.value) for tag in events.Tags()["scalars"] for each in events.Scalars(tag)]


def from_wandb(folder, run):
    from wandb.proto.wandb_internal_pb2 import Record

    importlib.import_module("wandb").teardown()  # as at the end of a process: until then files may lack their ends
    found = []
    for path in sorted(glob.glob(f"{folder}/wandb/offline-run-*/*.wandb"), key=lambda path: Path(path).stat().st_mtime):
        records = list(map(Record.FromString, records_in(Path(path).read_bytes())))
        if [each.run.display_name for each in records if each.HasField("run")] != [run]:
            continue
        for each in (each for each in records if each.HasField("history")):
            values = {item.key or ".".join(item.nested_key): json.loads(item.value_json) for item in each.history.item}
            step = values["_step"]
            found += [(step, tag, float(value)) for tag, value in values.items() if not tag.startswith("_")]
        final = {item.key: item.value_json for each in records for item in each.summary.update}
        found += [(16, tag, float(final[tag])) for tag in final if tag.endswith("_at")]
    return found


def records_in(data):
    """Yield the records of a file of Weights & Biases: a header, then blocks of LevelDB's log format."""
    at, record = 7, b""
    while at + 7 <= len(data):
        if 32768 - at % 32768 < 7:
            at += 32768 - at % 32768
            continue
        size, kind = struct.unpack("<HB", data[at + 4 : at + 7])
        record += data[at + 7 : at + 7 + size]
        at += 7 + size
        if kind in (1, 4):  # whole, or the last part
            yield record
            record = b""


def from_mlflow(folder, run):
    import mlflow

    place = Path(f"{folder}/imported.db")
    client = mlflow.MlflowClient(f"sqlite:///{place if place.exists() else place.with_name('mlflow.db')}")
    (experiment,) = client.search_experiments(filter_string="name = 'groklab'")
    (found,) = [each for each in client.search_runs([experiment.experiment_id]) if each.info.run_name == run]
    assert found.info.status == "FINISHED"
    histories = [client.get_metric_history(found.info.run_id, tag) for tag in found.data.metrics]
    return [(each.step, each.key, each.value) for history in histories for each in history]


def from_trackio(folder, run):
    from trackio.sqlite_storage import SQLiteStorage

    (found,) = [each for each in importlib.import_module("trackio").Api().runs("groklab") if each.name == run]
    logs = SQLiteStorage.get_logs("groklab", run, run_id=found.id)
    return [
        (log["step"], tag, math.nan if value is None else float(value))
        for log in logs
        for tag, value in log.items()
        if tag not in ("step", "timestamp")
    ]


READERS = {"tensorboard": from_tensorboard, "wandb": from_wandb, "mlflow": from_mlflow, "trackio": from_trackio}


def assert_same(found, expected):
    """The same numbers stand at the same steps, each once; TensorBoard has single precision."""
    ours, theirs = sorted(found, key=lambda each: each[:2]), sorted(expected, key=lambda each: each[:2])
    assert [each[:2] for each in ours] == [each[:2] for each in theirs]
    assert [each[2] for each in ours] == pytest.approx([each[2] for each in theirs], rel=1e-7, nan_ok=True)


def flat(rows):
    return [(step, tag, value) for step, numbers in rows for tag, value in numbers.items()]


def test_a_run_that_goes_on_is_whole(name, folder):
    run = tracker(name, str(folder)).open(NAME, ID, SETTINGS)
    assert run.last_step() == -1
    run.write(ROWS[:3])
    run.close(None)
    again = tracker(name, str(folder)).open(NAME, ID, SETTINGS)
    assert again.last_step() == 2
    again.write(ROWS[3:])
    again.close({"memorized_at": 5})
    assert_same(READERS[name](folder, NAME), [*flat(ROWS), (16, "memorized_at", 5.0)])


def test_several_runs_are_open_at_once(name, folder):
    found = tracker(name, str(folder))
    runs = [found.open(f"sums-{id}", id, SETTINGS) for id in ("aaaa", "bbbb")]
    for row in ROWS:
        for run in runs:
            run.write([row])
    for run in runs:
        run.close({})
    for id in ("aaaa", "bbbb"):
        assert_same(READERS[name](folder, f"sums-{id}"), flat(ROWS))


def test_the_page_imports_a_finished_run(name, folder, monkeypatch):
    run = stored(Store(str(folder / "runs")))
    shutil.copytree(run.folder.local_path, folder / "runs/NAME")
    monkeypatch.chdir(folder)
    if name == "wandb":
        monkeypatch.setenv("WANDB_SILENT", "true")
        importlib.import_module("wandb").teardown()  # it has taken note of the folder before
    if name == "mlflow":
        Path("mlflow.db").rename("imported.db")
    section = PAGE.read_text(encoding="utf-8").partition("## Importing a finished run")[2]
    reading, *writing = re.findall(r"```python\n(.*?)```", section, flags=re.DOTALL)
    scope = {}
    for block in (reading, next(block for block in writing if name in block)):
        exec(compile(block, "docs/trackers.md", "exec"), scope)
    columns = run.metrics()
    steps = columns.pop("step")
    columns.pop("run")
    expected = [(int(at), tag, float(column[row])) for tag, column in columns.items() for row, at in enumerate(steps)]
    place = folder / "imported/tensorboard" if name == "tensorboard" else folder
    assert_same(READERS[name](place, run.name), expected)


@pytest.mark.slow
def test_the_page_tells_how_it_goes_from_python(monkeypatch, tmp_path):
    pytest.importorskip("tensorboard", reason="tensorboard is not installed")
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(
        r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8").partition("## From Python")[2], flags=re.DOTALL
    )
    exec(compile(block, "docs/trackers.md", "exec"), {})
    (run,) = Store("runs").runs()
    found = from_tensorboard("runs/tracked/tensorboard", run.name)
    assert [step for step, tag, _ in found if tag == "validation_loss"] == list(run.metrics()["step"])


def test_a_database_appears_whole_or_not_at_all(tmp_path):
    def cut(uri):
        Path(uri.removeprefix("sqlite:///")).write_bytes(b"half")
        raise OSError("cut")

    with pytest.raises(OSError, match="cut"):
        database_in(tmp_path, cut)
    assert list(tmp_path.iterdir()) == []

    def made(uri):
        with sqlite3.connect(uri.removeprefix("sqlite:///")) as connection:
            connection.execute("CREATE TABLE runs (id)")

    place = database_in(tmp_path, made)
    assert list(tmp_path.iterdir()) == [place]
    assert database_in(tmp_path, cut) == place


def test_a_login_is_seen(monkeypatch, tmp_path):
    for variable in ("WANDB_API_KEY", "WANDB_IDENTITY_TOKEN_FILE", "WANDB_BASE_URL"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert not is_logged_in()
    (tmp_path / "netrc").write_text("machine api.wandb.ai\n  login user\n  password 0\n")
    assert is_logged_in()
    monkeypatch.setenv("WANDB_BASE_URL", "https://wandb.example.org")
    assert not is_logged_in()
    monkeypatch.setenv("WANDB_API_KEY", "0")
    assert is_logged_in()
