"""What a run may have recorded on its way, made up."""

import numpy as np


def course(steps=5000, memorized=30, generalized=None, *, norm=(58.0, 36.0), loss=1e-6, leap=3.1):
    """Return what a run may have recorded: it memorizes, and generalizes or not, at some steps.

    `norm` is that of the weights at the start and the end, `leap` the loss after the first step.
    """
    step = np.unique(np.r_[0, np.linspace(1, steps, 600).astype(int)])
    fits = np.zeros(len(step)) if memorized is None else (step >= memorized) * 1.0
    told = np.zeros(len(step)) if generalized is None else (step >= generalized) * 1.0
    losses = np.where(fits == 1, loss, 3.1)
    losses[1] = leap
    return {
        "step": step,
        "train_accuracy": fits,
        "train_loss": losses,
        "validation_accuracy": told,
        "validation_loss": np.where(told > 0.5, 0.01, 9.0),
        "weight_norm": np.linspace(*norm, len(step)),
    }


def leaping(columns, times):
    """Return a course in which the training loss leaps some times, and an example is wrong each time."""
    loss, accuracy = columns["train_loss"].copy(), columns["train_accuracy"].copy()
    at = np.linspace(len(loss) // 2, len(loss) - 5, times).astype(int)
    loss[at], accuracy[at] = 2.0, 0.9
    return columns | {"train_loss": loss, "train_accuracy": accuracy}
