"""A store in a bucket, on an S3 server on this machine: to the byte what a folder holds."""

import sys
import urllib.request

import pytest

pytest.importorskip("s3fs", reason='a store at s3:// needs the extra: pip install "groklab[s3]"')
pytest.importorskip("moto.server", reason='these tests need a server: pip install "groklab[test]"')

import boto3
import s3fs
from kinds import small_plan
from moto.server import ThreadedMotoServer

from groklab.cli import main
from groklab.errors import MissingExtra, RunMissing, StoreError
from groklab.models import MLP
from groklab.runner import Watch, execute
from groklab.store import Folder, Store, to_json
from groklab.training import Seeds

pytestmark = pytest.mark.cluster
PLAN = small_plan(model=MLP(width=8, hidden=16))


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def endpoint(server, monkeypatch, tmp_path):
    """The server, empty and without a bucket, with the credentials that it takes."""
    urllib.request.urlopen(f"{server}/moto-api/reset", b"").close()
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    settings = {
        "AWS_ENDPOINT_URL": server,
        "AWS_ACCESS_KEY_ID": "somebody",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
        "AWS_MAX_ATTEMPTS": "1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()  # a connection keeps the settings that it began with
    yield server
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.fixture
def bucket(endpoint):
    """A bucket, seen with the eyes of another program."""
    client = boto3.client("s3")
    client.create_bucket(Bucket="bucket")
    yield client
    client.close()


@pytest.fixture
def store(bucket):
    return Store("s3://bucket/runs")


def files(run):
    return {name: run.folder.read(name) for name in ("metrics.parquet", "state.safetensors", "table.safetensors")}


def test_a_run_in_a_bucket_is_the_local_one_byte_for_byte(store, bucket, tmp_path):
    plans = [PLAN.replace(seeds=Seeds(seed, seed, seed)) for seed in range(2)]
    local = execute(plans, Store(str(tmp_path)))
    remote = execute(plans, store, lanes=2)
    assert [files(run) for run in remote] == [files(run) for run in local]
    assert [run.name for run in store.runs()] == sorted(run.name for run in local)
    keys = {each["Key"] for each in bucket.list_objects_v2(Bucket="bucket")["Contents"]}
    kept = ("plan.json", "status.json", "metrics.parquet", "state.safetensors", "table.safetensors")
    assert keys == {f"runs/{run.name}/{name}" for run in local for name in kept}


class PowerCut(BaseException):
    """Ends a process between two writes."""


@pytest.mark.usefixtures("short_blocks")
def test_cut_off_between_any_two_writes_it_resumes_to_the_same_bytes(store, tmp_path, monkeypatch):
    (whole,) = execute([PLAN], Store(str(tmp_path)))
    run, write, left = store.run(PLAN.task.name, PLAN.id), Folder.write, []

    def write_or_die(self, name, content):
        if not left:
            raise PowerCut
        left.pop()
        write(self, name, content)

    monkeypatch.setattr(Folder, "write", write_or_die)
    cuts, is_whole = 0, False
    while not is_whole:
        left = [None] * (cuts % 7 + 1)
        try:
            execute([PLAN], store, seconds_between_saves=0.0)
            is_whole = True
        except PowerCut:
            cuts += 1
    assert cuts > 7
    assert files(run) == files(whole)


@pytest.mark.usefixtures("short_blocks")
def test_ctrl_c_saves_and_again_forgets(store):
    class Stop(Watch):
        def report(self, report):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        execute([PLAN], store, watch=Stop(), seconds_between_saves=0.0)
    (run,) = store.runs()
    assert len(run.metrics()["step"]) == run.status()["step"] + 1 > 0
    run.begin({"id": run.id}, again=True)
    assert run.folder.names() == ["plan.json"]


def test_what_another_process_writes_is_seen_at_once(store, bucket):
    assert store.runs() == []
    run = store.run("addition", "abc")
    assert not run.folder.has("plan.json")
    bucket.put_object(Bucket="bucket", Key="runs/addition-abc/plan.json", Body=b"{}")
    assert [each.name for each in store.runs()] == ["addition-abc"]
    assert run.folder.has("plan.json")
    bucket.put_object(Bucket="bucket", Key="runs/addition-abc/plan.json", Body=to_json({"id": "abc"}))
    assert run.plan() == {"id": "abc"}
    bucket.delete_object(Bucket="bucket", Key="runs/addition-abc/plan.json")
    assert store.runs() == []
    with pytest.raises(RunMissing):
        run.plan()


def test_list_show_and_plot_read_a_bucket(store, capsys, tmp_path):
    small = ["p=7", "model=mlp", "width=8", "hidden=16", "batch_size=8", "growth=1.5", "--steps", "20"]
    where = ["--store", store.folder.url]
    assert main(["run", "addition", *small, *where, "--no-figure", "--quiet"]) == 0
    assert main(["list", "runs", *where]) == main(["show", "addition", *where]) == 0
    assert main(["plot", "addition", *where, "--out", str(tmp_path / "figure.png")]) == 0
    out, err = capsys.readouterr()
    assert out.count(store.runs()[0].name) >= 3
    assert (tmp_path / "figure.png").stat().st_size > 10_000
    assert err == ""


@pytest.mark.parametrize(
    ("changes", "url", "words"),
    [
        ({}, "s3://no-such/runs", "there is no such bucket. Make it first"),
        (
            {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
            "s3://bucket/runs",
            "no credentials were found. Set AWS_",
        ),
        (
            {"AWS_SECRET_ACCESS_KEY": ""},
            "s3://bucket/runs",
            "missing: AWS_SECRET_ACCESS_KEY. Set AWS_ACCESS_KEY_ID and",
        ),
        ({"AWS_PROFILE": "nobody"}, "s3://bucket/runs", "The config profile (nobody) could not be found. Set AWS_"),
        (
            {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"},
            "s3://bucket/runs",
            "127.0.0.1:9 does not answer. Check the network",
        ),
        ({"AWS_ENDPOINT_URL": "nowhere"}, "s3://bucket/runs", "AWS_ENDPOINT_URL must be a URL such as"),
    ],
)
@pytest.mark.parametrize("command", [["list", "runs"], ["show", "addition"], ["run", "addition", "--quiet"]])
def test_what_goes_wrong_is_one_sentence(command, changes, url, words, bucket, monkeypatch, capsys):
    for name, value in changes.items():
        monkeypatch.setenv(name, value)
    assert main([*command, "--store", url]) == 1
    err = capsys.readouterr().err
    assert words in err
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_a_url_without_a_bucket_is_refused():
    with pytest.raises(StoreError, match="`store` must name a bucket or a folder, got 's3://'"):
        Store("s3://")


def test_a_refused_key_is_one_sentence(endpoint, store):
    def trust_all(requests):
        text = {"Content-Type": "text/plain"}
        urllib.request.urlopen(
            urllib.request.Request(f"{endpoint}/moto-api/reset-auth", requests.encode(), text)
        ).close()

    trust_all("0")
    try:
        with pytest.raises(StoreError, match=r"permission is denied \(.*\)\. Check the credentials") as caught:
            store.runs()
        with pytest.raises(StoreError, match="permission is denied"):
            execute([PLAN], store)
    finally:
        trust_all("inf")
    assert "\n" not in str(caught.value)


def test_without_s3fs_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, "s3", raising=False)
    with pytest.raises(MissingExtra) as caught:
        Store("s3://bucket/runs")
    assert str(caught.value) == '`store` at s3:// needs s3fs, which is not installed: pip install "groklab[s3]".'
