"""How many training examples a table takes: the critical numbers that were measured here (docs/why.md)."""

import math
from typing import NamedTuple

from groklab.algebra.explanation import FORMULA, GROUP, ISOTOPE, ZERO
from groklab.diagnosis.facts import Facts
from groklab.rules import Rule
from groklab.tasks import BinaryTable

# Examples over n ln n with n symbols, for perceptrons at λ = 1 and 12,000 steps: at the first number no seed
# generalized, at the last all did, for x + y modulo 13 to 47, x − y, x / y, x² + y² and the products of S4 alike.
# Of formulas that mix x and y none did at 9.8, which is 80 % of a table modulo 47; what they take is not known but for
# the transformers of Power et al. 2022, which do with most of a table modulo 97, 21 n ln n.
SEPARATE, MIXED = (3.7, 4.4, 5.1), (9.8, 15.0, 21.0)


class Needed(NamedTuple):
    """Numbers of examples, and of what."""

    least: float
    middle: float
    most: float
    of: str


def critical_examples(facts: Facts) -> Needed | None:
    """Return how many examples networks here needed for tables of this size and kind; None where none was measured."""
    if not isinstance(facts.plan.task, BinaryTable) or facts.rule is None:
        return None
    n = len(facts.rule.table.symbols)
    kind, words = _kind(facts.rule)
    each = n * math.log(n)
    least, middle, most = (round(factor * each) for factor in kind)
    return Needed(least, middle, most, f"for {words} with {n} symbols")


def _kind(rule: Rule) -> tuple[tuple[float, float, float], str]:
    if rule.kind in (GROUP, ISOTOPE, ZERO):
        return SEPARATE, "groups"
    if rule.kind == FORMULA and not any(sign in rule.formula for sign in ("x y", "x² y", "x y²", "if")):
        return SEPARATE, "sums of a function of x and one of y"
    return MIXED, "formulas that mix x and y"
