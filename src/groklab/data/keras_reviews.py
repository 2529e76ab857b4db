"""Reviews as Keras passes them on: lists of numbers for words, which NumPy has pickled."""

import io
import json
import pickle
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from groklab.data.archives import text
from groklab.data.files import content
from groklab.errors import DataDamaged

NAMES = "imdb_word_index.json"
OFFSET = 3  # 0 fills up, 1 begins a review, 2 is an unknown word
# All that an array of lists of numbers needs: nothing else is let out of a pickle, which could run anything.
ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
}


class _Careful(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in ALLOWED:
            raise pickle.UnpicklingError(f"it holds {module}.{name}")
        return super().find_class(module, name)


def read(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each review with its label. Words are named where their names lie beside, else by their numbers."""
    names = _names(path.parent / NAMES)
    try:
        with zipfile.ZipFile(io.BytesIO(content(path))) as file:
            parts = [(_array(file, f"x_{part}"), _array(file, f"y_{part}")) for part in ("train", "test")]
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, AttributeError, pickle.UnpicklingError) as error:
        raise DataDamaged(f"`{path}` must hold Keras' four arrays of reviews and labels: {error}.") from None
    for reviews, labels in parts:
        for review, label in zip(reviews, labels, strict=True):
            if label not in (0, 1):
                raise DataDamaged(f"`{path}` must hold labels 1 and 0, got {label}.")
            yield (
                " ".join(names.get(word - OFFSET, _spelt(word - OFFSET)) for word in review if word >= OFFSET),
                int(label),
            )


def _array(file: zipfile.ZipFile, name: str) -> np.ndarray:
    stream = io.BytesIO(file.read(f"{name}.npy"))
    version = np.lib.format.read_magic(stream)
    header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    _, _, dtype = header(stream)
    if dtype.hasobject:
        return np.asarray(_Careful(stream).load(), object)
    stream.seek(0)
    return np.lib.format.read_array(stream, allow_pickle=False)


def _names(path: Path) -> dict[int, str]:
    """Return the words by their numbers, none where they are not on disk."""
    if not path.exists():
        return {}
    try:
        return {int(number): word for word, number in json.loads(text(path, content(path))).items()}
    except (ValueError, AttributeError) as error:
        raise DataDamaged(f"`{path}` must hold numbers of words as JSON: {error}.") from None


def _spelt(number: int) -> str:
    """Return a word for a number, in letters: digits are deleted from texts."""
    letters = ""
    while number:
        number, rest = divmod(number, 26)
        letters = chr(ord("a") + rest) + letters
    return f"word_{letters}"
