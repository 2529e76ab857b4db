"""Thilak et al. 2022, "The Slingshot Mechanism"."""

FIGURES = ("arms", "anatomy", "forks", "grokking", "images")
