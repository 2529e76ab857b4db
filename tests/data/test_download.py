"""Downloads from a server on loopback: whole files of the right checksum, or nothing."""

import functools
import hashlib
import http.server
import threading

import images
import pytest

from groklab.cli import main
from groklab.data import download, mnist
from groklab.data.places import VARIABLE, own_folder
from groklab.errors import DataDamaged, DataMissing, InvalidSetting


class Silent(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """Return a folder that a server on loopback gives the files of."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv(VARIABLE, raising=False)
    place = tmp_path / "mirror"
    images.write(place)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Silent, directory=str(place)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    checksums = {name: hashlib.md5((place / name).read_bytes()).hexdigest() for name in mnist.PACKED}
    url = f"http://127.0.0.1:{server.server_port}/"
    monkeypatch.setattr(download, "DATASETS", {"mnist": ((url,), checksums)})
    yield place
    server.shutdown()
    thread.join()
    server.server_close()


def left():
    folder = own_folder() / "mnist"
    return sorted(path.name for path in folder.rglob("*")) if folder.exists() else []


def refused(error):
    with pytest.raises(error) as caught:
        download.download("mnist")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_files_are_fetched_once(mirror, capsys):
    assert main(["data", "mnist"]) == 0
    assert str(own_folder() / "mnist") in capsys.readouterr().out
    assert left() == sorted(mnist.PACKED)
    for file in mirror.iterdir():
        file.unlink()
    assert len(download.download("mnist")) == 4


def test_what_is_not_on_disk_is_said_and_nothing_is_downloaded(mirror, capsys):
    assert main(["data"]) == 0
    assert "mnist    not on disk. Get it with: groklab data mnist" in capsys.readouterr().out
    assert left() == []


def test_another_checksum_keeps_nothing(mirror):
    (mirror / "train-labels-idx1-ubyte.gz").write_bytes(b"something else")
    assert "`train-labels-idx1-ubyte.gz` must have the MD5 " in refused(DataDamaged)
    assert left() == ["train-images-idx3-ubyte.gz"]


def test_a_file_that_the_mirror_lacks(mirror):
    (mirror / "train-images-idx3-ubyte.gz").unlink()
    assert "could not be downloaded (127.0.0.1:" in refused(DataMissing)
    assert left() == []


def test_no_network(mirror, monkeypatch):
    checksums = download.DATASETS["mnist"][1]
    monkeypatch.setattr(download, "DATASETS", {"mnist": (("http://127.0.0.1:9/",), checksums)})
    assert "Is there a network? A copy on disk is taken with --data DIR." in refused(DataMissing)
    assert left() == []


def test_a_name_that_is_no_dataset():
    with pytest.raises(InvalidSetting, match="`mnits` is not a dataset that can be downloaded"):
        download.download("mnits")
