"""Liu et al. 2023, "Omnigrok: Grokking Beyond Algorithmic Data"."""

FIGURES = (
    "teacher_student",
    "teacher_landscape",
    "digits",
    "digits_landscape",
    "digits_phases",
    "digits_times",
    "mnist",
    "mnist_landscape",
    "mnist_phases",
    "mnist_times",
    "stand_in_reviews",
    "imdb",
    "stand_in_molecules",
    "qm9",
    "addition",
    "transformer",
    "transformer_times",
    "transformer_fractions",
    "digits_representation",
    "mnist_representation",
)
