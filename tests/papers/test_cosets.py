import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.papers.power2022.cosets import best_coset, conjugate_subgroups, coset_contrast, cosets, random_contrast
from groklab.tasks.group import group_table

SYMBOLS, PRODUCT = group_table("S5")
CASES = [(number, side) for number in range(6) for side in ("left", "right")]


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def order_of(element):
    power, count = element, 1
    while power != 0:
        power, count = PRODUCT[power, element], count + 1
    return count


def test_the_subgroup_is_generated_as_the_paper_says():
    subgroup = conjugate_subgroups()[0]
    assert {SYMBOLS.index("34201"), SYMBOLS.index("02143")} < set(subgroup.tolist())


@pytest.mark.parametrize("subgroup", conjugate_subgroups())
def test_each_conjugate_is_a_dihedral_group_of_order_10(subgroup):
    assert set(PRODUCT[np.ix_(subgroup, subgroup)].ravel()) == set(subgroup.tolist())
    assert sorted(map(order_of, subgroup)) == [1, 2, 2, 2, 2, 2, 5, 5, 5, 5]


def test_there_are_six_conjugates_closed_under_conjugation():
    conjugates = {tuple(each.tolist()) for each in conjugate_subgroups()}
    assert len(conjugates) == len(conjugate_subgroups()) == 6
    inverse = np.argmax(PRODUCT == 0, axis=1)
    for g in range(120):
        moved = {tuple(sorted(PRODUCT[PRODUCT[inverse[g], list(each)], g].tolist())) for each in conjugates}
        assert moved == conjugates


@pytest.mark.parametrize(("number", "side"), CASES)
def test_there_are_twelve_cosets_of_ten(number, side):
    subgroup = conjugate_subgroups()[number]
    labels = cosets(subgroup, side)
    assert np.bincount(labels).tolist() == [10] * 12
    assert np.array_equal(np.flatnonzero(labels == 0), subgroup)
    x = SYMBOLS.index("21304")
    coset = PRODUCT[x, subgroup] if side == "left" else PRODUCT[subgroup, x]
    assert np.array_equal(np.flatnonzero(labels == labels[x]), np.sort(coset))


def test_the_twelve_partitions_are_different():
    assert len({tuple(cosets(conjugate_subgroups()[number], side).tolist()) for number, side in CASES}) == 12


def test_contrasts_by_hand():
    # Two antipodal halves: cosine 1 within and −1 between.
    halves = np.arange(120) // 60
    assert coset_contrast(np.where(halves, 1.0, -1.0)[:, None], halves) == pytest.approx(2)
    assert coset_contrast(np.where(halves, 1.0, -1.0)[:, None] + 5, halves) == pytest.approx(2)
    # Of the 59 others with its label, 29 equal a row and 30 oppose it; of the 60 with the other label, 30 and 30.
    assert coset_contrast(np.where(halves, 1.0, -1.0)[:, None], np.arange(120) % 2) == pytest.approx(-1 / 59)


def test_contrasts_by_the_definition():
    rows, labels = noise(120, 5), cosets(conjugate_subgroups()[2], "right")
    centered = rows - rows.mean(axis=0)
    cosines = {True: [], False: []}
    for i in range(120):
        for j in range(i):
            cosine = centered[i] @ centered[j] / np.linalg.norm(centered[i]) / np.linalg.norm(centered[j])
            cosines[bool(labels[i] == labels[j])].append(cosine)
    assert coset_contrast(rows, labels) == pytest.approx(np.mean(cosines[True]) - np.mean(cosines[False]))


@pytest.mark.parametrize(("number", "side"), CASES)
def test_the_cosets_that_rows_were_made_of_are_found(number, side):
    labels = cosets(conjugate_subgroups()[number], side)
    rows = (noise(12, 64)[labels] + noise(120, 64, seed=1)).astype(np.float32)
    fit = best_coset(rows)
    assert (fit.subgroup, fit.side) == (number, side)
    assert np.array_equal(fit.labels, labels)
    assert fit.contrast == pytest.approx(coset_contrast(rows, labels))
    assert fit.contrast > 10 * random_contrast(rows, count=50)


def test_random_rows_are_not_above_chance():
    for seed in range(8):
        rows = noise(120, 32, seed=seed)
        assert best_coset(rows).contrast < random_contrast(rows)


def test_chance_is_the_maximum_of_twelve_tries():
    rows = noise(120, 32)
    unit = (rows - rows.mean(axis=0)) / np.linalg.norm(rows - rows.mean(axis=0), axis=1, keepdims=True)
    cosines = unit @ unit.T - np.eye(120)
    generator = np.random.default_rng(1)
    together = [np.equal.outer(labels, labels) for labels in generator.permuted([np.arange(120) // 10] * 1200, axis=1)]
    tries = [cosines[same].sum() / (120 * 9) - cosines[~same].mean() for same in together]
    maxima = np.reshape(tries, (100, 12)).max(axis=1)
    assert random_contrast(rows, quantile=0.5) == pytest.approx(np.median(maxima), rel=0.15)
    assert random_contrast(rows, quantile=0.5) > np.quantile(tries, 0.9)
    assert random_contrast(rows, seed=3) == random_contrast(rows, seed=3) != random_contrast(rows, seed=4)


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        (lambda: coset_contrast(noise(120, 3), np.zeros(120, int)), ("`labels`", "1 different")),
        (lambda: coset_contrast(noise(120, 3), np.arange(120)), ("`labels`", "120 different")),
        (lambda: coset_contrast(np.ones((120, 3)), np.arange(120) // 60), ("`rows`", "same")),
        (lambda: best_coset(np.where(np.eye(120), np.nan, 1.0)), ("`rows`", "finite", "120 of 120")),
        (lambda: random_contrast(noise(120, 3), quantile=99), ("`quantile`", "99")),
        (lambda: random_contrast(noise(120, 3), count=0), ("`count`", "0")),
    ],
)
def test_refusals(measure, words):
    with pytest.raises(InvalidSetting) as error:
        measure()
    assert "\n" not in str(error.value)
    assert all(word in str(error.value) for word in words)
