"""Against the released code: hashes of its whole data sets and the heads of its shuffles."""

import hashlib

import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.tasks import BinaryTable, Given, Group, Modular
from groklab.tasks.official import VOCABULARY
from groklab.types import Classes, Shape, Tokens

FINGERPRINTS = [
    (Modular("addition"), "66 + 47 = 16", "478a7bab8793fce8"),
    (Modular("subtraction"), "66 - 47 = 19", "d87e64ae072a09dd"),
    (Modular("multiplication"), "66 * 47 = 95", "3ef40796f6606b03"),
    (Modular("division"), "77 / 47 = 78", "fed3611d5d361f18"),
    (Modular("mixed"), "66 (x._value//y)if(y._value%2==1)else(x-y)_mod_97 47 = 53", "5f5c0e91a796ed2b"),
    (Modular("sum_of_squares"), "66 x**2+y**2_mod_97 47 = 66", "a04174ff58a1182b"),
    (Modular("quadratic_form"), "66 x**2+y**2+x*y_mod_97 47 = 64", "091793d451df89a3"),
    (Modular("quadratic_form_plus_x"), "66 x**2+y**2+x*y+x_mod_97 47 = 33", "5d6dbfabe39021d5"),
    (Modular("cubic_xy"), "66 x**3+x*y_mod_97 47 = 83", "83972cfeff4c502b"),
    (Modular("cubic_xy2"), "66 x**3+x*y**2+y_mod_97 47 = 38", "865c7f813c8eefd2"),
    (Group(), "21304 s5 12430 = 42310", "ab30ce2fd68aa5ea"),
    (Group(form="xyx^-1"), "21304 s5conj 12430 = 40213", "704ddeb1a8b5544b"),
    (Group(form="xyx"), "21304 s5aba 12430 = 43012", "d9b5a1c071279b58"),
]


def dealt(operation, fraction=0.5, outliers=0, seed=0):
    task = BinaryTable(operation=operation, fraction=fraction, profile="official", outliers=outliers)
    return task.examples(seed=seed)


def equations(examples):
    tokens = np.concatenate([examples.inputs, examples.targets[:, 1:]], axis=1)[examples.order]
    return [" ".join(VOCABULARY[token] for token in row) for row in tokens.tolist()]


def test_vocabulary():
    assert len(VOCABULARY) == len(set(VOCABULARY)) == 239
    assert VOCABULARY[:2] == ("<|eos|>", "=")
    assert VOCABULARY[2:22] == tuple(sorted(VOCABULARY[2:22]))
    assert VOCABULARY[22] == "0"
    assert VOCABULARY[119] == "01234"
    assert VOCABULARY[238] == "43210"


@pytest.mark.parametrize(("operation", "first", "sha256"), FINGERPRINTS, ids=[row[2] for row in FINGERPRINTS])
def test_fingerprints(operation, first, sha256):
    lines = equations(dealt(operation))
    assert lines[0] == f"<|eos|> {first} <|eos|>"
    assert hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16] == sha256


def test_shape_and_scored_positions():
    examples = dealt(Modular())
    assert examples.shape == Shape(Tokens(6, 239, (4, 5)), Classes(239))
    assert np.array_equal(examples.targets[:, 0], examples.inputs[:, 5])
    assert not examples.targets[:, 1].any()
    assert all(VOCABULARY[token] == "=" for token in examples.inputs[:, 4])


@pytest.mark.parametrize(
    ("operation", "sizes"),
    [
        (Modular("addition"), (470, 1882, 2352, 2823, 3764, 4704, 6586, 8939)),
        (Modular("division"), (466, 1862, 2328, 2794, 3725, 4656, 6518, 8846)),
        (Group(), (720, 2880, 3600, 4320, 5760, 7200, 10080, 13680)),
    ],
    ids=["square", "division", "S5"],
)
def test_train_sizes(operation, sizes):
    fractions = (0.05, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 0.95)
    assert tuple(dealt(operation, fraction).train_size for fraction in fractions) == sizes


def test_every_seed_and_fraction_sees_the_same_order():
    assert np.array_equal(dealt(Modular(), seed=0).order, dealt(Modular(), fraction=0.2, seed=7).order)


@pytest.mark.parametrize(("count", "changed"), [(10, 10), (100, 100), (1000, 992), (2000, 1986), (3000, 2980)])
def test_outliers(count, changed):
    clean, dirty = dealt(Group()), dealt(Group(), outliers=count)
    differs = (clean.targets[:, 0] != dirty.targets[:, 0])[clean.order]
    assert np.array_equal(clean.order, dirty.order)
    assert differs.sum() == differs[:count].sum() == changed
    assert np.array_equal(dirty.targets[:, 0], dirty.inputs[:, 5])


@pytest.mark.parametrize(
    ("operation", "got"),
    [
        (Modular(p=5), "modulus 5"),
        (Group("S4"), "group S4"),
        (Group("Z97"), "group Z97"),
        (Given(), "a table of your own"),
    ],
)
def test_what_the_released_code_does_not_have_is_refused(operation, got):
    with pytest.raises(InvalidSetting, match=rf"^`profile` official has only .* 97 and on S5, got {got}\. Try profile"):
        dealt(operation)
