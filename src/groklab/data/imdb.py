"""IMDb: 50,000 reviews of films, half of them favourable (Maas et al. 2011), in any of the forms it is passed on in."""

import functools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Int

from groklab.data import archives, keras_reviews
from groklab.data.places import found
from groklab.data.tables import column_of, rows_of
from groklab.errors import DataDamaged

NAME = "imdb"
TABLES = ("imdb.csv.xz", "imdb.csv.gz", "imdb.csv", "IMDB Dataset.csv", "IMDB-Dataset.csv")
FOLDER, ARCHIVE, ARRAYS = "aclImdb", "aclImdb_v1.tar.gz", "imdb.npz"
HOME = ("https://ai.stanford.edu/~amaas/data/sentiment/",)
PACKED = {ARCHIVE: "7c2ac02c03563afcf9b574c7e56c153a"}  # MD5, as widely published
MEANS = {"1": 1, "0": 0, "positive": 1, "negative": 0}
PARTS = {f"{part}/{word}": label for part in ("train", "test") for word, label in (("pos", 1), ("neg", 0))}


class Reviews(NamedTuple):
    """Texts, and whether each is favourable: 1, or 0."""

    texts: tuple[str, ...]
    labels: Int[np.ndarray, "reviews"]


def files() -> list[Path]:
    """Return the file or folder that holds the reviews. Raises `DataMissing` where there is none."""
    return found(NAME, *([name] for name in (*TABLES, FOLDER, ARCHIVE, ARRAYS)), is_public=True)


def reviews() -> Reviews:
    """Return all labelled reviews, in the order of the file. Raises `DataMissing` and `DataDamaged`."""
    return _read(files()[0])


@functools.lru_cache(maxsize=2)
def _read(path: Path) -> Reviews:
    pairs = list(_pairs(path))
    if not pairs:
        raise DataDamaged(f"`{path}` must hold reviews, got none. Is it whole?")
    texts, labels = zip(*pairs, strict=True)
    return Reviews(texts, np.array(labels, np.int32))


def _pairs(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each review with its label."""
    if path.name == ARRAYS:
        yield from keras_reviews.read(path)
    elif path.name == ARCHIVE:
        yield from _labelled(path, archives.members(path))
    elif path.name == FOLDER:
        yield from _labelled(path, _tree(path))
    else:
        yield from _table(path)


def _table(path: Path) -> Iterator[tuple[str, int]]:
    header, rows = rows_of(path)
    text, label = (column_of(path, header, names) for names in (("text", "review"), ("label", "sentiment")))
    for row in rows:
        if row[label] not in MEANS:
            raise DataDamaged(f"`{path}` must hold labels 1 and 0, or positive and negative, got {row[label]!r}.")
        yield row[text], MEANS[row[label]]


def _labelled(path: Path, members: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, int]]:
    """Yield the reviews among files: `train/pos/7_9.txt` is the seventh favourable one for training, with 9 stars."""
    for name, content in members:
        folder, _, file = name.rpartition("/")
        part = "/".join(folder.split("/")[-2:])
        if part not in PARTS or not file.endswith(".txt"):
            continue
        stars = file.removesuffix(".txt").rpartition("_")[2]
        if not stars.isdigit() or (int(stars) > 5) != PARTS[part]:
            raise DataDamaged(f"`{path}` must name reviews by number and stars, such as {part}/7_9.txt, got {name}.")
        yield archives.text(path, content), PARTS[part]


def _tree(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a folder that hold labelled reviews, in order."""
    if not path.is_dir():
        raise DataDamaged(f"`{path}` must be a folder, got a file.")
    for part in PARTS:
        for each in sorted((path / part).glob("*.txt")):
            try:
                yield str(each.relative_to(path)).replace(os.sep, "/"), each.read_bytes()
            except OSError as error:
                raise DataDamaged(f"`{each}` must be readable: {error.strerror}. Check its permissions.") from None
