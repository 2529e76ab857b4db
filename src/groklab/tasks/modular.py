"""Arithmetic modulo p: the formulas of Power et al. 2022, appendix A.1.1, and four more of their code."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Int

from groklab.algebra.table import is_prime
from groklab.errors import InvalidSetting
from groklab.settings import setting
from groklab.tasks.cells import MAX_SIDE, Cells, Operation


class Formula(NamedTuple):
    """One operation: how it is written, computed (before reduction modulo p), and its official token, if any."""

    sign: str
    compute: Callable[[np.ndarray, np.ndarray, int], np.ndarray]
    needs_field: bool
    token: str
    summary: str


def inverses(p: int) -> Int[np.ndarray, "p"]:
    """Return the reciprocal of each residue modulo a prime; that of 0 is set to 0 and must not be read."""
    return np.array([0] + [pow(y, -1, p) for y in range(1, p)])


OPERATIONS = {
    "addition": Formula("+", lambda x, y, p: x + y, False, "+", "x + y"),
    "subtraction": Formula("-", lambda x, y, p: x - y, False, "-", "x - y"),
    "multiplication": Formula("*", lambda x, y, p: x * y, False, "*", "x y"),
    "division": Formula("/", lambda x, y, p: x * inverses(p)[y], True, "/", "x / y for y other than 0"),
    "mixed": Formula(
        "/-",
        lambda x, y, p: np.where(y % 2 == 1, x * inverses(p)[y], x - y),
        True,
        "(x._value//y)if(y._value%2==1)else(x-y)_mod_97",
        "x / y if y is odd, else x - y",
    ),
    "sum_of_squares": Formula("x^2+y^2", lambda x, y, p: x**2 + y**2, False, "x**2+y**2_mod_97", "x^2 + y^2"),
    "quadratic_form": Formula(
        "x^2+xy+y^2", lambda x, y, p: x**2 + x * y + y**2, False, "x**2+y**2+x*y_mod_97", "x^2 + x y + y^2"
    ),
    "quadratic_form_plus_x": Formula(
        "x^2+xy+y^2+x",
        lambda x, y, p: x**2 + x * y + y**2 + x,
        False,
        "x**2+y**2+x*y+x_mod_97",
        "x^2 + x y + y^2 + x",
    ),
    "cubic_xy": Formula("x^3+xy", lambda x, y, p: x**3 + x * y, False, "x**3+x*y_mod_97", "x^3 + x y"),
    "cubic_xy2": Formula(
        "x^3+xy^2+y", lambda x, y, p: x**3 + x * y**2 + y, False, "x**3+x*y**2+y_mod_97", "x^3 + x y^2 + y"
    ),
    "even_add_odd_multiply": Formula(
        "+*", lambda x, y, p: np.where(x % 2 == 0, x + y, x * y), False, "+*", "x + y if x is even, else x y"
    ),
    "even_add_odd_subtract": Formula(
        "+-", lambda x, y, p: np.where(x % 2 == 0, x + y, x - y), False, "+-", "x + y if x is even, else x - y"
    ),
    "square_plus": Formula("^2+", lambda x, y, p: x**2 + y, False, "**2+", "x^2 + y"),
    "random": Formula(
        "~",
        lambda x, y, p: np.random.default_rng(p).integers(p, size=np.broadcast_shapes(x.shape, y.shape)),
        False,
        "",
        "a fixed random table, which has no rule",
    ),
    "cube_plus": Formula("^3+", lambda x, y, p: x**3 + y, False, "**3+", "x^3 + y"),
}


class Modular(Operation):
    """An operation on the residues modulo p, each written as a number from 0 to p - 1."""

    operation: str = setting("division", "which formula fills the table", choices=tuple(OPERATIONS))
    p: int = setting(97, "modulus", at_least=2, at_most=MAX_SIDE)

    def validate(self) -> None:
        if OPERATIONS[self.operation].needs_field and not is_prime(self.p):
            raise InvalidSetting(
                f"`p` must be prime for {self.operation}, got {self.p}, whose residues are not a field."
                f" Try {' or '.join(map(str, _primes_near(self.p)))}."
            )

    @property
    def name(self) -> str:
        return self.operation

    def cells(self) -> Cells:
        """Return the operation for every pair, x down and y across; division has no column for 0."""
        formula = OPERATIONS[self.operation]
        x = np.arange(self.p)
        y = x[1:] if self.operation == "division" else x
        values = formula.compute(x[:, None], y[None, :], self.p) % self.p
        symbols = tuple(map(str, x))
        return Cells(symbols, tuple(map(str, y)), symbols, values, formula.sign)


def _primes_near(p: int) -> list[int]:
    below = next(q for q in range(p, 1, -1) if is_prime(q))
    above = [q for q in range(p, MAX_SIDE + 1) if is_prime(q)]
    return [below, *above[:1]]
