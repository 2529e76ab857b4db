"""What the rows of the output layer look like, in numbers: Power et al. 2022, figure 3.

The figure places the rows, one an answer token, in the plane by t-SNE: the elements of S5 fall into cosets of a
subgroup, and the numbers modulo p lie on a ring. Here are the measures of both, and the embedding.
"""

from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Complex, Float, Int

from groklab.errors import InvalidSetting
from groklab.tasks.group import group_table

Side = Literal["left", "right"]
SIDES: tuple[Side, ...] = ("left", "right")
GENERATORS = ("34201", "02143")  # (0,3)(1,4) and (1,2)(3,4), as tuples of images

_ELEMENTS = 120
_BLOCKS = 12
_BLOCK = 10
_CANDIDATES = 12  # 6 subgroups × 2 sides
_RANK = 1e-9  # singular values below this share of the largest are rounding


class CosetFit(NamedTuple):
    """The partition of S5 into cosets that fits rows best.

    `subgroup` is the place in `conjugate_subgroups()`, `contrast` that of `coset_contrast`.
    """

    labels: Int[np.ndarray, "120"]
    side: Side
    subgroup: int
    contrast: float


def conjugate_subgroups() -> list[Int[np.ndarray, "10"]]:
    """Return the six conjugates in S5 of D = ⟨(0,3)(1,4), (1,2)(3,4)⟩, which is dihedral of order 10.

    Each is a sorted array of indices into the elements of `group_table("S5")`. The first is D itself.
    """
    symbols, product = group_table("S5")
    subgroup = _generate([symbols.index(images) for images in GENERATORS], product)
    inverse = np.argmax(product == 0, axis=1)
    conjugates = np.sort(product[product[inverse[:, None], subgroup], np.arange(_ELEMENTS)[:, None]], axis=1)
    # The first conjugating element is the neutral one, hence D comes first.
    return [np.array(each) for each in dict.fromkeys(map(tuple, conjugates.tolist()))]


def cosets(subgroup: Int[np.ndarray, "size"], side: Side) -> Int[np.ndarray, "120"]:
    """Return the number of the coset of each element of S5, counted from 0 by the cosets' first elements.

    The left coset of x is {xh}, the right one {hx}, where xy means x first, then y, as in the task. Where products of
    permutations are read from right to left, left and right change places.
    """
    product = group_table("S5").product
    members = product[:, subgroup] if side == "left" else product[subgroup].T
    return np.unique(members.min(axis=1), return_inverse=True)[1]


def coset_contrast(rows: Float[np.ndarray, "120 width"], labels: Int[np.ndarray, "120"]) -> float:
    """Return how much more alike rows are within cosets than between them: a number of −2 to 2, near 0 by chance.

    It is the mean cosine of the pairs of distinct rows in one coset less that of the pairs in two, all rows less their
    mean. A row equal to the mean has the cosine 0 with every other. Raises `InvalidSetting` for rows of another count,
    and for labels without pairs of both kinds.
    """
    if not 1 < len(np.unique(labels)) < _ELEMENTS:
        raise InvalidSetting(
            f"`labels` must put some but not all elements together, got {len(np.unique(labels))} different labels."
        )
    return _contrast(_cosines(rows), labels)


def best_coset(rows: Float[np.ndarray, "120 width"]) -> CosetFit:
    """Return the partition of highest contrast among the left and right cosets of the six subgroups."""
    cosines = _cosines(rows)
    fits = []
    for number, subgroup in enumerate(conjugate_subgroups()):
        for side in SIDES:
            labels = cosets(subgroup, side)
            fits.append(CosetFit(labels, side, number, _contrast(cosines, labels)))
    return max(fits, key=lambda fit: fit.contrast)


def random_contrast(
    rows: Float[np.ndarray, "120 width"], *, count: int = 1000, quantile: float = 0.99, seed: int = 0
) -> float:
    """Return the contrast that the best of 12 random partitions exceeds with probability 1 − `quantile` only.

    `best_coset` takes the best of 12 partitions, so chance must have as many tries: this is a quantile of the *maximum*
    over 12 random partitions into 12 blocks of 10, drawn `count` times. That of single partitions would be too low.
    Raises `InvalidSetting` unless `count` ≥ 1 and 0 ≤ `quantile` ≤ 1.
    """
    if count < 1 or not 0 <= quantile <= 1:
        raise InvalidSetting(
            f"`count` must be at least 1 and `quantile` from 0 to 1, got {count} and {quantile:g}. Is it a percentage?"
        )
    cosines, generator = _cosines(rows), np.random.default_rng(seed)
    tries = [_random_contrasts(cosines, count, generator) for _ in range(_CANDIDATES)]
    return float(np.quantile(np.max(tries, axis=0), quantile))


def fourier_concentration(rows: Float[np.ndarray, "p width"], pairs: int) -> float:
    """Return the share (0 to 1) of the rows' power over tokens that lies in the `pairs` strongest frequencies.

    With F_k = Σ_n rows_n exp(−2πikn/p), the power of the pair k, p − k is |F_k|² + |F_{p−k}|², summed over the width;
    for even p, p/2 is alone. The constant, k = 0, is left out. Rows of noise have nearly the same power in each of the
    (p − 1)/2 pairs. Raises `InvalidSetting` unless `pairs` ≥ 1, and for rows that are all the same.
    """
    if pairs < 1:
        raise InvalidSetting(f"`pairs` must be at least 1, got {pairs}.")
    power = np.sort(_pair_power(rows))[::-1]
    return float(power[:pairs].sum() / power.sum())


