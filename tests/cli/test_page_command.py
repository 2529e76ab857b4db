import json
import re
import signal
import subprocess
import sys
import time
import urllib.request

import pytest
from stored import stored

from groklab.cli import main
from groklab.store import Store

SMALL = ("p=5", "fraction=0.8", "model=mlp", "width=8")


def run(capsys, *arguments):
    status = main(arguments)
    seen = capsys.readouterr()
    return status, seen.out, seen.err


def test_it_exports_and_says_which_file_to_open(capsys, tmp_path):
    store = str(tmp_path / "runs")
    name = stored(Store(store), *SMALL).name
    site = str(tmp_path / "site")
    status, out, err = run(capsys, "page", "--export", site, name[:14], "--store", store)
    assert (status, out, err) == (0, f"page: {site}/index.html\n", "")
    assert name in (tmp_path / "site" / "values" / "runs.js").read_text()


@pytest.mark.parametrize(("words", "sentence"), [
    (["--port", "70000"], "`port` must be a whole number from 0 to 65535, got 70000. Try --port 8097."),
    (["--port", "1e3"], "`port` must be a whole number from 0 to 65535, got 1e3. Try --port 8097."),
    (["--host", ""], "`host` must be a name or an address, got an empty one. Try --host 127.0.0.1."),
    (["--export", ""], "`--export` must name a folder, got an empty name. Try --export site."),
    (["--host", "203.0.113.7", "--port", "0"], "`203.0.113.7:0` cannot be listened on: cannot assign "
     "requested address. `--host` must"),
    (["addition"], "`runs` must be left out without --export, got addition. The page shows all; for "
     "files of some: --export site addition."),
    (["--export", "SITE", "nothing"], "has a name or id that begins with `nothing`"),
])  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(capsys, tmp_path, words, sentence):
    store = str(tmp_path / "runs")
    stored(Store(store), *SMALL)
    words = [str(tmp_path / "site") if word == "SITE" else word for word in words]
    status, out, err = run(capsys, "page", *words, "--store", store)
    assert (status, out) == (1, "")
    assert sentence in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("ends", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_export_that_is_interrupted_leaves_nothing_behind(monkeypatch, tmp_path, ends):
    from groklab.page import exporting

    stored(Store(str(tmp_path / "runs")), *SMALL)
    monkeypatch.setattr(exporting, "_write", lambda *_: signal.raise_signal(ends))
    with pytest.raises(SystemExit) as end:
        main(["page", "--export", str(tmp_path / "new" / "site"), "--store", str(tmp_path / "runs")])
    assert end.value.code == 128 + ends
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


@pytest.mark.parametrize("package", ["uvicorn", "starlette", "anyio"])
def test_without_the_extra_it_says_how_to_install_it(capsys, monkeypatch, tmp_path, package):
    for name in [each for each in sys.modules if each.startswith(("groklab.page.", f"{package}."))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    status, _, err = run(capsys, "page", "--store", str(tmp_path))
    assert status == 1
    assert 'needs Starlette and uvicorn, which is not installed: pip install "groklab[page]"' in err


@pytest.mark.slow
@pytest.mark.parametrize("ends", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_it_serves_until_it_is_asked_to_end_and_saves_what_it_trains(tmp_path, ends):
    store = str(tmp_path / "runs")
    name = stored(Store(store), *SMALL).name
    command = [sys.executable, "-m", "groklab", "page", "--port", "0", "--no-browser", "--store", store]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            address = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())[0]
            assert name in read(f"{address}values/runs")
            assert "groklab" in read(address)
            asked = {"operation": "addition", "p": "5", "fraction": "0.8", "steps": "100000", "weight_decay": "0"}
            begun = json.loads(read(f"{address}play", asked))["name"]
            while not len(Store(store).named(begun).metrics(after=10).get("step", ())):
                time.sleep(0.1)
            process.send_signal(ends)
            _, errors = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (process.returncode, errors) == (0, "")
    assert Store(store).named(begun).status()["step"] > 0


def read(address, body=None):
    request = urllib.request.Request(address, body and json.dumps(body).encode(), {"Content-Type": "application/json"})
    return urllib.request.urlopen(request, timeout=30).read().decode()
