"""Figures from stored runs. Nothing here imports JAX."""

from groklab.plots.picture import draw
from groklab.plots.sweep import draw_sweep

__all__ = ["draw", "draw_sweep"]
