"""Polynomials of few terms with small coefficients, modulo any number: all of them are tried."""

import itertools
from collections.abc import Iterator

import numpy as np
from jaxtyping import Bool, Int

from groklab.algebra.polynomials import INVERSES, Polynomial, monomials, powers
from groklab.algebra.table import is_prime

MOST_TERMS = 3
_SMALL = 3
_SEEN = 64  # cells that each is tried on; what is returned must still be tried on all
_FEWEST = 8


def sparse(cells: Int[np.ndarray, "n n"], where: Bool[np.ndarray, "n n"], least: float = 1.0) -> Iterator[Polynomial]:
    """Yield polynomials modulo n, those of fewer terms first, that have a share of the cells `where` right."""
    n = len(cells)
    x, y = np.nonzero(where)
    if len(x) < _FEWEST:
        return
    drawn = np.random.default_rng(0).permutation(len(x))[:_SEEN]
    wanted = cells[x[drawn], y[drawn]]
    exponents = monomials(3, n) + (INVERSES if is_prime(n) else ())
    columns = np.stack([powers(x[drawn], i, n) * powers(y[drawn], j, n) % n for i, j in exponents])
    for count in range(1, MOST_TERMS + 1):
        factors = np.array(list(itertools.product(_coefficients(n), repeat=count)))
        for chosen in itertools.combinations(range(len(exponents)), count):
            share = ((factors @ columns[list(chosen)] - wanted) % n == 0).mean(1)
            for c in factors[share >= least]:
                found = Polynomial(
                    n, tuple((int(each) % n, *exponents[at]) for each, at in zip(c, chosen, strict=True))
                )
                if (found(x, y) == cells[x, y]).mean() >= least:
                    yield found


def _coefficients(n: int) -> list[int]:
    return [c for c in sorted(range(-_SMALL, _SMALL + 1), key=lambda c: (abs(c), c < 0)) if c % n]
