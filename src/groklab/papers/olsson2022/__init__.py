"""Olsson et al. 2022, "In-context Learning and Induction Heads"."""

FIGURES = ("depth", "heads", "smeared_keys")
