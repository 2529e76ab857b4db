"""From text to numbers, as the released code of Liu et al. 2023 does it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Int

# English words that tell grammar and no opinion. Forms with an apostrophe need no place here: it is deleted before.
GRAMMAR = (
    "a about above after again against all am an and any are as at be because been before being below between "
    "both but by can could did do does doing down during each few for from further had has have having he her "
    "here hers herself him himself his how i if in into is it its itself just me more most my myself no nor not "
    "now of off on once only or other our ours ourselves out over own same she should so some such than that the "
    "their theirs them themselves then there these they this those through to too under until up very was we were "
    "what when where which while who whom why will with would you your yours yourself yourselves "
)
COMMON = frozenset(GRAMMAR.split())
DELETED = re.compile(r"[^\w\s]|\d")


def tokens(text: str) -> list[str]:
    """Return the words of a text in lower case, without punctuation, digits and the common ones."""
    return [word for word in DELETED.sub("", text.lower()).split() if word not in COMMON]


def vocabulary(texts: Sequence[Sequence[str]], size: int) -> dict[str, int]:
    """Return the most frequent words, numbered from 1 by frequency; of equally frequent ones the first by alphabet."""
    counts = Counter(word for text in texts for word in text)
    return {word: rank for rank, word in enumerate(sorted(counts, key=lambda word: (-counts[word], word))[:size], 1)}


def encode(texts: Sequence[Sequence[str]], numbers: Mapping[str, int], length: int) -> Int[np.ndarray, "texts length"]:
    """Return the first `length` known words of each text as their numbers, with zeros before them."""
    rows = np.zeros((len(texts), length), np.int32)
    for row, text in zip(rows, texts, strict=True):
        known = [numbers[word] for word in text if word in numbers][:length]
        row[length - len(known) :] = known
    return rows
