"""Kumar et al. 2024, "Grokking as the Transition from Lazy to Rich Training Dynamics"."""

FIGURES = ("delays", "decomposition", "eigenvectors")
