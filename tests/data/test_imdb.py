"""Reviews from files in each form of IMDb, which the tests write themselves, and what is refused."""

import csv
import gzip
import io
import json
import lzma
import os
import tarfile

import numpy as np
import pytest

from groklab.data import imdb
from groklab.data.places import VARIABLE
from groklab.errors import DataDamaged, DataMissing

TEXTS = ("A fine film, truly.", 'Bad "acting", and long.<br /><br />Dull.')
TABLE = 'review,sentiment\n"A fine film, truly.",positive\n"Bad ""acting"", and long.<br /><br />Dull.",negative\n'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder in which nothing is yet."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "given"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    imdb._read.cache_clear()
    (tmp_path / "given" / "imdb").mkdir(parents=True)
    yield tmp_path / "given" / "imdb"
    imdb._read.cache_clear()


def refused(error=DataDamaged):
    with pytest.raises(error) as caught:
        imdb.reviews()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def tree():
    """Return the files of the original: a favourable and an unfavourable review, and what is passed over."""
    return {
        "aclImdb/README": b"about",
        "aclImdb/train/unsup/0_0.txt": b"neither",
        "aclImdb/train/pos/0_9.txt": TEXTS[0].encode(),
        "aclImdb/test/neg/3_2.txt": TEXTS[1].encode(),
    }


def tar(files):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def arrays(path, reviews=([1, 4, 5], [1, 2, 6]), labels=(1, 0)):
    """Write the four arrays as Keras has them."""
    both = np.empty(len(reviews), object)
    both[:] = reviews
    none = np.empty(0, object)
    np.savez(path, x_train=both, y_train=np.array(labels), x_test=none, y_test=np.array([], int))


@pytest.mark.parametrize("name", imdb.TABLES)
def test_a_table_packed_or_plain(folder, name):
    pack = {".xz": lzma.compress, ".gz": gzip.compress}.get(os.path.splitext(name)[1], bytes)
    (folder / name).write_bytes(pack(TABLE.encode()))
    usual = csv.field_size_limit()
    given = imdb.reviews()
    assert given.texts == TEXTS
    assert given.labels.tolist() == [1, 0]
    assert csv.field_size_limit() == usual  # a setting of the whole process, by which other tables are refused


def test_a_table_with_numbers_for_labels(folder):
    (folder / "imdb.csv").write_text("split,label,rating,id,text\ntrain,0,3,0,dull\ntest,1,9,0,fine\n")
    assert imdb.reviews() == (("dull", "fine"), pytest.approx(np.array([0, 1])))


def test_the_original_as_a_folder_and_as_an_archive(folder):
    (folder / imdb.ARCHIVE).write_bytes(tar(tree()))
    packed = imdb.reviews()
    for name, content in tree().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    unpacked = imdb.reviews()
    assert sorted(packed.texts) == sorted(unpacked.texts) == sorted(TEXTS)
    assert dict(zip(*unpacked, strict=True)) == dict(zip(TEXTS, (1, 0), strict=True))
    assert imdb.files() == [folder / imdb.FOLDER]
    assert sorted(each.name for each in folder.iterdir()) == [imdb.FOLDER, imdb.ARCHIVE]  # nothing was unpacked


def test_arrays_of_keras_with_and_without_the_words(folder):
    arrays(folder / "imdb.npz")
    assert imdb.reviews().texts == ("word_b word_c", "word_d")
    (folder / "imdb_word_index.json").write_text(json.dumps({"the": 1, "film": 2, "fine": 3}))
    imdb._read.cache_clear()
    assert imdb.reviews().texts == ("the film", "fine")


def test_a_pickle_that_could_do_anything_is_not_opened(folder):
    class Harmful:
        def __reduce__(self):
            return os.mkdir, (str(folder / "harm"),)

    arrays(folder / "imdb.npz", reviews=(Harmful(), [1]))
    assert "it holds posix.mkdir" in refused()
    assert not (folder / "harm").exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("imdb.csv", b"review,stars\nfine,9\n", "must have a column label or sentiment, got review, stars."),
        ("imdb.csv", b"text,label\nfine,2\n", "must hold labels 1 and 0, or positive and negative, got '2'."),
        ("imdb.csv", b"text,label\nfine\n", "must have 2 fields in every row, got 1 in 2."),
        ("imdb.csv", b"text,label\n\xff,1\n", "must hold text in UTF-8, got the byte 0xff."),
        ("imdb.csv", b"text,label\n", "must hold reviews, got none."),
        ("imdb.csv", b"", "must have a column text or review, got none."),
        ("imdb.csv.gz", gzip.compress(TABLE.encode())[:-9], "must be whole, got a packed file that breaks off"),
        ("imdb.csv.xz", lzma.compress(TABLE.encode())[:-9], "must be whole, got a packed file that breaks off"),
        (imdb.ARCHIVE, tar(tree())[:-40], "breaks off or is none"),
        (imdb.ARCHIVE, gzip.compress(b"no archive at all" * 99), "must be a whole tar archive"),
        (imdb.ARCHIVE, tar({"aclImdb/train/pos/0_2.txt": b"fine"}), "must name reviews by number and stars"),
        (imdb.ARCHIVE, tar({"aclImdb/train/pos/0_x.txt": b"fine"}), "got aclImdb/train/pos/0_x.txt."),
        (imdb.ARCHIVE, tar({"aclImdb/README": b"about"}), "must hold reviews, got none."),
        ("imdb.npz", b"no archive", "must hold Keras' four arrays of reviews and labels"),
    ],
    ids=lambda value: (
        "content" if isinstance(value, bytes) else value
    ),  # a packed file tells the time, and names differ
)
def test_what_is_none_of_these_is_refused(folder, name, content, words):
    (folder / name).write_bytes(content)
    assert words in refused()


def test_a_label_of_keras_that_is_none(folder):
    arrays(folder / "imdb.npz", labels=(1, 7))
    assert "must hold labels 1 and 0, got 7." in refused()


def test_a_folder_in_the_place_of_a_file_and_a_file_in_that_of_a_folder(folder):
    (folder / imdb.FOLDER).write_text("")
    assert "must be a folder, got a file." in refused()
    (folder / "imdb.csv").mkdir()
    assert "must be a file, got a folder." in refused()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_a_file_that_may_not_be_read(folder):
    (folder / "imdb.csv").write_text(TABLE)
    (folder / "imdb.csv").chmod(0)
    assert "Check its permissions." in refused()


def test_an_empty_folder_says_what_is_looked_for_and_where_to_get_it(folder):
    said = refused(DataMissing)
    assert "(imdb.csv.xz or imdb.csv.gz or imdb.csv or IMDB Dataset.csv" in said
    assert said.endswith("or download it: groklab data imdb.")
