"""Belkin et al. 2019, Nakkiran et al. 2019, Heckel and Yilmaz 2020, Davies et al. 2023: double descent."""

FIGURES = (
    "random_features",
    "polynomials",
    "descents",
    "epochs",
    "noisy_digits",
    "first_bump",
    "steps_and_width",
    "patterns",
)
