"""The engine ray, on a real cluster of two nodes on this machine; what it trains equals the local engine's bytes."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

os.environ.setdefault("RAY_AUTH_MODE", "disabled")  # read when Ray is imported; else it writes a token into the home
pytest.importorskip("ray", reason='the engine ray needs the extra: pip install "groklab[ray]"')

import psutil  # it comes with Ray
from kinds import small_plan

from groklab.errors import GroklabError, InvalidSetting, MissingExtra, StoreError
from groklab.models import MLP
from groklab.runner import Watch, execute
from groklab.runner.cluster import ensembles
from groklab.runner.following import Follower
from groklab.runner.job import Job
from groklab.runner.machines import Machines, _join, connected
from groklab.runner.options import Options
from groklab.store import Store, to_json
from groklab.tasks import BinaryTable, Modular
from groklab.training import Plan, Record, Seeds, decode, encode

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Ray leaves files and processes to the collector
]
MARK = 1e6  # seconds that no run takes

NODES = """
import json, sys
from ray.cluster_utils import Cluster
node = {"num_cpus": 1, "object_store_memory": 80 * 2**20}
cluster = Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
second = cluster.add_node(**node)
raylet = second.all_processes["raylet"][0].process.pid
print(json.dumps({"address": cluster.address, "raylet": raylet}), flush=True)
sys.stdin.read()
cluster.shutdown()
"""
LOCAL = """
import json, sys
from groklab.runner import execute
from groklab.store import Store
from groklab.training import decode
execute([decode(plan) for plan in json.load(sys.stdin)], Store(sys.argv[1]))
"""


def plans(count, steps):
    start = Plan(
        task=BinaryTable(Modular("addition", 11)),
        model=MLP(width=8, hidden=16, weight_noise=0.01),
        steps=steps,
        batch_size=13,
        record=Record(growth=1.02),
    )
    return [start.replace(seeds=Seeds(seed, seed, seed)) for seed in range(count)]


SHORT, LONG, ENDLESS = plans(4, 300), plans(2, 30_000), plans(2, 100_000_000)


def files(run):
    return {name: run.folder.read(name) for name in ("metrics.parquet", "state.safetensors", "table.safetensors")}


@pytest.fixture(scope="module")
def place():
    """An environment and a folder for Ray; the path is short, since it becomes that of sockets."""
    folder = tempfile.mkdtemp(prefix="ray", dir="/tmp")
    quick = {
        "JAX_COMPILATION_CACHE_DIR": f"{folder}/compiled",
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RAY_ADDRESS", raising=False)
        for name, value in {**quick, "RAY_TMPDIR": folder, "RAY_USAGE_STATS_ENABLED": "0"}.items():
            patch.setenv(name, value)
        yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def nodes(place):
    """The process that starts two nodes of a core each, which takes a while."""
    nodes = subprocess.Popen([sys.executable, "-c", NODES], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield nodes
    nodes.communicate()
    assert processes_in(place) == []


@pytest.fixture(scope="module")
def alone(place, nodes):
    """The runs of the local engine, in a process that optimizes its programs as the workers do."""
    encoded = json.dumps([encode(plan) for plan in SHORT + LONG])
    subprocess.run([sys.executable, "-c", LOCAL, f"{place}/alone"], input=encoded, text=True, check=True)
    return Store(f"{place}/alone")


@pytest.fixture(scope="module")
def raylet(nodes, alone):
    """The number of the second node's raylet, while this process is joined to the cluster."""
    about = json.loads(nodes.stdout.readline())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_ADDRESS", about["address"])
        with connected():
            yield about["raylet"]


def processes_in(folder):
    """Return the commands that still work in a folder, after some seconds to end."""
    found = [each for each in psutil.process_iter(["cmdline"]) if f"{folder}/" in " ".join(each.info["cmdline"] or ())]
    return [each.info["cmdline"] for each in psutil.wait_procs(found, timeout=10)[1]]


class Listener(Watch):
    def __init__(self):
        self.reports, self.notes = [], []

    def report(self, report):
        self.reports.append(report)

    def note(self, text):
        self.notes.append(text)


def test_a_sweep_on_two_nodes_is_the_local_one_byte_for_byte(raylet, alone, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    watch = Listener()
    runs = execute(SHORT, Store("runs"), engine="ray", watch=watch)
    assert watch.notes == ["4 runs in 1 compiled program", "ray: 2 nodes, 2 cores, 0 GPUs"]
    assert {report.run for report in watch.reports if report.is_finished} == {run.name for run in runs}
    for run in runs:
        assert Path(run.folder.local_path).is_relative_to(tmp_path)
        assert files(run) == files(alone.named(run.name))


def test_again_begins_anew_and_says_where_it_was_trained(raylet, alone, tmp_path):
    store = Store(str(tmp_path))
    (run,) = execute(SHORT[:1], store, engine="ray")
    status = run.status()
    run.folder.write("status.json", to_json({"run": run.id, **status, "seconds": MARK}))
    execute(SHORT[:1], store, engine="ray", again=True)
    assert run.status()["seconds"] < MARK
    assert run.plan()["id"] == SHORT[0].id
    assert files(run) == files(alone.named(run.name))


def test_ctrl_c_saves_every_run(raylet, tmp_path):
    store = Store(str(tmp_path))
    runs = [store.run(plan.task.name, plan.id) for plan in ENDLESS]

    def press():
        while not all(run.folder.has("table.safetensors") for run in runs):  # the last file before the training
            time.sleep(0.02)
        time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=press)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        execute(ENDLESS, store, engine="ray", seconds_between_saves=1000)
    thread.join()
    for run in runs:
        assert run.checkpoint()[1]["step"] == run.status()["step"] < ENDLESS[0].steps
        run.begin({})  # no task holds it any more
        run.release()


