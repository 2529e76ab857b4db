"""Levi et al. 2024, "Grokking in Linear Estimators – A Solvable Model that Groks without Understanding"."""

FIGURES = (
    "descent",
    "curves",
    "delays",
    "outputs",
    "weight_decay",
    "phases",
    "initial_norm",
    "label_noise",
    "two_layers",
    "late_times",
    "no_understanding",
)
