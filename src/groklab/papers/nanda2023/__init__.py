"""Nanda et al. 2023, "Progress Measures for Grokking via Mechanistic Interpretability"."""

FIGURES = (
    "phase_change",
    "data_sweep",
    "weight_decay",
    "progress",
    "spectra",
    "algorithm",
    "ablations",
    "controls",
    "digits",
    "repeats",
    "skip_trigrams",
)
