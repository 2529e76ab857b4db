"""Millidge 2022, "Grokking 'grokking'": diffusion on the set of solutions."""

FIGURES = ("dose", "motion", "width")
