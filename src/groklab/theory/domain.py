"""Where a formula holds: numbers outside are refused with the rule in the sentence."""

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from groklab.errors import InvalidSetting

Values = Float[np.ndarray, "..."]


def above(name: str, values: ArrayLike, bound: float, why: str = "") -> None:
    """Raise `InvalidSetting` unless all values are above a bound and finite."""
    _require(name, values, np.greater(values, bound), f"above {bound:g}", why)


def below(name: str, values: ArrayLike, bound: float, why: str = "") -> None:
    """Raise `InvalidSetting` unless all values are below a bound and finite."""
    _require(name, values, np.less(values, bound), f"below {bound:g}", why)


def at_least(name: str, values: ArrayLike, bound: float, why: str = "") -> None:
    """Raise `InvalidSetting` unless all values are a bound or more and finite."""
    _require(name, values, np.greater_equal(values, bound), f"at least {bound:g}", why)


def at_most(name: str, values: ArrayLike, bound: float, why: str = "") -> None:
    """Raise `InvalidSetting` unless all values are a bound or less and finite."""
    _require(name, values, np.less_equal(values, bound), f"at most {bound:g}", why)


def _require(name: str, values: ArrayLike, holds: ArrayLike, rule: str, why: str) -> None:
    wrong = np.asarray(values, float)[~(np.asarray(holds) & np.isfinite(values))]
    if wrong.size:
        reason = f", {why}" if why else ""
        raise InvalidSetting(f"`{name}` must be {rule}{reason}, got {wrong.flat[0]:g}.")