def test_a_bad_store_is_one_sentence(raylet, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(GroklabError, match="a part of its path is a file") as caught:
        execute(SHORT, Store(str(tmp_path / "file" / "runs")), engine="ray")
    assert "\n" not in str(caught.value)
    assert caught.value.__suppress_context__


class Killer(Listener):
    """Once all runs have saved something, sends a signal to processes of a node, and marks what the runs have saved."""

    def __init__(self, runs, raylet, number, choose):
        super().__init__()
        self.runs, self.raylet, self.number, self.choose, self.killed = runs, raylet, number, choose, []

    def report(self, report):
        if self.killed or any(run.status()["step"] == 0 for run in self.runs):
            return
        node = psutil.Process(self.raylet)
        self.killed = [each for each in [node, *node.children(recursive=True)] if self.choose(each)]
        for each in self.killed:
            each.send_signal(self.number)
        if self.number == signal.SIGKILL:
            for run in self.runs:
                assert not run.is_finished()
                run.folder.write("status.json", to_json({"run": run.id, **run.status(), "seconds": MARK}))


def is_training(process):
    return any("ray::train" in part for part in process.cmdline())


def test_a_worker_told_to_end_saves_and_its_run_goes_on(raylet, alone, tmp_path, monkeypatch):
    monkeypatch.setattr("groklab.runner.following.LOCAL_SECONDS", 0.1)
    store = Store(str(tmp_path))
    runs = [store.run(plan.task.name, plan.id) for plan in LONG]
    killer = Killer(runs, raylet, signal.SIGTERM, is_training)
    execute(LONG, store, engine="ray", watch=killer, seconds_between_saves=0.0)
    assert killer.killed
    for run in runs:
        assert files(run) == files(alone.named(run.name))


def test_what_a_killed_node_had_in_hand_goes_on_from_its_checkpoint_elsewhere(raylet, alone, tmp_path, monkeypatch):
    monkeypatch.setattr("groklab.runner.following.LOCAL_SECONDS", 0.1)
    store = Store(str(tmp_path))
    runs = [store.run(plan.task.name, plan.id) for plan in LONG]
    names = []
    killer = Killer(runs, raylet, signal.SIGKILL, lambda process: names.append(is_training(process)) is None)
    execute(LONG, store, engine="ray", watch=killer, seconds_between_saves=0.0)
    assert any(names)
    # a run counts its seconds on from its checkpoint, and from 0 without one
    assert max(run.status()["seconds"] for run in runs) > MARK
    for run in runs:
        assert files(run) == files(alone.named(run.name))


def test_a_cluster_started_for_a_command_is_taken_down(place, tmp_path):
    small = ["p=11", "model=mlp", "width=8", "hidden=16", "weight_noise=0.01", "batch_size=13"]
    command = [sys.executable, "-m", "groklab", "run", "addition", *small, "--steps", "12", "--no-figure"]
    where = ["--engine", "ray", "--store", str(tmp_path)]
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RAY_ADDRESS", raising=False)
        patch.setenv("RAY_TMPDIR", tempfile.mkdtemp(dir=place))
        done = subprocess.run([*command, *where], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert "ray: 1 node, " in done.stdout
        assert len(Store(str(tmp_path)).runs()) == 1
        assert processes_in(os.environ["RAY_TMPDIR"]) == []


@pytest.mark.parametrize(
    ("found", "width", "sizes"),
    [
        (Machines(2, 8, 0), None, [1, 1, 1, 1, 1, 1]),
        (Machines(1, 8, 1), None, [5, 1]),
        (Machines(1, 8, 2), None, [3, 2, 1]),
        (Machines(1, 8, 2), 2, [2, 2, 1, 1]),
    ],
)
def test_a_task_is_one_plan_on_a_core_and_plans_of_one_program_on_a_gpu(found, width, sizes, tmp_path):
    jobs = [Job(small_plan(seeds=Seeds(seed, seed, seed))) for seed in range(5)] + [Job(small_plan(batch_size=7))]
    options = Options(False, width, None, Watch(), 10.0)
    found = ensembles(jobs, Store(str(tmp_path)), options, found)
    assert [len(ensemble) for ensemble in found] == sizes


def test_a_folder_that_the_nodes_do_not_share_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr("groklab.runner.following.SHARED_SECONDS", 0)
    with pytest.raises(StoreError, match="is not on a disk that all nodes share"):
        Follower(Store(str(tmp_path)), Watch()).finish([Job(small_plan())])


@pytest.mark.parametrize(("address", "words"), [("nowhere", "Invalid address"), ("127.0.0.1:9", "nothing answers at")])
def test_where_there_is_no_cluster_one_sentence_says_so(address, words, monkeypatch):
    monkeypatch.setenv("RAY_ADDRESS", address)
    with pytest.raises(InvalidSetting, match=f"cannot join the cluster at RAY_ADDRESS={address}: {words}") as caught:
        _join()
    assert "\n" not in str(caught.value)


def test_without_ray_one_sentence_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.delitem(sys.modules, "groklab.runner.cluster")
    monkeypatch.delattr("groklab.runner.cluster")
    with pytest.raises(MissingExtra) as caught:
        execute(SHORT, Store(str(tmp_path)), engine="ray")
    assert str(caught.value) == '`engine` ray needs Ray, which is not installed: pip install "groklab[ray]".'


def test_plans_come_through_json():
    assert [decode(json.loads(json.dumps(encode(plan)))).id for plan in SHORT] == [plan.id for plan in SHORT]
