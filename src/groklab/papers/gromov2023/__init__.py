"""Gromov 2023, "Grokking modular arithmetic"."""

FIGURES = ("construction", "training", "impossible")
