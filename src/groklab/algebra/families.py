"""Finite groups by construction, each a table with the neutral element first."""

import itertools
import math
from collections.abc import Sequence

import numpy as np
from jaxtyping import Int

Table = Int[np.ndarray, "_ _"]  # square; of several in one call each has its order


def cyclic(n: int) -> Table:
    """Return the sums modulo n."""
    return np.add.outer(np.arange(n), np.arange(n)) % n


def direct(*factors: Table) -> Table:
    """Return the direct product; the last factor turns fastest, as in `itertools.product`."""
    product = np.zeros((1, 1), int)
    for factor in factors:
        blocks = product[:, None, :, None] * len(factor) + factor[None, :, None, :]
        product = blocks.reshape(len(product) * len(factor), -1)
    return product


def abelian(*orders: int) -> Table:
    """Return the direct product of cyclic groups."""
    return direct(*map(cyclic, orders))


def metacyclic(m: int, k: int, turn: int, carry: int = 0) -> Table:
    """Return the words aⁱ bʲ with aᵐ = 1, bᵏ = a^carry and b a b⁻¹ = a^turn; aⁱ bʲ stands at i + m j.

    It needs turnᵏ = 1 and carry · (turn − 1) = 0 modulo m.
    """
    i, j = np.tile(np.arange(m), k), np.repeat(np.arange(k), m)
    turns = np.array([pow(turn, int(power), m) for power in range(k)])[j]
    wraps = (j[:, None] + j[None]) // k
    return (i[:, None] + turns[:, None] * i[None] + carry * wraps) % m + m * ((j[:, None] + j[None]) % k)


def dihedral(n: int) -> Table:
    """Return the 2 n symmetries of a polygon with n corners, turns first."""
    return metacyclic(n, 2, -1)


def dicyclic(n: int) -> Table:
    """Return the dicyclic group of order 4 n: a²ⁿ = 1, x² = aⁿ, x a x⁻¹ = a⁻¹; for n = 2ᵏ a quaternion group."""
    return metacyclic(2 * n, 2, -1, n)


def images_of(n: int, *, is_even: bool = False) -> Int[np.ndarray, "order n"]:
    """Return all permutations of n points, or the even ones, as rows of images in lexicographic order."""
    rows = np.array(list(itertools.permutations(range(n)))).reshape(-1, n)
    swaps = sum(rows[:, [i]] > rows[:, [j]] for i, j in itertools.combinations(range(n), 2))
    return rows[np.asarray(swaps).reshape(-1) % 2 == 0] if is_even and n > 1 else rows


def permutations(n: int, *, is_even: bool = False) -> Table:
    """Return the symmetric or alternating group on n points; x y means x first, then y."""
    images = images_of(n, is_even=is_even)
    composed = images[:, images].transpose(1, 0, 2)  # [a, b, i] is b[a[i]]
    weights = n ** np.arange(n)[::-1]
    # Lexicographic order is the order of the numbers in base n, so that a search finds the index.
    return np.searchsorted(images @ weights, composed @ weights)


def semidirect(normal: Table, acting: Table, images: Int[np.ndarray, "acting normal"]) -> Table:
    """Return the pairs (n, h) with (n, h) (n′, h′) = (n · images[h, n′], h h′); (n, h) stands at n + |N| h."""
    size = len(normal)
    n, h = np.tile(np.arange(size), len(acting)), np.repeat(np.arange(len(acting)), size)
    return normal[n[:, None], images[h[:, None], n[None]]] + size * acting[h[:, None], h[None]]


def turned_by(normal: Table, order: int, automorphism: Int[np.ndarray, "normal"]) -> Table:
    """Return the semidirect product with a cyclic group whose generator acts by an automorphism."""
    images = [np.arange(len(normal))]
    for _ in range(order - 1):
        images.append(automorphism[images[-1]])
    return semidirect(normal, cyclic(order), np.array(images))


def wreath(base: Table, degree: int) -> Table:
    """Return `degree` copies of a group, and a cyclic group that turns them around."""
    size = len(base)
    digits = np.stack(np.unravel_index(np.arange(size**degree), (size,) * degree))
    shifted = np.asarray(np.ravel_multi_index(tuple(np.roll(digits, 1, axis=0)), (size,) * degree))
    return turned_by(direct(*[base] * degree), degree, shifted)


def generalized_dihedral(*orders: int) -> Table:
    """Return an abelian group with one more generator that inverts every element."""
    normal = abelian(*orders)
    return turned_by(normal, 2, np.nonzero(normal == 0)[1])  # row by row: the inverses


def central_product(first: Table, a: int, second: Table, b: int) -> tuple[Table, Int[np.ndarray, "order"]]:
    """Return the direct product with the central elements a and b, of order 2 each, made one, and which pairs stay."""
    product, pair = direct(first, second), a * len(second) + b
    smaller = np.minimum(np.arange(len(product)), product[pair])  # of each pair of elements that become one
    kept, number = np.unique(smaller, return_inverse=True)
    return number[product[np.ix_(kept, kept)]], kept


def matrices(generators: Sequence[np.ndarray], modulus: int) -> Table:
    """Return the group that square matrices generate modulo a number."""
    elements = matrices_of(generators, modulus)
    number = {element.tobytes(): at for at, element in enumerate(elements)}
    return np.array([[number[(a @ b % modulus).tobytes()] for b in elements] for a in elements])


def matrices_of(generators: Sequence[np.ndarray], modulus: int) -> list[np.ndarray]:
    """Return all products of square matrices modulo a number, that of none first."""
    elements = [np.eye(len(generators[0]), dtype=int)]
    known = {elements[0].tobytes()}
    for element in elements:  # it grows on the way
        for generator in generators:
            product = element @ generator % modulus
            if product.tobytes() not in known:
                known.add(product.tobytes())
                elements.append(product)
    return elements


def special_linear() -> list[np.ndarray]:
    """Return matrices that generate all 2 × 2 matrices of determinant 1 modulo a prime."""
    return [np.array([[1, 1], [0, 1]]), np.array([[1, 0], [1, 1]])]


def general_linear(q: int) -> list[np.ndarray]:
    """Return matrices that generate all invertible 2 × 2 matrices modulo a prime."""
    return [*special_linear(), np.array([[primitive_root(q), 0], [0, 1]])]


def heisenberg() -> list[np.ndarray]:
    """Return matrices that generate the upper triangular 3 × 3 matrices with ones on the diagonal."""
    return [np.array([[1, 1, 0], [0, 1, 0], [0, 0, 1]]), np.array([[1, 0, 0], [0, 1, 1], [0, 0, 1]])]


def binary_octahedral() -> list[np.ndarray]:
    """Return matrices modulo 7 that generate the double cover of the turns of a cube."""
    # quaternions modulo 7, where 3² = 2 and 2² + 3² = -1
    one, i, j = np.eye(2, dtype=int), np.array([[0, 1], [6, 0]]), np.array([[2, 3], [3, 5]])
    return [5 * (one + i) % 7, 4 * (one + i + j + i @ j) % 7]


def primitive_root(p: int) -> int:
    """Return the least generator of the units modulo a prime."""
    return next(g for g in range(1, p + 1) if len({pow(g, k, p) for k in range(p - 1)}) == p - 1)


def units(n: int) -> list[int]:
    """Return the residues modulo n that have an inverse."""
    return [u for u in range(1, max(n, 2)) if math.gcd(u, n) == 1]
