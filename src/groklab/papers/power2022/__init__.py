"""Power et al. 2022, "Grokking: Generalization Beyond Overfitting on Small Algorithmic Datasets"."""

FIGURES = ("fig1_left", "fig1_center", "fig2_left", "fig2_right", "fig3_left", "fig3_right", "outliers", "sharpness")
