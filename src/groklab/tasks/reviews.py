"""Telling favourable reviews from others (Liu et al. 2023, section 4)."""

import numpy as np
from jaxtyping import Int

from groklab.data import imdb
from groklab.data.words import encode, tokens, vocabulary
from groklab.errors import InvalidSetting
from groklab.settings import setting
from groklab.tasks.base import Task
from groklab.types import Classes, Examples, Shape, Tokens


class Imdb(Task):
    """Tell which reviews of IMDb are favourable, from their most frequent words; 0 fills up what is shorter.

    `seeds.split` draws the reviews, as many favourable ones as others, nested over sizes; words are numbered by how
    often they occur in those trained on.
    """

    size: int = setting(750, "reviews to train on", at_least=2)
    validation: int = setting(250, "reviews to validate on", at_least=2)
    words: int = setting(1000, "words that are known, the most frequent", at_least=1)
    length: int = setting(500, "known words that are read of a review, its first", at_least=1)

    @property
    def name(self) -> str:
        return "imdb"

    def examples(self, *, seed: int) -> Examples:
        """Return the training reviews, then those for validation."""
        given = imdb.reviews()
        total = self.size + self.validation
        if total > len(given.labels):
            raise InvalidSetting(
                f"`size` and `validation` must be at most {len(given.labels):,} together, got {total:,}."
            )
        validation, training = np.split(_shuffled(given.labels, seed)[:total], [self.validation])
        texts = [tokens(given.texts[row]) for row in (*training, *validation)]
        inputs = encode(texts, vocabulary(texts[: self.size], self.words), self.length)
        return _examples(inputs, given.labels[np.concatenate([training, validation])], self.size, self.words)


class StandInReviews(Task):
    """Generated reviews, a stand-in for IMDb: common words by Zipf's law, and among them cues, some of them wrong.

    Of 200 words five are cues of favourable reviews and five of others. A third of a review are cues, a quarter of them
    of the wrong kind: fewer, and a recurrent network learns nothing from 200 reviews. `seeds.split` draws all, nested
    over sizes.
    """

    size: int = setting(200, "reviews to train on", at_least=2)
    validation: int = setting(1000, "reviews to validate on", at_least=2)
    words: int = setting(200, "words that there are", at_least=40)
    length: int = setting(64, "words of the longest review", at_least=2)

    @property
    def name(self) -> str:
        return "stand-in-reviews"

    def examples(self, *, seed: int) -> Examples:
        """Return the training reviews, then those for validation."""
        total = self.size + self.validation
        labels = np.arange(total, dtype=np.int32) % 2
        sources = [np.random.default_rng([seed, part]) for part in (0, 1)]  # so that more of one leave the other alone
        parts = [self._reviews(labels[:count], source) for count, source in zip(self._sizes, sources, strict=True)]
        return _examples(
            np.concatenate(parts), np.concatenate([labels[:count] for count in self._sizes]), self.size, self.words
        )

    @property
    def _sizes(self) -> tuple[int, int]:
        return self.size, self.validation

    def _reviews(
        self, labels: Int[np.ndarray, "reviews"], chance: np.random.Generator
    ) -> Int[np.ndarray, "reviews length"]:
        cues = self.words // 40
        ranks = np.arange(1, self.words - 2 * cues + 1)
        common = ranks + 2 * cues
        rows = np.zeros((len(labels), self.length), np.int32)
        for row, label in zip(rows, labels, strict=True):
            count = int(chance.integers(self.length // 2, self.length + 1))
            kind = np.where(chance.random(count) < WRONG, 1 - label, label)
            cue = 1 + kind * cues + chance.integers(cues, size=count)
            neutral = chance.choice(common, size=count, p=1 / ranks / (1 / ranks).sum())
            row[self.length - count :] = np.where(chance.random(count) < CUES, cue, neutral)
        return rows


CUES, WRONG = 1 / 3, 1 / 4  # the share of words that are cues, and of cues that are of the wrong kind


def _shuffled(labels: Int[np.ndarray, "reviews"], seed: int) -> Int[np.ndarray, "reviews"]:
    """Return all rows in a random order in which favourable ones and others take turns."""
    chance = np.random.default_rng(seed)
    kinds = [chance.permutation(np.flatnonzero(labels == label)) for label in (0, 1)]
    turns = min(map(len, kinds))
    paired = np.stack([kind[:turns] for kind in kinds], axis=1).reshape(-1)
    return np.concatenate([paired, *(kind[turns:] for kind in kinds)])


def _examples(inputs: np.ndarray, labels: np.ndarray, size: int, words: int) -> Examples:
    length = inputs.shape[1]
    shape = Shape(Tokens(length, words + 1, (length - 1,)), Classes(2))
    order = np.arange(len(labels), dtype=np.int32)
    return Examples(inputs, labels[:, None].astype(np.int32), order, size, len(labels), shape)
