"""Which rule a table obeys: one from a file, one that a network has filled, or two that make a ring."""

from groklab.rules.circle import Circle
from groklab.rules.rings import Ring
from groklab.rules.rule import Cell, Network, Rule
from groklab.rules.sources import ring, rule

__all__ = ["Cell", "Circle", "Network", "Ring", "Rule", "ring", "rule"]
