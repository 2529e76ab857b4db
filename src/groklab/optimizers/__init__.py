"""How it learns. A new rule, filter or constraint is one file here and its name in a list."""

from groklab.optimizers.base import Adam, Momentum, Optimizer, Rule, adam, adamw, sgd
from groklab.optimizers.constraints import Constraint, Free, Sphere
from groklab.optimizers.filters import Clipped, Filter, Unfiltered

RULES = (Adam, Momentum)
FILTERS = (Unfiltered, Clipped)
CONSTRAINTS = (Free, Sphere)
KINDS = (Optimizer, *RULES, *FILTERS, *CONSTRAINTS)
PRESETS = {"adam": adam, "adamw": adamw, "sgd": sgd}

__all__ = [
    "CONSTRAINTS",
    "FILTERS",
    "KINDS",
    "PRESETS",
    "RULES",
    "Adam",
    "Clipped",
    "Constraint",
    "Filter",
    "Free",
    "Momentum",
    "Optimizer",
    "Rule",
    "Sphere",
    "Unfiltered",
    "adam",
    "adamw",
    "sgd",
]
