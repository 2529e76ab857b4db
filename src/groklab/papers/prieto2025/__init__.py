"""Prieto et al. 2025, "Grokking at the Edge of Numerical Stability"."""

FIGURES = ("orthogonal", "stablemax", "precision", "intervention")
