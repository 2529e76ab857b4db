"""How it learns. A new rule is one file here and its name in `KINDS`."""

from groklab.optimizers.base import Adam, Momentum, Optimizer, Rule, adam, adamw, sgd

KINDS = (Optimizer, Adam, Momentum)
PRESETS = {"adam": adam, "adamw": adamw, "sgd": sgd}

__all__ = ["KINDS", "PRESETS", "Adam", "Momentum", "Optimizer", "Rule", "adam", "adamw", "sgd"]
