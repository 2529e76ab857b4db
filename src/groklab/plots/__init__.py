"""Figures from stored runs. Nothing here imports JAX."""

from groklab.plots.picture import draw, draw_prediction
from groklab.plots.sweep import draw_sweep

__all__ = ["draw", "draw_prediction", "draw_sweep"]
