"""Figures from stored runs. Nothing here imports JAX."""

from groklab.plots.picture import draw

__all__ = ["draw"]
