"""From text to numbers."""

import numpy as np

from groklab.data.words import encode, tokens, vocabulary


def test_words_are_lower_case_without_punctuation_digits_and_grammar():
    assert tokens("The film's 2 BEST scenes:<br />don't miss it -- 10/10!") == [
        "films",
        "best",
        "scenesbr",
        "dont",
        "miss",
    ]


def test_frequent_words_come_first_and_equal_ones_by_alphabet():
    texts = [["dull", "film"], ["film", "fine"], ["fine", "film", "bad"]]
    assert vocabulary(texts, 3) == {"film": 1, "fine": 2, "bad": 3}


def test_texts_are_filled_up_at_the_front_and_cut_at_the_end():
    numbers = {"film": 1, "fine": 2}
    rows = encode([["fine", "unknown", "film"], ["film"] * 5, []], numbers, 4)
    np.testing.assert_array_equal(rows, [[0, 0, 2, 1], [1, 1, 1, 1], [0, 0, 0, 0]])
