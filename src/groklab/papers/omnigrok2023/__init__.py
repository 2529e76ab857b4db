"""Liu et al. 2023, "Omnigrok: Grokking Beyond Algorithmic Data"."""

FIGURES = ("teacher_student", "teacher_landscape", "digits", "mnist")