def ring_step(rows: Float[np.ndarray, "p width"]) -> int:
    """Return the strongest frequency k, from 1 to p/2: the next token along the ring is 1/k further, modulo p."""
    return int(np.argmax(_pair_power(rows))) + 1


def ring_order(rows: Float[np.ndarray, "p width"]) -> float:
    """Return how well the tokens lie in order on a ring: 1 if at equal angles, near 0 if at random ones.

    The rows less their mean are projected on the plane of the real and imaginary parts of F_k, k = `ring_step(rows)`.
    With the angle φ_n of token n in coordinates along the two, where a stretched ring is a circle, the order is
    |mean_n exp(i(φ_n − 2πkn/p))|, for the better of both orientations.

    The plane is chosen by the same rows, so rows of noise score high too: about 0.3 at p = 97 and width 8, but 0.8 at
    width 128. Compare with shuffled rows, and with `fourier_concentration`.
    """
    turn = 2j * np.pi * ring_step(rows) * np.arange(len(rows)) / len(rows)
    x, y = plane(rows).T
    return max(_alignment(x + 1j * y, turn), _alignment(x - 1j * y, turn))


def plane(rows: Float[np.ndarray, "p width"]) -> Float[np.ndarray, "p 2"]:
    """Return the tokens' coordinates in the plane of the strongest frequency, where a stretched ring is a circle."""
    centered = _centered(rows)
    coefficient = np.exp(-2j * np.pi * ring_step(rows) * np.arange(len(rows)) / len(rows)) @ centered
    axes = np.stack([np.real(coefficient), np.imag(coefficient)], axis=1)
    return np.linalg.lstsq(axes, centered.T, rcond=_RANK)[0].T


def embed(
    rows: Float[np.ndarray, "tokens width"], *, seed: int = 0, perplexity: float = 30.0
) -> Float[np.ndarray, "tokens 2"]:
    """Place rows in the plane by t-SNE, started from their principal components.

    A perplexity above (tokens − 1)/3 is taken as that.
    """
    from sklearn.manifold import TSNE  # takes a second to import
    from threadpoolctl import threadpool_limits

    at_most = (len(rows) - 1) / 3
    chart = TSNE(init="pca", learning_rate="auto", random_state=seed, perplexity=min(perplexity, at_most))
    # So few points are placed in a second by one thread; several wait for each other, ten times as long on busy cores.
    with threadpool_limits(1):
        return chart.fit_transform(rows)


def _generate(generators: list[int], product: Int[np.ndarray, "order order"]) -> Int[np.ndarray, "size"]:
    members, size = np.array(generators), 0
    while size < len(members):
        size = len(members)
        members = np.union1d(members, product[np.ix_(members, members)])
    return members


def _centered(rows: Float[np.ndarray, "tokens width"]) -> Float[np.ndarray, "tokens width"]:
    if infinite := np.count_nonzero(~np.isfinite(rows).all(axis=1)):
        raise InvalidSetting(f"`rows` must be finite, got {infinite} of {len(rows)} that are not. Did the run diverge?")
    return rows.astype(np.float64) - rows.mean(axis=0, dtype=np.float64)


def _cosines(rows: Float[np.ndarray, "tokens width"]) -> Float[np.ndarray, "120 120"]:
    """Return the cosines of pairs of centered rows, with 0 on the diagonal: a row is no pair."""
    if len(rows) != _ELEMENTS:
        raise InvalidSetting(f"`rows` must be one for each of the {_ELEMENTS} elements of S5, got {len(rows)}.")
    centered = _centered(rows)
    norms = np.linalg.norm(centered, axis=1, keepdims=True)
    unit = np.divide(centered, norms, out=np.zeros_like(centered), where=norms > 0)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, 0)
    return cosines


def _contrast(cosines: Float[np.ndarray, "120 120"], labels: Int[np.ndarray, "120"]) -> float:
    is_within = labels[:, None] == labels
    pairs = np.count_nonzero(is_within) - _ELEMENTS
    within = cosines[is_within].sum()
    return float(within / pairs - (cosines.sum() - within) / np.count_nonzero(~is_within))


def _random_contrasts(
    cosines: Float[np.ndarray, "120 120"], count: int, generator: np.random.Generator
) -> Float[np.ndarray, "{count}"]:
    shuffled = generator.permuted(np.tile(np.arange(_ELEMENTS), (count, 1)), axis=1)
    blocks = shuffled.reshape(count, _BLOCKS, _BLOCK)
    within = cosines[blocks[..., :, None], blocks[..., None, :]].sum(axis=(1, 2, 3))
    pairs = _ELEMENTS * (_BLOCK - 1)
    return within / pairs - (cosines.sum() - within) / (_ELEMENTS * (_ELEMENTS - _BLOCK))


def _pair_power(rows: Float[np.ndarray, "p width"]) -> Float[np.ndarray, "frequencies"]:
    """Return the power of frequencies 1 to p/2, each with its mirror image p − k."""
    p = len(rows)
    if (rows == rows[0]).all():
        raise InvalidSetting(f"`rows` must differ, got {p} that are the same. Has the model been trained?")
    power = (np.abs(np.fft.rfft(_centered(rows), axis=0)[1:]) ** 2).sum(axis=1)
    power[np.arange(1, p // 2 + 1) * 2 < p] *= 2
    return power


def _alignment(points: Complex[np.ndarray, "p"], turn: Complex[np.ndarray, "p"]) -> float:
    return float(abs(np.mean(np.exp(1j * np.angle(points) - turn))))
