import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.papers.power2022.structure import (
    best_coset,
    conjugate_subgroups,
    coset_contrast,
    cosets,
    embed,
    fourier_concentration,
    random_contrast,
    ring_order,
    ring_step,
)
from groklab.tasks.group import group_table

SYMBOLS, PRODUCT = group_table("S5")
CASES = [(number, side) for number in range(6) for side in ("left", "right")]


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def waves(p, frequencies, width=16):
    """Return rows that are sums of pure waves over the tokens, each with directions and a phase of its own."""
    angles = 2 * np.pi * np.outer(np.arange(p), frequencies) / p
    return np.cos(angles) @ noise(len(frequencies), width) + np.sin(angles) @ noise(len(frequencies), width, seed=1)


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
    assert coset_contrast(np.ones((120, 3)), halves) == 0


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


@pytest.mark.parametrize("p", [97, 96])
def test_pure_waves_are_as_many_pairs_as_there_are_waves(p):
    rows = waves(p, [5, 12, 41]) + 7
    assert fourier_concentration(rows, 3) == pytest.approx(1)
    assert fourier_concentration(rows, 2) < 0.999
    assert fourier_concentration(waves(p, [9]), 1) == pytest.approx(1)


def test_the_power_of_a_pair_by_hand():
    # Over 4 tokens, cos(2πn/4) has |F_1|² + |F_3|² = 4 + 4 and (−1)ⁿ/2 alone |F_2|² = 4.
    rows = np.array([1.0, 0, -1, 0]) + np.array([1.0, -1, 1, -1]) / 2
    assert fourier_concentration(rows[:, None], 1) == pytest.approx(8 / 12)
    assert ring_step(rows[:, None]) == 1


def test_noise_has_no_frequency_of_its_own():
    assert fourier_concentration(noise(97, 128), 5) < 0.2
    assert fourier_concentration(noise(97, 128), 48) == pytest.approx(1)


@pytest.mark.parametrize("frequency", [1, 12, 48])
def test_a_pure_wave_is_a_ring(frequency):
    for rows in (waves(97, [frequency]), waves(97, [frequency])[:, ::-1] + 3):
        assert ring_step(rows) == frequency
        assert ring_order(rows) == pytest.approx(1)


def test_a_noisy_ring_is_nearly_one_and_noise_is_none():
    assert ring_order(waves(97, [12]) + 0.3 * noise(97, 16, seed=2)) > 0.95
    assert ring_order(noise(97, 2)) < 0.4


def test_a_line_is_no_ring():
    # The mean of |cos φ| over the circle.
    assert ring_order(np.cos(2 * np.pi * np.arange(97) * 5 / 97)[:, None]) == pytest.approx(2 / np.pi, abs=1e-3)


def test_an_embedding_keeps_clusters_apart_and_is_the_same_again():
    labels = np.arange(40) // 10
    rows = 10 * noise(4, 8)[labels] + noise(40, 8, seed=1)
    points = embed(rows, seed=1)
    assert points.shape == (40, 2)
    assert np.array_equal(points, embed(rows, seed=1))
    distances = np.linalg.norm(points[:, None] - points, axis=-1) + np.where(np.eye(40), np.inf, 0)
    assert np.array_equal(labels[distances.argmin(axis=1)], labels)
    assert embed(rows, perplexity=5.0).shape == (40, 2)


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        (lambda: coset_contrast(noise(120, 3), np.zeros(120, int)), ("`labels`", "1 different")),
        (lambda: coset_contrast(noise(120, 3), np.arange(120)), ("`labels`", "120 different")),
        (lambda: best_coset(np.where(np.eye(120), np.nan, 1.0)), ("`rows`", "finite", "120 of 120")),
        (lambda: random_contrast(noise(120, 3), quantile=99), ("`quantile`", "99")),
        (lambda: random_contrast(noise(120, 3), count=0), ("`count`", "0")),
        (lambda: fourier_concentration(noise(7, 3), 0), ("`pairs`", "0")),
        (lambda: ring_step(np.full((97, 3), 0.1)), ("`rows`", "97", "same")),
    ],
)
def test_refusals(measure, words):
    with pytest.raises(InvalidSetting) as error:
        measure()
    assert "\n" not in str(error.value)
    assert all(word in str(error.value) for word in words)
