"""How many training examples a table takes: the critical numbers that were measured here (docs/why.md)."""

import math
import re
from typing import NamedTuple

from groklab.algebra.explanation import FORMULA, GROUP, ISOTOPE, ZERO
from groklab.diagnosis.facts import Facts
from groklab.rules import Rule

# Examples over n ln n with n symbols, for perceptrons at λ = 1 and 12,000 steps: at the first number no seed
# generalized, at the last all did, for x + y modulo 13 to 47, x − y, x / y, x² + y² and the products of S4 alike.
LEAST, MIDDLE, MOST = 3.7, 4.4, 5.1


class Needed(NamedTuple):
    """Numbers of examples. Of tables that are of no kind that was measured only the least is known: with less, none
    that was measured generalized.
    """

    least: float
    middle: float
    most: float
    is_known: bool

    def in_words(self) -> str:
        """Say how many."""
        if self.is_known:
            return f"networks here needed {self.middle:,.0f} ({self.least:,.0f} to {self.most:,.0f}) for such a table"
        return f"no table of as many symbols was learnt here from less than {self.least:,.0f}"


def critical_examples(facts: Facts) -> Needed | None:
    """Return how many examples a table takes; None for another task, and for one without a rule."""
    if facts.rule is None or not facts.rule.name:
        return None
    n = len(facts.rule.table.symbols)
    each = n * math.log(n)
    return Needed(round(LEAST * each), round(MIDDLE * each), round(MOST * each), _is_measured(facts.rule))


def _is_measured(rule: Rule) -> bool:
    """Whether a table is that of a group under some labels, or a sum of a function of x and one of y."""
    if rule.kind in (GROUP, ISOTOPE, ZERO):
        return True
    terms = re.split(r" [+-] ", rule.formula.partition(" mod ")[0])
    is_polynomial = rule.kind == FORMULA and " mod " in rule.formula and " if " not in rule.formula
    return is_polynomial and not any("x" in term and "y" in term for term in terms)
