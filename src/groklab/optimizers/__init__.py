"""How it learns. A new rule, filter or constraint is one file here and its name in a list."""

from groklab.optimizers.adaptive import Adagrad, RMSProp
from groklab.optimizers.base import Adam, Momentum, Optimizer, Rule, adam, adamw, sgd
from groklab.optimizers.constraints import Constraint, Free, Sphere
from groklab.optimizers.filters import Clipped, Filter, Unfiltered
from groklab.optimizers.frozen import Frozen
from groklab.optimizers.orthogonal import Orthogonal
from groklab.optimizers.zero_sum import ZeroSum

RULES = (Adam, Momentum, RMSProp, Adagrad)
FILTERS = (Unfiltered, Clipped, Orthogonal, ZeroSum)
CONSTRAINTS = (Free, Sphere, Frozen)
KINDS = (Optimizer, *RULES, *FILTERS, *CONSTRAINTS)
PRESETS = {"adam": adam, "adamw": adamw, "sgd": sgd}

__all__ = [
    "CONSTRAINTS",
    "FILTERS",
    "KINDS",
    "PRESETS",
    "RULES",
    "Adagrad",
    "Adam",
    "Clipped",
    "Constraint",
    "Filter",
    "Free",
    "Frozen",
    "Momentum",
    "Optimizer",
    "Orthogonal",
    "RMSProp",
    "Rule",
    "Sphere",
    "Unfiltered",
    "ZeroSum",
    "adam",
    "adamw",
    "sgd",
]
