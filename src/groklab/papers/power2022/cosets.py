"""Cosets of a subgroup of S5 in the rows of the output layer: Power et al. 2022, figure 3 left.

The figure places the rows, one an element of the group, in the plane by t-SNE, where they fall into cosets of a
subgroup. Here is how much they do.
"""

from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Float, Int

from groklab.errors import InvalidSetting
from groklab.papers.power2022.rows import centered
from groklab.tasks.group import group_table

Side = Literal["left", "right"]
SIDES: tuple[Side, ...] = ("left", "right")
GENERATORS = ("34201", "02143")  # (0,3)(1,4) and (1,2)(3,4), as tuples of images

_ELEMENTS = 120
_BLOCKS = 12
_BLOCK = 10
_CANDIDATES = 12  # 6 subgroups × 2 sides


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


def _generate(generators: list[int], product: Int[np.ndarray, "order order"]) -> Int[np.ndarray, "size"]:
    members, size = np.array(generators), 0
    while size < len(members):
        size = len(members)
        members = np.union1d(members, product[np.ix_(members, members)])
    return members


def _cosines(rows: Float[np.ndarray, "tokens width"]) -> Float[np.ndarray, "120 120"]:
    """Return the cosines of pairs of centered rows, with 0 on the diagonal: a row is no pair."""
    if len(rows) != _ELEMENTS:
        raise InvalidSetting(f"`rows` must be one for each of the {_ELEMENTS} elements of S5, got {len(rows)}.")
    away = centered(rows)
    norms = np.linalg.norm(away, axis=1, keepdims=True)
    unit = np.divide(away, norms, out=np.zeros_like(away), where=norms > 0)
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
